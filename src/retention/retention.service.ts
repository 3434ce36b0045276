import { Injectable, Logger } from '@nestjs/common';
import { DayDropService } from './day-drop.service.js';
import { type HistoryPartition, HistoryService, type RecoveryRange } from './history.service.js';
import { type DayVerdict, judgeDay, overAt, type Pending, type RetentionPolicy } from './judge-day.js';

const DAY_MS = 86_400_000;

/** A day of the history, and what becomes of it. */
export interface RetainedDay extends DayVerdict {
  /** UTC, `2026-11-21` */
  readonly day: string;
  readonly partitions: readonly HistoryPartition[];
  /** what of it waits; undefined while its time is not over, when nobody counts */
  readonly pending: Pending | undefined;
}

export interface RetentionPlan extends RetentionPolicy {
  /** oldest first */
  readonly days: readonly RetainedDay[];
}

/** How long the history stays (docs/adr/0013-retention.md). */
@Injectable()
export class RetentionService {
  private readonly logger = new Logger(RetentionService.name);

  constructor(
    private readonly history: HistoryService,
    private readonly drops: DayDropService,
  ) {}

  /** What would go now, what stays and why. Changes nothing. */
  async plan(): Promise<RetentionPlan> {
    const { retentionDays, now } = await this.history.policy();
    const policy = { retentionDays };
    const days = byDay(await this.history.partitions());
    const isOver = (day: string): boolean => overAt(day, policy) <= now;
    const pending = await this.pending([...days.keys()].filter(isOver));
    const pendingTimes = await this.history.pendingTimes();
    return {
      ...policy,
      days: [...days].map(([day, partitions]) => {
        const ofDay = pending.get(day);
        const state = { day, pending: ofDay ?? NOTHING, pendingAt: pendingTimes.get(day) };
        return { day, partitions, pending: ofDay, ...judgeDay(state, policy, now) };
      }),
    };
  }

  /** Drops what goes, the oldest first. */
  async enforce(stopping: AbortSignal): Promise<void> {
    const { days } = await this.plan();
    await this.noteKept(days.filter(({ reason }) => reason === 'pending'));
    for (const day of days) {
      if (stopping.aborted) return;
      if (day.goes) await this.drop(day, stopping);
    }
  }

  private async drop({ day, partitions }: RetainedDay, stopping: AbortSignal): Promise<void> {
    const result = await this.drops.drop(day, stopping);
    const rows = Object.fromEntries(partitions.map((each) => [each.table, each.rows]));
    const bytes = partitions.reduce((sum, each) => sum + each.bytes, 0);
    if (result === 'dropped') this.logger.log({ event: 'history.dropped', day, rows, bytes });
    else this.logger.warn({ event: 'history.not_dropped', day, result });
    if (result === 'needed') await this.history.notePending([day]);
  }

  /** Each is told of once, however long it stays. */
  private async noteKept(kept: readonly RetainedDay[]): Promise<void> {
    const fresh = new Set(await this.history.notePending(kept.map(({ day }) => day)));
    for (const { day, pending } of kept)
      if (fresh.has(day)) this.logger.warn({ event: 'history.kept', day, ...pending });
  }

  /** Of days whose time is over. */
  private async pending(days: readonly string[]): Promise<Map<string, Pending>> {
    const newest = days.at(-1);
    if (newest === undefined) return new Map();
    const waiting = await this.history.waiting(endOf(newest));
    const recoveries = await this.history.recoveries();
    return new Map(
      days.map((day) => [
        day,
        {
          sets: waiting.get(day)?.sets ?? 0,
          signals: waiting.get(day)?.signals ?? 0,
          recoveries: recoveries.filter((range) => concerns(range, day)).length,
        },
      ]),
    );
  }
}

const NOTHING: Pending = { sets: 0, signals: 0, recoveries: 0 };

function endOf(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
}

function concerns({ from, to }: RecoveryRange, day: string): boolean {
  return from < endOf(day) && to.getTime() > Date.parse(`${day}T00:00:00Z`);
}

function byDay(partitions: readonly HistoryPartition[]): Map<string, HistoryPartition[]> {
  const days = new Map<string, HistoryPartition[]>();
  for (const partition of partitions)
    days.set(partition.day, [...(days.get(partition.day) ?? []), partition]);
  return days;
}
