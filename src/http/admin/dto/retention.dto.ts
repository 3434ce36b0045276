import { ApiProperty } from '@nestjs/swagger';
import { HISTORY_TABLES, type HistoryTable } from '../../../platform/database/history-tables.js';
import { STAY_REASONS, type StayReason } from '../../../retention/judge-day.js';
import type { RetainedDay } from '../../../retention/retention.service.js';
import type { ExpungePlan } from '../../../signals/payload-expunge.service.js';

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

/** What becomes of the personal data in signals and SETs before their day goes. */
export class PayloadRetentionDto {
  /** `SSF_PAYLOAD_RETENTION_HOURS`: they are removed so long after the last of a signal's SETs ended. */
  retentionHours: number;

  /** Signals that were made before are looked at. */
  before: Date;

  /** Up to when they have been; null while none was. */
  doneUntil: Date | null;

  /** How many the next step would take them out of: it looks at 200 signals, and as many that were left. */
  signals: number;

  /** Their SETs. */
  sets: number;

  /** Signals that were left, since something of them waits or ended a short while ago. */
  kept: number;
}

export class RetentionDto {
  /** The longest `eventRetentionDays` of any provider. */
  retentionDays: number;

  /** Null: personal data stay until their day goes. */
  @ApiProperty({ type: PayloadRetentionDto, nullable: true })
  payloads: PayloadRetentionDto | null;

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

export function toPayloadRetentionDto(plan: ExpungePlan | undefined): PayloadRetentionDto | null {
  return plan ? { ...plan, doneUntil: plan.doneUntil ?? null } : null;
}
