import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HISTORY_TABLES, type HistoryTable } from '../platform/database/history-tables.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { timeOfId } from '../platform/ids/event-id.js';
import { NOTE_PENDING_SQL, PARTITIONS_SQL, PENDING_SQL, POLICY_SQL, RECOVERIES_SQL } from './history.sql.js';

export interface HistoryPartition {
  readonly table: HistoryTable;
  /** its name as SQL takes it, quoted where it has to be */
  readonly partition: string;
  /** UTC, `2026-11-21` */
  readonly day: string;
  /** an estimate of PostgreSQL's; null while it has none */
  readonly rows: number | null;
  readonly bytes: number;
}

export interface WaitingCounts {
  readonly sets: number;
  readonly signals: number;
}

/** The part of the history that a recovery has yet to look at. */
export interface RecoveryRange {
  readonly from: Date;
  readonly to: Date;
}

/** What there is of the history, and what of it still waits. */
@Injectable()
export class HistoryService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Oldest day first; of one day when it is given. */
  partitions(manager: EntityManager = this.unitOfWork.manager, day?: string): Promise<HistoryPartition[]> {
    return manager.query(PARTITIONS_SQL, [[...HISTORY_TABLES], day ?? null]);
  }

  /** The longest retention of any provider, and the time by the database's clock. */
  async policy(): Promise<{ readonly retentionDays: number; readonly now: Date }> {
    const [policy] = await this.unitOfWork.manager.query<{ retentionDays: number; now: Date }[]>(POLICY_SQL);
    if (!policy) throw new Error('the database did not tell its time');
    return policy;
  }

  /** What waits in queues, by the day on which it was made, of all days before `to`. */
  async waiting(to: Date): Promise<Map<string, WaitingCounts>> {
    const rows = await this.unitOfWork.manager.query<(WaitingCounts & { day: string })[]>(PENDING_SQL, [to]);
    return new Map(rows.map(({ day, sets, signals }) => [day, { sets, signals }]));
  }

  async recoveries(): Promise<RecoveryRange[]> {
    const rows = await this.unitOfWork.manager.query<{ position: string; to: Date }[]>(RECOVERIES_SQL);
    return rows.map(({ position, to }) => ({ from: timeOfId(position), to }));
  }

  /** When something of a day was last seen to wait after its time was over. */
  async pendingTimes(): Promise<Map<string, Date>> {
    const rows = await this.unitOfWork.manager.query<{ day: string; pendingAt: Date }[]>(
      'select day::text, pending_at as "pendingAt" from ssf.retained_day',
    );
    return new Map(rows.map(({ day, pendingAt }) => [day, pendingAt]));
  }

  /** Answers those of the days that were not known to have something that waits. */
  async notePending(days: readonly string[]): Promise<string[]> {
    if (days.length === 0) return [];
    const rows = await this.unitOfWork.manager.query<{ day: string | null }[]>(NOTE_PENDING_SQL, [days]);
    return rows.flatMap(({ day }) => day ?? []);
  }
}
