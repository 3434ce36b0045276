import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { system } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import { SEE_ALL_SQL } from '../platform/database/see-all.sql.js';
import { sqlStateOf } from '../platform/database/sql-state.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { idBefore } from '../platform/ids/event-id.js';
import { BE_QUICK_SQL, FORGET_IDENTITIES_SQL, LAST_LOOK_SQL, LOCK_HISTORY_SQL } from './day-drop.sql.js';
import { HistoryService } from './history.service.js';

const DAY_MS = 86_400_000;
/** Signals whose identities one statement deletes. */
const BATCH = 1_000;
/** What everybody else may have to wait for the sake of a day that goes: it can go an hour later as well. */
const LOCK_TIMEOUT_MS = 200;
const STATEMENT_TIMEOUT_MS = 1_000;

/** lock_not_available, query_canceled (the statement's time), deadlock_detected */
const BUSY_STATES = ['55P03', '57014', '40P01'];

/** What became of a day. `busy`: it could not be had in time; `needed`: something of it waits; both change nothing. */
export type DropResult = 'dropped' | 'needed' | 'busy' | 'interrupted';

/** Takes a day out of the history: all of its partitions in one transaction, or none. */
@Injectable()
export class DayDropService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly history: HistoryService,
  ) {}

  /** The identities of its signals go before, in small batches; all that they are for is a day whose time is over. */
  async drop(day: string, stopping: AbortSignal, lockTimeoutMs = LOCK_TIMEOUT_MS): Promise<DropResult> {
    if (!(await this.forgetIdentities(day, stopping))) return 'interrupted';
    try {
      return await this.unitOfWork.run((manager) => this.dropUnlessNeeded(manager, day, lockTimeoutMs));
    } catch (error) {
      if (BUSY_STATES.includes(sqlStateOf(error) ?? '')) return 'busy';
      throw error;
    }
  }

  private async dropUnlessNeeded(
    manager: EntityManager,
    day: string,
    lockTimeoutMs: number,
  ): Promise<DropResult> {
    await manager.query(SEE_ALL_SQL);
    await manager.query(BE_QUICK_SQL, [String(lockTimeoutMs), String(lockTimeoutMs + STATEMENT_TIMEOUT_MS)]);
    await manager.query(LOCK_HISTORY_SQL);
    const { from, first, next } = boundsOf(day);
    const [look] = await manager.query<{ isNeeded: boolean }[]>(LAST_LOOK_SQL, [first, next, from]);
    if (look?.isNeeded !== false) return 'needed';
    // none: another process was faster
    const partitions = await this.history.partitions(manager, day);
    const names = partitions.map(({ partition }) => partition);
    if (names.length > 0) {
      await manager.query(`drop table ${names.join(', ')}`);
      await recordChange(manager, system('retention'), { action: 'history.dropped', targetId: day });
    }
    await manager.query('delete from ssf.retained_day where day = $1', [day]);
    return 'dropped';
  }

  /** False: it was interrupted. */
  private async forgetIdentities(day: string, stopping: AbortSignal): Promise<boolean> {
    const { first, next } = boundsOf(day);
    let after: string | null = first;
    for (;;) {
      if (stopping.aborted) return false;
      const [slice]: { count: number; last: string | null }[] = await this.unitOfWork.manager.query(
        FORGET_IDENTITIES_SQL,
        [after, next, BATCH],
      );
      if (!slice || slice.count < BATCH) return true;
      after = slice.last;
    }
  }
}

/** When a UTC day begins, and what its ids are from and before. */
function boundsOf(day: string): { from: Date; first: string; next: string } {
  const from = new Date(`${day}T00:00:00Z`);
  return { from, first: idBefore(from), next: idBefore(new Date(from.getTime() + DAY_MS)) };
}
