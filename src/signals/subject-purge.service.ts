import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import type { SubjectIdentifier } from '../core/subjects/subject-identifier.js';
import { identityDigest } from '../core/subjects/subject-lookup.js';
import { SEE_ALL_SQL } from '../platform/database/see-all.sql.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { ProvidersService } from '../providers/providers.service.js';
import { SetPurgeService } from '../queue/set-purge.service.js';
import { StreamSubjectsService } from '../streams/stream-subjects.service.js';
import { ERASE_OPT_OUTS_SQL, EXPUNGE_SIGNALS_SQL, SUBJECT_SIGNALS_SQL } from './subject-purge.sql.js';

/** Signals, with their SETs, that one request is about: it holds the lock of its provider for so long. */
export const SIGNALS_AT_ONCE = 200;

export interface PurgeRequest {
  readonly providerId: string;
  /** what the subject was asked for by, hexadecimal: all that the audit log tells of it */
  readonly digest: string;
  /** what it may be named by */
  readonly identifiers: readonly SubjectIdentifier[];
  /** what signals about it are found by (core/subjects/subject-search.ts) */
  readonly hashes: readonly string[];
  /** also what waits; it is dropped with the reason `purged` */
  readonly includePending: boolean;
  /** tells what would happen, and leaves all as it is */
  readonly dryRun: boolean;
  /** the last signal of the request before */
  readonly after: string | undefined;
}

export interface PurgeReport {
  /** signals whose subject, reasons and details were removed */
  readonly signals: number;
  /** their SETs, whose claims about the subject were removed */
  readonly sets: number;
  /** attempts that lost what the receiver said in words */
  readonly attempts: number;
  /** of those SETs, how many waited and were dropped */
  readonly dropped: number;
  /** entries in the lists of streams */
  readonly streamSubjects: number;
  /** of who became a subject by signing in */
  readonly autoSubscriptions: number;
  readonly optOuts: number;
  /** signals that were left as they are, since something of them waits */
  readonly skipped: number;
  /** the last signal that was looked at, when there are more */
  readonly last: string | undefined;
}

interface FoundSignal {
  readonly id: string;
  readonly isFannedOut: boolean;
  readonly jtis: readonly string[];
}

/** Carries the report out of a transaction that is to leave nothing behind. */
class Undone extends Error {
  constructor(readonly report: PurgeReport) {
    super('a dry run');
  }
}

/** Removes what is stored of a subject. Rows of the history stay: that something was sent, when, and what came of it. */
@Injectable()
export class SubjectPurgeService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly sets: SetPurgeService,
    private readonly subjects: StreamSubjectsService,
  ) {}

  /** One step, in one transaction; a dry run does the same and takes it back. */
  async purge(request: PurgeRequest, actor: Actor): Promise<PurgeReport> {
    try {
      return await this.unitOfWork.run(async (manager) => {
        const report = await this.purgeIn(manager, request);
        if (request.dryRun) throw new Undone(report);
        await this.record(manager, request, report, actor);
        return report;
      });
    } catch (error) {
      if (error instanceof Undone) return error.report;
      throw error;
    }
  }

  private async purgeIn(manager: EntityManager, request: PurgeRequest): Promise<PurgeReport> {
    const { providerId, after } = request;
    await manager.query(SEE_ALL_SQL);
    // no signal is fanned out meanwhile, so that what is seen to wait is all that does
    await this.providers.touchConfiguration(manager, providerId);
    const found = await manager.query<FoundSignal[]>(SUBJECT_SIGNALS_SQL, [
      providerId,
      request.hashes,
      after ?? null,
      SIGNALS_AT_ONCE + 1,
    ]);
    const signals = found.slice(0, SIGNALS_AT_ONCE);
    const { ended, dropped } = await this.endedOf(manager, signals, request);
    const jtis = ended.flatMap((signal) => signal.jtis);
    const expunged = await this.sets.expunge(manager, jtis);
    await manager.query(EXPUNGE_SIGNALS_SQL, [ended.map(({ id }) => id)]);
    return {
      signals: ended.length,
      ...expunged,
      dropped,
      // once, with the first step
      ...(after === undefined
        ? await this.eraseLists(manager, request)
        : { streamSubjects: 0, autoSubscriptions: 0, optOuts: 0 }),
      skipped: signals.length - ended.length,
      last: found.length > signals.length ? signals.at(-1)?.id : undefined,
    };
  }

  private async record(
    manager: EntityManager,
    { providerId, digest, includePending }: PurgeRequest,
    { last: _, skipped, ...removed }: PurgeReport,
    actor: Actor,
  ): Promise<void> {
    if (Object.values(removed).every((count) => count === 0)) return;
    await recordChange(manager, actor, {
      action: 'subject.purged',
      providerId,
      targetId: digest,
      after: { ...removed, skipped, includePending },
    });
  }

  /** Those of the signals of which nothing waits, or nothing waits any more. */
  private async endedOf(
    manager: EntityManager,
    signals: readonly FoundSignal[],
    { includePending }: PurgeRequest,
  ): Promise<{ readonly ended: readonly FoundSignal[]; readonly dropped: number }> {
    const fannedOut = signals.filter(({ isFannedOut }) => isFannedOut);
    const jtis = fannedOut.flatMap((signal) => signal.jtis);
    if (includePending) return { ended: fannedOut, dropped: await this.sets.withdraw(manager, jtis) };
    await this.sets.hold(manager, jtis);
    const waiting = await this.sets.waiting(manager, jtis);
    return {
      ended: fannedOut.filter((signal) => !signal.jtis.some((jti) => waiting.has(jti))),
      dropped: 0,
    };
  }

  private async eraseLists(
    manager: EntityManager,
    { providerId, identifiers }: PurgeRequest,
  ): Promise<Pick<PurgeReport, 'streamSubjects' | 'autoSubscriptions' | 'optOuts'>> {
    const erased = await this.subjects.erase(manager, providerId, identifiers);
    const [, optOuts] = await manager.query<[unknown, number]>(ERASE_OPT_OUTS_SQL, [
      providerId,
      identifiers.map(identityDigest),
    ]);
    return { ...erased, optOuts };
  }
}
