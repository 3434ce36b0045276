import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { bigintArray, textArray, uuidArray } from '../platform/database/sql-arrays.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { ENQUEUE_SQL, LEFT_SQL, PURGE_SQL } from './enqueue.sql.js';
import { COUNT_WAITING_SQL } from './queue-depth.sql.js';
import { RecentClaims } from './recent-claims.js';

/** A SET whose claims are final: nothing that changes later alters what is signed and sent. */
export interface QueuedSet {
  readonly jti: string;
  readonly applicationId: string;
  readonly streamId: string;
  /** how the stream delivers at the moment */
  readonly method: 'push' | 'poll';
  /** the signal it came from; undefined for verification and stream-updated */
  readonly signalId?: string;
  readonly eventType: string;
  readonly txn?: string;
  readonly subjectHash: bigint;
  /** the JSON that is signed, byte for byte */
  readonly claims: string;
}

/** What SETs that are queued together have in common. */
export interface Placement {
  readonly providerId: string;
  readonly retentionDays: number;
  /** not to be sent before so many seconds have passed; default 0 */
  readonly delaySeconds?: number | undefined;
  /** they go before all that waits in their streams; default false */
  readonly isFirst?: boolean | undefined;
  /** the instant in the jtis; default: now, by the database's clock */
  readonly madeAt?: Date | undefined;
}

/** How a stream's queue is served. */
export interface QueueGate {
  /** false holds what is queued (SSF 1.0 section 8.1.2.1, paused and disabled) */
  readonly runnable: boolean;
  /** push streams are leased and sent; poll streams wait for their receiver */
  readonly pushes: boolean;
}

export interface QueueHealth {
  readonly pendingCount: number;
  readonly oldestPendingAt: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly lastError: string | null;
  readonly consecutiveFailures: number;
  readonly retryAt: Date | null;
  readonly failingSince: Date | null;
}

/** The queues as those above see them: open and close one, put SETs in, ask how it fares. */
@Injectable()
export class QueueService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: SsfEventBus,
    private readonly recent: RecentClaims,
    private readonly metrics: SsfMetrics,
  ) {}

  async open(manager: EntityManager, streamId: string, gate: QueueGate): Promise<void> {
    await manager.query('insert into ssf.stream_queue (stream_id, runnable, pushes) values ($1, $2, $3)', [
      streamId,
      gate.runnable,
      gate.pushes,
    ]);
  }

  /** Whoever works on the stream sees the new gate and configuration with its next read. */
  async change(manager: EntityManager, streamId: string, gate: QueueGate): Promise<void> {
    await manager.query(
      `update ssf.stream_queue set runnable = $2, pushes = $3, version = version + 1, not_before = '-infinity',
              failures = 0, first_failure_at = null, told_percent = 0, last_error = null where stream_id = $1`,
      [streamId, gate.runnable, gate.pushes],
    );
    this.unitOfWork.afterCommit(manager, () => this.bus.emit('stream.changed', { streamIds: [streamId] }));
  }

  /** SETs of signals that wait in these streams' queues, counted as far as `most`. */
  async waiting(manager: EntityManager, streamIds: readonly string[], most: number): Promise<number> {
    const [row] = await manager.query<{ count: number }[]>(COUNT_WAITING_SQL, [streamIds, most]);
    return row?.count ?? 0;
  }

  /** What waits is dropped, with a reason each; answers how many SETs that were, by stream. */
  async close(manager: EntityManager, streamIds: readonly string[]): Promise<Map<string, number>> {
    // first, as whoever ends SETs of a stream does
    await manager.query(
      'select from ssf.stream_queue where stream_id = any($1) order by stream_id for update',
      [streamIds],
    );
    const dropped = new Map<string, number>();
    for (const streamId of streamIds)
      dropped.set(streamId, await this.drop(manager, streamId, 'stream_deleted', { keepsStatus: false }));
    await manager.query('delete from ssf.stream_queue where stream_id = any($1)', [streamIds]);
    this.unitOfWork.afterCommit(manager, () => this.bus.emit('stream.changed', { streamIds }));
    return dropped;
  }

  /** Drops what waits but SETs about the stream's status (SSF 1.0 section 8.1.5); returns how many that were. */
  purge(manager: EntityManager, streamId: string, reason: string): Promise<number> {
    return this.drop(manager, streamId, reason, { keepsStatus: true });
  }

  private async drop(
    manager: EntityManager,
    streamId: string,
    reason: string,
    { keepsStatus }: { keepsStatus: boolean },
  ): Promise<number> {
    const gone: { jti: string }[] = [];
    for (let isLeft = true; isLeft;) {
      gone.push(...(await manager.query<{ jti: string }[]>(PURGE_SQL, [streamId, reason, keepsStatus])));
      // what a tick or a poll changed at that very moment stands in another place now
      const [left] = await manager.query<{ isLeft: boolean }[]>(LEFT_SQL, [streamId, keepsStatus]);
      isLeft = left?.isLeft ?? false;
    }
    this.unitOfWork.afterCommit(manager, () => {
      this.metrics.setsEnded.inc({ outcome: 'dropped', method: 'none' }, gone.length);
      for (const { jti } of gone) this.bus.emit('set.dropped', { jti, streamId, reason });
    });
    return gone.length;
  }

  async enqueue(manager: EntityManager, set: QueuedSet, placement: Placement): Promise<void> {
    await manager.query(ENQUEUE_SQL, this.parameters([set], placement));
    this.unitOfWork.afterCommit(manager, () => this.announce([set]));
  }

  /** What the statement of {@link enqueueParts} asks for. */
  parameters(sets: readonly QueuedSet[], placement: Placement): unknown[] {
    return [
      uuidArray(sets, (set) => set.jti),
      uuidArray(sets, (set) => set.applicationId),
      uuidArray(sets, (set) => set.streamId),
      uuidArray(sets, (set) => set.signalId),
      textArray(sets, (set) => set.eventType),
      textArray(sets, (set) => set.txn),
      bigintArray(sets, (set) => set.subjectHash),
      textArray(sets, (set) => set.claims),
      placement.providerId,
      placement.retentionDays,
      placement.delaySeconds ?? 0,
      placement.isFirst ?? false,
      placement.madeAt ?? null,
    ];
  }

  /** To be called once these SETs are committed. */
  announce(sets: readonly QueuedSet[]): void {
    if (sets.length === 0) return;
    for (const { jti, claims } of sets) this.recent.put(jti, claims);
    this.count(sets);
    this.bus.emit('set.queued', { streamIds: [...new Set(sets.map((set) => set.streamId))] });
  }

  /** Added up first: a counter takes longer to find than to raise. */
  private count(sets: readonly QueuedSet[]): void {
    const counts = new Map<string, Record<QueuedSet['method'], number>>();
    for (const { eventType, method } of sets) {
      const ofType = counts.get(eventType) ?? { push: 0, poll: 0 };
      ofType[method] += 1;
      counts.set(eventType, ofType);
    }
    for (const [eventType, { push, poll }] of counts) {
      if (push > 0) this.metrics.setsEnqueued.inc({ event_type: eventType, method: 'push' }, push);
      if (poll > 0) this.metrics.setsEnqueued.inc({ event_type: eventType, method: 'poll' }, poll);
    }
  }

  async health(streamIds: readonly string[]): Promise<Map<string, QueueHealth>> {
    const rows = await this.unitOfWork.manager.query<(QueueHealth & { streamId: string; pending: string })[]>(
      `select q.stream_id as "streamId", d.pending, d.oldest as "oldestPendingAt",
              q.last_success_at as "lastSuccessAt", q.last_failure_at as "lastFailureAt", q.last_error as "lastError",
              q.failures as "consecutiveFailures", q.first_failure_at as "failingSince",
              case when q.not_before > now() then q.not_before end as "retryAt"
         from ssf.stream_queue q
         left join lateral (select count(*) as pending, min(enqueued_at) as oldest
                              from ssf.delivery d where d.stream_id = q.stream_id) d on true
        where q.stream_id = any($1)`,
      [streamIds],
    );
    return new Map(
      rows.map(({ streamId, pending, ...health }) => [
        streamId,
        { ...health, pendingCount: Number(pending) },
      ]),
    );
  }
}
