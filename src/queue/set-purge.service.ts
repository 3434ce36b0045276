import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import {
  CHANGE_QUEUES_SQL,
  EXPUNGE_ATTEMPTS_SQL,
  EXPUNGE_SETS_SQL,
  LAST_TIMES_SQL,
  LOCK_QUEUES_SQL,
  LOCK_STREAMS_OF_SQL,
  WAITING_OF_SQL,
  WITHDRAW_SQL,
} from './set-purge.sql.js';

/** Takes personal data out of SETs that have ended; their rows stay. */
@Injectable()
export class SetPurgeService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: SsfEventBus,
    private readonly metrics: SsfMetrics,
  ) {}

  /** Until the transaction ends, none of the SETs begins to wait. */
  async hold(manager: EntityManager, jtis: readonly string[]): Promise<void> {
    if (jtis.length > 0) await manager.query(LOCK_STREAMS_OF_SQL, [jtis]);
  }

  /** Those of the SETs that wait. */
  async waiting(manager: EntityManager, jtis: readonly string[]): Promise<Set<string>> {
    if (jtis.length === 0) return new Set();
    const rows = await manager.query<{ jti: string }[]>(WAITING_OF_SQL, [jtis]);
    return new Set(rows.map(({ jti }) => jti));
  }

  /** When something last became of each of the SETs. Some ended without a word, with their stream. */
  async lastTimes(manager: EntityManager, jtis: readonly string[]): Promise<Map<string, Date>> {
    if (jtis.length === 0) return new Map();
    const rows = await manager.query<{ jti: string; at: Date }[]>(LAST_TIMES_SQL, [jtis]);
    return new Map(rows.map(({ jti, at }) => [jti, at]));
  }

  /** Drops those of the SETs that wait, with the reason `purged`; answers how many that were. */
  async withdraw(manager: EntityManager, jtis: readonly string[]): Promise<number> {
    if (jtis.length === 0) return 0;
    const streams = await manager.query<{ id: string }[]>(LOCK_STREAMS_OF_SQL, [jtis]);
    await manager.query(LOCK_QUEUES_SQL, [streams.map(({ id }) => id)]);
    const gone = await manager.query<{ jti: string; streamId: string }[]>(WITHDRAW_SQL, [jtis]);
    const streamIds = [...new Set(gone.map(({ streamId }) => streamId))];
    await manager.query(CHANGE_QUEUES_SQL, [streamIds]);
    this.unitOfWork.afterCommit(manager, () => {
      if (streamIds.length === 0) return;
      this.metrics.setsEnded.inc({ outcome: 'dropped', method: 'none' }, gone.length);
      for (const { jti, streamId } of gone) this.bus.emit('set.dropped', { jti, streamId, reason: 'purged' });
      this.bus.emit('stream.changed', { streamIds });
    });
    return gone.length;
  }

  /** Of SETs none of which waits. Answers how many SETs, and how many of their attempts, lost something. */
  async expunge(
    manager: EntityManager,
    jtis: readonly string[],
  ): Promise<{ readonly sets: number; readonly attempts: number }> {
    if (jtis.length === 0) return { sets: 0, attempts: 0 };
    // TypeORM answers an UPDATE with the rows and their number
    const [, sets] = await manager.query<[unknown, number]>(EXPUNGE_SETS_SQL, [jtis]);
    const [, attempts] = await manager.query<[unknown, number]>(EXPUNGE_ATTEMPTS_SQL, [jtis]);
    return { sets, attempts };
  }
}
