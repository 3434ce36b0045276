import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { SubjectIdentifier } from '../core/subjects/subject-identifier.js';
import { identityDigest, lookupDigest, storedKeys } from '../core/subjects/subject-lookup.js';
import { byteaArray, jsonbArray, uuidArray } from '../platform/database/sql-arrays.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { NEVER_SUBSCRIBED_SQL } from './auto-subscriptions.sql.js';

/** A user whom a signal makes a subject of a stream. */
export interface Subscriber {
  readonly signalId: string;
  readonly streamId: string;
  /** a simple Subject Identifier */
  readonly subject: SubjectIdentifier;
}

export interface AutoSubscription extends Subscriber {
  readonly id: string;
  readonly identity: Buffer;
  /** by which events find it */
  readonly keys: readonly string[];
}

/**
 * Subjects that streams get by themselves, once each: whom the receiver removed again (SSF 1.0 section 8.1.3.3) stays
 * removed.
 */
@Injectable()
export class AutoSubscriptionsService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Those of them, in their order, that have never been. */
  async firstOf(subscribers: readonly Subscriber[]): Promise<AutoSubscription[]> {
    const byPair = new Map<string, AutoSubscription>();
    for (const subscriber of subscribers) {
      const identity = identityDigest(subscriber.subject);
      const pair = `${subscriber.streamId} ${identity.toString('hex')}`;
      const keys = storedKeys(subscriber.subject, 'added');
      if (!byPair.has(pair)) byPair.set(pair, { ...subscriber, id: uuidv7(), identity, keys });
    }
    const all = [...byPair.values()];
    if (all.length === 0) return [];
    const rows = await this.unitOfWork.manager.query<{ position: number }[]>(NEVER_SUBSCRIBED_SQL, [
      uuidArray(all, ({ streamId }) => streamId),
      byteaArray(all, ({ identity }) => identity),
    ]);
    const first = new Set(rows.map(({ position }) => position));
    return all.filter((_, position) => first.has(position));
  }

  /** What the statement of `subscribeParts` asks for. */
  parameters(subscriptions: readonly AutoSubscription[]): unknown[] {
    const keyed = subscriptions.flatMap(({ id, streamId, keys }) =>
      keys.map((key) => ({ id, streamId, key })),
    );
    return [
      uuidArray(subscriptions, ({ id }) => id),
      uuidArray(subscriptions, ({ signalId }) => signalId),
      uuidArray(subscriptions, ({ streamId }) => streamId),
      byteaArray(subscriptions, ({ identity }) => identity),
      jsonbArray(subscriptions, ({ subject }) => JSON.stringify(subject)),
      uuidArray(keyed, ({ id }) => id),
      uuidArray(keyed, ({ streamId }) => streamId),
      byteaArray(keyed, ({ key }) => lookupDigest(key)),
    ];
  }
}
