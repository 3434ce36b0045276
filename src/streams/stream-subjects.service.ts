import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../audit/actor.js';
import { type Change, recordChange } from '../audit/record-change.js';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { SubjectIdentifier } from '../core/subjects/subject-identifier.js';
import {
  type EventSubject,
  identityDigest,
  lookupDigest,
  MAX_LOOKUP_KEYS,
  probeKeys,
  shapeOf,
  storedKeys,
  type SubjectListKind,
} from '../core/subjects/subject-lookup.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { byteaArray, integerArray, uuidArray } from '../platform/database/sql-arrays.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { decodeCursor, type Page, pageSize, type PageRequest, toPage } from '../platform/paging/page.js';
import { ProvidersService } from '../providers/providers.service.js';
import { scopeOf } from './audited-stream.js';
import type { Stream } from './stream.entity.js';
import { StreamLimitsService } from './stream-limits.service.js';
import { ERASE_SUBJECTS_SQL, ERASE_SUBSCRIPTIONS_SQL } from './subject-erasure.sql.js';
import {
  ADD_SHAPE_SQL,
  HAS_SHAPE_SQL,
  LIST_SUBJECT_SQL,
  PROBE_SQL,
  SHAPES_SQL,
  UNLIST_SUBJECT_SQL,
} from './stream-subjects.sql.js';

export interface ListedSubject {
  readonly id: string;
  readonly kind: SubjectListKind;
  readonly subject: SubjectIdentifier;
  readonly verified: boolean;
  readonly createdAt: Date;
}

/** Streams that have a list of a kind, each with the shapes of the complex subjects in it. */
export interface SubjectLists {
  readonly kind: SubjectListKind;
  readonly shapes: ReadonlyMap<string, readonly string[]>;
}

/** Whether the subject of an event is one of a stream's. */
export interface SubjectQuestion {
  readonly streamId: string;
  readonly event: EventSubject;
}

/**
 * The subjects of streams (SSF 1.0 section 8.1.3). A stream of a provider with the default `NONE` has those that
 * were added; one of a provider with `ALL` has all but those that were removed.
 */
@Injectable()
export class StreamSubjectsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly limits: StreamLimitsService,
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
  ) {}

  /**
   * SSF 1.0 section 8.1.3.2. Answers the same whether the subject is known, listed or neither (section 9.1). Throws
   * `too_many_requests`, whatever the subject.
   */
  async add(stream: Stream, subject: SubjectIdentifier, verified: boolean, actor: Actor): Promise<void> {
    await this.count(stream);
    if (isOwnSubject(stream, subject)) return;
    const { defaultSubjects } = await this.providers.get(stream.providerId);
    await this.unitOfWork.run(async (manager) => {
      const isChange =
        defaultSubjects === 'NONE'
          ? await this.list(manager, stream, subject, 'added', verified)
          : await unlist(manager, stream, subject, 'removed');
      if (!isChange) return;
      const change = changeOf('subject.added', stream, subject);
      await recordChange(manager, actor, { ...change, after: { verified } });
    });
  }

  /**
   * SSF 1.0 section 8.1.3.3. Throws `forbidden` for the stream's own subject, which is always there, and
   * `too_many_requests`.
   */
  async remove(stream: Stream, subject: SubjectIdentifier, actor: Actor): Promise<void> {
    await this.count(stream);
    if (isOwnSubject(stream, subject))
      throw new SsfError('forbidden', 'the subject of the stream itself cannot be removed');
    const { defaultSubjects } = await this.providers.get(stream.providerId);
    await this.unitOfWork.run(async (manager) => {
      const isChange =
        defaultSubjects === 'NONE'
          ? await unlist(manager, stream, subject, 'added')
          : await this.list(manager, stream, subject, 'removed', true);
      if (isChange) await recordChange(manager, actor, changeOf('subject.removed', stream, subject));
    });
  }

  async page(streamId: string, request: PageRequest): Promise<Page<ListedSubject>> {
    const limit = pageSize(request);
    const rows = await this.unitOfWork.manager.query<ListedSubject[]>(
      `select id, kind, subject, verified, created_at as "createdAt" from ssf.stream_subject
        where stream_id = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
      [streamId, decodeCursor(request.cursor) ?? null, limit + 1],
    );
    return toPage(rows, limit, (row) => row.id);
  }

  async counts(streamIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.unitOfWork.manager.query<{ stream_id: string; count: number }[]>(
      `select stream_id, count(*)::int as count from ssf.stream_subject where stream_id = any($1) group by stream_id`,
      [streamIds],
    );
    return new Map(rows.map((row) => [row.stream_id, row.count]));
  }

  /** Which of these streams have a list at all. It stands while the provider's configuration does. */
  async lists(streamIds: readonly string[], kind: SubjectListKind): Promise<SubjectLists> {
    const rows = await this.unitOfWork.manager.query<{ stream_id: string; shapes: string[] }[]>(SHAPES_SQL, [
      streamIds,
      kind,
    ]);
    return {
      kind,
      shapes: new Map(rows.map((row) => [row.stream_id, row.shapes.filter((shape) => shape !== '')])),
    };
  }

  /** Answers in the order of the questions; one statement for any number of them, none when no stream has a list. */
  async areSubjects(
    { kind, shapes }: SubjectLists,
    questions: readonly SubjectQuestion[],
  ): Promise<boolean[]> {
    const probes = questions.flatMap(({ streamId, event }, question) => {
      const ofStream = shapes.get(streamId);
      return ofStream ? probeKeys(event, ofStream, kind).map((key) => ({ question, streamId, key })) : [];
    });
    const rows =
      probes.length === 0
        ? []
        : await this.unitOfWork.manager.query<{ question: number }[]>(PROBE_SQL, [
            integerArray(probes, ({ question }) => question),
            uuidArray(probes, ({ streamId }) => streamId),
            byteaArray(probes, ({ key }) => lookupDigest(key)),
            kind,
          ]);
    const listed = new Set(rows.map(({ question }) => question));
    return questions.map((_, question) => listed.has(question) === (kind === 'added'));
  }

  /**
   * Takes a subject, by all that may name it, out of all lists of a provider's streams, and out of those of who became
   * one by signing in. Answers how many entries that were. Joins the caller's transaction.
   */
  async erase(
    manager: EntityManager,
    providerId: string,
    identifiers: readonly SubjectIdentifier[],
  ): Promise<{ readonly streamSubjects: number; readonly autoSubscriptions: number }> {
    const keys = identifiers.flatMap((subId) => probeKeys({ subId, userIdentifiers: [] }, [], 'added'));
    const [, streamSubjects] = await manager.query<[unknown, number]>(ERASE_SUBJECTS_SQL, [
      providerId,
      keys.map(lookupDigest),
      identifiers.map((identifier) => JSON.stringify(identifier)),
    ]);
    const [, autoSubscriptions] = await manager.query<[unknown, number]>(ERASE_SUBSCRIPTIONS_SQL, [
      providerId,
      identifiers.map(identityDigest),
    ]);
    return { streamSubjects, autoSubscriptions };
  }

  private count({ id }: Stream): Promise<void> {
    const count = this.config.subjectChangesPerMinute;
    return this.limits.take(this.unitOfWork.manager, id, { kind: 'subjects', count, seconds: 60 });
  }

  /** Answers whether that changed anything. */
  private async list(
    manager: EntityManager,
    stream: Stream,
    subject: SubjectIdentifier,
    kind: SubjectListKind,
    verified: boolean,
  ): Promise<boolean> {
    const keys = storedKeys(subject, kind);
    if (keys.length > MAX_LOOKUP_KEYS)
      throw invalidRequest({ member: 'subject', message: 'has too many members or aliases' });
    const shape = [stream.id, kind, shapeOf(subject) ?? ''];
    const known = await manager.query<object[]>(HAS_SHAPE_SQL, shape);
    if (known.length === 0) {
      // fan-out has to look at this stream's list from now on, or for one more shape
      await this.providers.touchConfiguration(manager, stream.providerId);
      await manager.query(ADD_SHAPE_SQL, shape);
    }
    const changed = await manager.query<object[]>(LIST_SUBJECT_SQL, [
      uuidv7(),
      stream.id,
      kind,
      identityDigest(subject),
      JSON.stringify(subject),
      keys.map(lookupDigest),
      verified,
    ]);
    return changed.length > 0;
  }
}

/** Answers whether that changed anything. */
async function unlist(
  manager: EntityManager,
  stream: Stream,
  subject: SubjectIdentifier,
  kind: SubjectListKind,
): Promise<boolean> {
  const parameters = [stream.id, kind, identityDigest(subject)];
  const [, count] = await manager.query<[unknown, number]>(UNLIST_SUBJECT_SQL, parameters);
  return count > 0;
}

/** By the digest under which the subject is listed: the log of changes is no place for personal data. */
function changeOf(
  action: 'subject.added' | 'subject.removed',
  stream: Stream,
  subject: SubjectIdentifier,
): Change {
  return { action, ...scopeOf(stream), targetId: identityDigest(subject).toString('hex') };
}

/** SSF 1.0 section 8.1.4.1: implicitly in every stream. */
function isOwnSubject(stream: Stream, subject: SubjectIdentifier): boolean {
  return subject.format === 'opaque' && subject.id === stream.id;
}
