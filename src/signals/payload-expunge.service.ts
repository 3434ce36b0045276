import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SEE_ALL_SQL } from '../platform/database/see-all.sql.js';
import { sqlStateOf } from '../platform/database/sql-state.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { timeOfId } from '../platform/ids/event-id.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { SetPurgeService } from '../queue/set-purge.service.js';
import { judgePayload, type PayloadVerdict } from './judge-payload.js';
import {
  BE_QUICK_SQL,
  KEEP_NO_LONGER_SQL,
  KEEP_SQL,
  KEPT_SIGNALS_SQL,
  KEPT_SQL,
  MOVE_SQL,
  NEXT_SIGNALS_SQL,
  PLACE_SQL,
  SETS_OF_SQL,
  TAKE_PLACE_SQL,
} from './payload-expunge.sql.js';
import { EXPUNGE_SIGNALS_SQL } from './subject-purge.sql.js';

const HOUR_MS = 3_600_000;
/** Most signals have ended so soon after they were made: looked at later than that, they need not be kept in mind. */
const SETTLING_MS = 15 * 60_000;
const SIGNALS_AT_ONCE = 200;
/** lock_not_available, deadlock_detected */
const BUSY_STATES = ['55P03', '40P01'];

/** The signals that come next, or those that were left. */
type Source = 'next' | 'kept';

interface Place {
  readonly position: string;
  readonly now: Date;
}

interface FoundSignal {
  readonly id: string;
  readonly isGone: boolean;
  /** its provider was deleted: it will not be fanned out any more */
  readonly isOrphan: boolean;
}

/** What fan-out said about a signal, if it did. */
interface Told {
  readonly id: string;
  readonly hasOutcome: boolean;
  readonly jtis: readonly string[];
}

interface Candidate {
  readonly id: string;
  readonly isGone: boolean;
  readonly isFannedOut: boolean;
  readonly jtis: readonly string[];
}

interface Judged extends Candidate {
  readonly verdict: PayloadVerdict;
  readonly lastAt: Date | undefined;
}

export interface ExpungePlan {
  readonly retentionHours: number;
  /** signals that were made before are looked at */
  readonly before: Date;
  /** up to when they have been; undefined while none was */
  readonly doneUntil: Date | undefined;
  /** what the next step would take: signals, and SETs of them */
  readonly signals: number;
  readonly sets: number;
  /** signals that were passed and left */
  readonly kept: number;
}

interface Counts {
  signals: number;
  sets: number;
  attempts: number;
}

/**
 * Takes the personal data out of signals and SETs a set time after they have ended; their rows stay until their day
 * goes (docs/adr/0023-payload-retention.md).
 */
@Injectable()
export class PayloadExpungeService {
  private readonly logger = new Logger(PayloadExpungeService.name);
  private readonly retentionHours: number;

  constructor(
    @Inject(SSF_CONFIG) { payloadRetentionHours }: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly sets: SetPurgeService,
    private readonly metrics: SsfMetrics,
  ) {
    this.retentionHours = payloadRetentionHours;
  }

  /** What the next step of {@link enforce} would do. Changes nothing; undefined: it never does anything. */
  async plan(): Promise<ExpungePlan | undefined> {
    if (this.retentionHours === 0) return undefined;
    const { manager } = this.unitOfWork;
    const [place] = await manager.query<Place[]>(PLACE_SQL);
    const [kept] = await manager.query<{ count: number }[]>(
      'select count(*)::int as count from ssf.kept_payload',
    );
    if (!place || !kept) throw new Error('the place of the payload retention is missing');
    const going: Judged[] = [];
    for (const source of ['kept', 'next'] as const)
      going.push(...(await this.judge(manager, await this.find(manager, source, place), place)).filter(goes));
    const doneUntil = timeOfId(place.position);
    return {
      retentionHours: this.retentionHours,
      before: this.madeBy(place),
      doneUntil: doneUntil.getTime() > 0 ? doneUntil : undefined,
      signals: going.length,
      sets: going.flatMap(({ jtis }) => jtis).length,
      kept: kept.count,
    };
  }

  /** All that is due, in small transactions, with as much rest between them as they take. */
  async enforce(stopping: AbortSignal): Promise<void> {
    const total: Counts = { signals: 0, sets: 0, attempts: 0 };
    try {
      for (const source of ['kept', 'next'] as const) await this.goThrough(source, total, stopping);
    } catch (error) {
      if (!BUSY_STATES.includes(sqlStateOf(error) ?? '')) throw error;
      this.logger.warn({ event: 'payloads.busy', err: error });
    } finally {
      if (total.signals > 0) this.logger.log({ event: 'payloads.expunged', ...total });
    }
  }

  private async goThrough(source: Source, total: Counts, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const begun = performance.now();
      const step = await this.unitOfWork.run((manager) => this.step(manager, source));
      if (!step) return;
      total.signals += step.signals;
      total.sets += step.sets;
      total.attempts += step.attempts;
      await rest(performance.now() - begun, stopping);
    }
  }

  /** Undefined when there is nothing left to look at, or another process is at it. */
  private async step(manager: EntityManager, source: Source): Promise<Counts | undefined> {
    await manager.query(SEE_ALL_SQL);
    await manager.query(BE_QUICK_SQL);
    const [place] = await manager.query<Place[]>(TAKE_PLACE_SQL);
    if (!place) return undefined;
    const found = await this.find(manager, source, place);
    const last = found.at(-1);
    if (!last) return undefined;
    // nobody queues one of them again between the look and the end
    await this.sets.hold(manager, jtisOf(found));
    const judged = await this.judge(manager, found, place);
    const counts = await this.expunge(manager, judged.filter(goes));
    await this.remember(manager, judged, place);
    if (source === 'next') await manager.query(MOVE_SQL, [last.id]);
    return counts;
  }

  private async find(manager: EntityManager, source: Source, place: Place): Promise<Candidate[]> {
    const signals = await (source === 'next' ? this.next(manager, place) : this.kept(manager, place));
    if (signals.length === 0) return [];
    const byId = new Map(signals.map((signal) => [signal.id, signal]));
    const told = await manager.query<Told[]>(SETS_OF_SQL, [[...byId.keys()]]);
    return told.map(({ id, hasOutcome, jtis }) => {
      const { isGone = true, isOrphan = true } = byId.get(id) ?? {};
      return { id, isGone, isFannedOut: hasOutcome || isOrphan, jtis };
    });
  }

  private next(manager: EntityManager, place: Place): Promise<FoundSignal[]> {
    return manager.query(NEXT_SIGNALS_SQL, [place.position, this.madeBy(place), SIGNALS_AT_ONCE]);
  }

  private async kept(manager: EntityManager, place: Place): Promise<FoundSignal[]> {
    const kept = await manager.query<{ id: string }[]>(KEPT_SQL, [this.endedBy(place), SIGNALS_AT_ONCE]);
    if (kept.length === 0) return [];
    const found = await manager.query<FoundSignal[]>(KEPT_SIGNALS_SQL, [kept.map(({ id }) => id)]);
    const byId = new Map(found.map((signal) => [signal.id, signal]));
    // the day of one that is not found has gone
    return kept.map(({ id }) => byId.get(id) ?? { id, isGone: true, isOrphan: true });
  }

  private async judge(
    manager: EntityManager,
    candidates: readonly Candidate[],
    place: Place,
  ): Promise<Judged[]> {
    const jtis = jtisOf(candidates);
    const waiting = await this.sets.waiting(manager, jtis);
    const times = await this.sets.lastTimes(manager, jtis);
    return candidates.map((candidate) => {
      const hasWaiting = candidate.jtis.some((jti) => waiting.has(jti));
      const lastAt = latest(candidate.jtis.flatMap((jti) => times.get(jti) ?? []));
      return {
        ...candidate,
        lastAt,
        verdict: judgePayload({ ...candidate, hasWaiting, lastAt }, this.endedBy(place)),
      };
    });
  }

  private async expunge(manager: EntityManager, signals: readonly Judged[]): Promise<Counts> {
    const { sets, attempts } = await this.sets.expunge(manager, jtisOf(signals));
    if (signals.length > 0) await manager.query(EXPUNGE_SIGNALS_SQL, [signals.map(({ id }) => id)]);
    this.unitOfWork.afterCommit(manager, () => {
      this.metrics.payloadsExpunged.inc({ kind: 'signal' }, signals.length);
      this.metrics.payloadsExpunged.inc({ kind: 'set' }, sets);
    });
    return { signals: signals.length, sets, attempts };
  }

  /** What has to be looked at again, and what has not. */
  private async remember(manager: EntityManager, judged: readonly Judged[], { now }: Place): Promise<void> {
    const stays = judged.filter(({ verdict }) => verdict === 'waits' || verdict === 'recent');
    const since = stays.map(({ verdict, lastAt = now }) => (verdict === 'waits' ? now : lastAt));
    if (stays.length > 0) await manager.query(KEEP_SQL, [stays.map(({ id }) => id), since]);
    const settled = judged.filter((each) => !stays.includes(each));
    if (settled.length > 0) await manager.query(KEEP_NO_LONGER_SQL, [settled.map(({ id }) => id)]);
  }

  private endedBy({ now }: Place): Date {
    return new Date(now.getTime() - this.retentionHours * HOUR_MS);
  }

  private madeBy(place: Place): Date {
    return new Date(this.endedBy(place).getTime() - SETTLING_MS);
  }
}

function goes({ verdict }: Judged): boolean {
  return verdict === 'goes';
}

function jtisOf(candidates: readonly Candidate[]): string[] {
  return candidates.filter(({ isGone }) => !isGone).flatMap(({ jtis }) => jtis);
}

function latest(times: readonly Date[]): Date | undefined {
  return times.reduce<Date | undefined>((last, each) => (last && last > each ? last : each), undefined);
}

/** Ends at once when the process stops, which the caller looks at. */
async function rest(milliseconds: number, stopping: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal: stopping }).catch(() => undefined);
}
