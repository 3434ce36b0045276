import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { type HistoryRange, lookSql, REDELIVER_SQL, wantedSql } from './redeliver.sql.js';
import type { SetFilter } from './set-filter.js';
import type { EndedStatus } from './set-status.js';

/** SETs whose claims and jti are those of the first time, back in the queues. */
@Injectable()
export class RedeliveryQueueService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: SsfEventBus,
  ) {}

  /**
   * Queues SETs again; those that wait already stay as they are. Their streams have to exist, and to stay as they are
   * until the transaction ends. `onBehalfOf` is written into each history. Answers the jtis that are newly queued.
   */
  async redeliver(manager: EntityManager, jtis: readonly string[], onBehalfOf: string): Promise<string[]> {
    if (jtis.length === 0) return [];
    const queued = await manager.query<{ jti: string; streamId: string }[]>(REDELIVER_SQL, [
      jtis,
      onBehalfOf,
    ]);
    const streamIds = [...new Set(queued.map(({ streamId }) => streamId))];
    // not only that there is more to send: what was read ahead of the queue may not be its front any more
    if (streamIds.length > 0)
      this.unitOfWork.afterCommit(manager, () => this.bus.emit('stream.changed', { streamIds }));
    return queued.map(({ jti }) => jti);
  }

  /** The oldest SET that there still is. */
  async oldest(manager: EntityManager): Promise<string | undefined> {
    const [row] = await manager.query<{ jti: string }[]>(
      'select jti from ssf.security_event_token order by jti limit 1',
    );
    return row?.jti;
  }

  /** The next `max` SETs to look at, oldest first. */
  async look(
    manager: EntityManager,
    range: HistoryRange,
    statuses: readonly EndedStatus[],
    max: number,
  ): Promise<string[]> {
    const { sql, parameters } = lookSql(range, statuses, max);
    const rows = await manager.query<{ jti: string }[]>(sql, parameters);
    return rows.map(({ jti }) => jti);
  }

  /** Those of `jtis` that the filter takes and that ended in one of the statuses. */
  async wanted(
    manager: EntityManager,
    jtis: readonly string[],
    filter: SetFilter,
    statuses: readonly EndedStatus[],
  ): Promise<{ jti: string; streamId: string }[]> {
    if (jtis.length === 0) return [];
    const { sql, parameters } = wantedSql(jtis, filter, statuses);
    return manager.query(sql, parameters);
  }
}
