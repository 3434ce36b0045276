import { ApiProperty } from '@nestjs/swagger';
import { HISTORY_TABLES, type HistoryTable } from '../../../platform/database/history-tables.js';
import { STAY_REASONS, type StayReason } from '../../../retention/judge-day.js';
import type { RetainedDay } from '../../../retention/retention.service.js';

export class HistoryPartitionDto {
  @ApiProperty({ enum: HISTORY_TABLES })
  table: HistoryTable;

  /** About, as PostgreSQL estimates; null while it has not looked. */
  rows: number | null;

  /** On disk, with the indexes. */
  bytes: number;
}

export class PendingCountsDto {
  /** SETs of that day that are pending or held. */
  sets: number;

  /** Signals of that day that wait for their fan-out. */
  signals: number;

  /** Recoveries under way that have yet to look at that day. */
  recoveries: number;
}

export class RetainedDayDto {
  /** UTC. @example '2026-11-21' */
  day: string;

  /** Its partitions, which go together. */
  tables: HistoryPartitionDto[];

  /** What keeps it. Counted once its time is over, null before. */
  @ApiProperty({ type: PendingCountsDto, nullable: true })
  pending: PendingCountsDto | null;

  /** Whether the next round drops it. */
  goes: boolean;

  /** Why it stays; null when it goes. */
  @ApiProperty({ type: String, enum: STAY_REASONS, nullable: true })
  reason: StayReason | null;

  /** From when on it goes; null while something waits. */
  goesAt: Date | null;
}

export class RetentionDto {
  /** The longest `eventRetentionDays` of any provider. */
  retentionDays: number;

  /** Oldest first. */
  data: RetainedDayDto[];
  nextCursor: string | null;
}

export function toRetainedDayDto({ day, partitions, pending, ...verdict }: RetainedDay): RetainedDayDto {
  return {
    day,
    tables: partitions.map(({ table, rows, bytes }) => ({ table, rows, bytes })),
    pending: pending ?? null,
    ...verdict,
  };
}
