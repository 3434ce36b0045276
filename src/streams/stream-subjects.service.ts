import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { invalidRequest, SsfError } from '../core/errors.js';
import { canonicalKey } from '../core/subjects/canonical-key.js';
import type { SubjectIdentifier } from '../core/subjects/subject-identifier.js';
import {
  type EventSubject,
  lookupDigest,
  MAX_LOOKUP_KEYS,
  probeKeys,
  shapeOf,
  storedKeys,
  type SubjectListKind,
} from '../core/subjects/subject-lookup.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { decodeCursor, type Page, pageSize, type PageRequest, toPage } from '../platform/paging/page.js';
import type { DefaultSubjects } from '../providers/provider.entity.js';
import { ProvidersService } from '../providers/providers.service.js';
import type { Stream } from './stream.entity.js';
import { LIST_SUBJECT_SQL, LISTS_SQL, PROBE_SQL, UNLIST_SUBJECT_SQL } from './stream-subjects.sql.js';

export interface ListedSubject {
  readonly id: string;
  readonly kind: SubjectListKind;
  readonly subject: SubjectIdentifier;
  readonly verified: boolean;
  readonly createdAt: Date;
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
  ) {}

  /** SSF 1.0 section 8.1.3.2. Answers the same whether the subject is known, listed or neither (section 9.1). */
  async add(stream: Stream, subject: SubjectIdentifier, verified: boolean): Promise<void> {
    if (isOwnSubject(stream, subject)) return;
    const { defaultSubjects } = await this.providers.get(stream.providerId);
    if (defaultSubjects === 'NONE') await this.list(stream, subject, 'added', verified);
    else await this.unlist(stream, subject, 'removed');
  }

  /** SSF 1.0 section 8.1.3.3. Throws `forbidden` for the stream's own subject, which is always there. */
  async remove(stream: Stream, subject: SubjectIdentifier): Promise<void> {
    if (isOwnSubject(stream, subject))
      throw new SsfError('forbidden', 'the subject of the stream itself cannot be removed');
    const { defaultSubjects } = await this.providers.get(stream.providerId);
    if (defaultSubjects === 'NONE') await this.unlist(stream, subject, 'added');
    else await this.list(stream, subject, 'removed', true);
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

  /** Answers in the order of the questions; two statements for any number of them, one when no list is there. */
  async areSubjects(
    manager: EntityManager,
    defaultSubjects: DefaultSubjects,
    questions: readonly SubjectQuestion[],
  ): Promise<boolean[]> {
    const kind: SubjectListKind = defaultSubjects === 'NONE' ? 'added' : 'removed';
    const lists = await listsOf(manager, [...new Set(questions.map(({ streamId }) => streamId))], kind);
    const probes = questions.flatMap(({ streamId, event }, question) => {
      const shapes = lists.get(streamId);
      return shapes ? probeKeys(event, shapes, kind).map((key) => ({ question, streamId, key })) : [];
    });
    const rows =
      probes.length === 0
        ? []
        : await manager.query<{ question: number }[]>(PROBE_SQL, [
            probes.map(({ question }) => question),
            probes.map(({ streamId }) => streamId),
            probes.map(({ key }) => lookupDigest(key)),
            kind,
          ]);
    const listed = new Set(rows.map(({ question }) => question));
    return questions.map((_, question) => listed.has(question) === (kind === 'added'));
  }

  private async list(
    stream: Stream,
    subject: SubjectIdentifier,
    kind: SubjectListKind,
    verified: boolean,
  ): Promise<void> {
    const keys = storedKeys(subject, kind);
    if (keys.length > MAX_LOOKUP_KEYS)
      throw invalidRequest({ member: 'subject', message: 'has too many members or aliases' });
    await this.unitOfWork.manager.query(LIST_SUBJECT_SQL, [
      uuidv7(),
      stream.id,
      kind,
      identityOf(subject),
      JSON.stringify(subject),
      shapeOf(subject) ?? null,
      keys.map(lookupDigest),
      verified,
    ]);
  }

  private async unlist(stream: Stream, subject: SubjectIdentifier, kind: SubjectListKind): Promise<void> {
    await this.unitOfWork.manager.query(UNLIST_SUBJECT_SQL, [stream.id, kind, identityOf(subject)]);
  }
}

/** By stream, of those that have such a list: the shapes of its complex subjects. */
async function listsOf(
  manager: EntityManager,
  streamIds: readonly string[],
  kind: SubjectListKind,
): Promise<Map<string, string[]>> {
  const rows = await manager.query<{ stream_id: string; shapes: string[] }[]>(LISTS_SQL, [streamIds, kind]);
  return new Map(rows.map((row) => [row.stream_id, row.shapes]));
}

function identityOf(subject: SubjectIdentifier): Buffer {
  return lookupDigest(canonicalKey(subject));
}

/** SSF 1.0 section 8.1.4.1: implicitly in every stream. */
function isOwnSubject(stream: Stream, subject: SubjectIdentifier): boolean {
  return subject.format === 'opaque' && subject.id === stream.id;
}
