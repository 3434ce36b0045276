import { ApiProperty, OmitType } from '@nestjs/swagger';
import { ArrayMinSize, IsArray, IsIn, IsString, IsUUID, Length } from 'class-validator';
import { RECOVERY_STATES, type Recovery, type RecoveryState } from '../../../delivery/recovery.entity.js';
import { timeOfId } from '../../../platform/ids/event-id.js';
import type { SetFilter } from '../../../queue/set-filter.js';
import { ENDED_STATUSES, type EndedStatus } from '../../../queue/set-status.js';
import { IsTimestamp, MayBeAbsent } from './dto.decorators.js';

const STATUS_MESSAGE = `must be among ${ENDED_STATUSES.join(', ')}: what is pending or held waits already`;

export class RecoverStreamDto {
  /** SETs made at or after this time; at most as many days ago as the provider keeps its events, or 14. */
  @ApiProperty({ example: '2026-11-21T17:00:00Z' })
  @IsTimestamp()
  from: Date;

  /** SETs made before this time; now unless given. */
  @ApiProperty({ required: false, example: '2026-11-21T19:30:00Z' })
  @MayBeAbsent()
  @IsTimestamp()
  to?: Date;

  /** How they ended; `rejected`, `dead` and `dropped` unless given. */
  @ApiProperty({ required: false, enum: ENDED_STATUSES, isArray: true, example: ['rejected', 'dead'] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(ENDED_STATUSES, { each: true, message: STATUS_MESSAGE })
  statuses?: EndedStatus[];
}

/** The members of `GET /sets`; at least one. */
export class RedeliverSetsDto {
  @MayBeAbsent()
  @IsUUID()
  providerId?: string;

  @MayBeAbsent()
  @IsUUID()
  applicationId?: string;

  @MayBeAbsent()
  @IsUUID()
  streamId?: string;

  @MayBeAbsent()
  @IsUUID()
  signalId?: string;

  /** How they ended; `rejected`, `dead` or `dropped` unless given. */
  @ApiProperty({ required: false, enum: ENDED_STATUSES, example: 'dead' })
  @MayBeAbsent()
  @IsIn(ENDED_STATUSES, { message: STATUS_MESSAGE })
  status?: EndedStatus;

  /** Event type URI. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 255)
  eventType?: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 255)
  txn?: string;

  /** A user as a person remembers one: id, e-mail address, phone number, ...; or a Subject Identifier in JSON. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 2048)
  subject?: string;

  /** Made at or after. */
  @MayBeAbsent()
  @IsTimestamp()
  from?: Date;

  /** Made before; now unless given. */
  @MayBeAbsent()
  @IsTimestamp()
  to?: Date;
}

export class RecoveryFilterDto extends OmitType(RedeliverSetsDto, ['status', 'subject', 'from', 'to']) {
  /** Whether it is about one subject, which is kept as a digest only. */
  hasSubject: boolean;
}

export class RecoveryDto {
  id: string;

  /** When all of its SETs are one stream's. */
  streamId: string | null;

  /** Which SETs. */
  filter: RecoveryFilterDto;

  @ApiProperty({ enum: ENDED_STATUSES, isArray: true })
  statuses: EndedStatus[];

  from: Date;
  to: Date;

  @ApiProperty({ enum: RECOVERY_STATES })
  state: RecoveryState;

  /** How much of the time from `from` to `to` it has been through, 0 to 1. @example 0.42 */
  progress: number;

  /** SETs that it has queued again. */
  redelivered: number;

  /** SETs that it wanted and could not queue: their stream is disabled or deleted, what they told was removed, or they were queued meanwhile. */
  skipped: number;

  /** Why its last batch failed, until one succeeds; it is tried again. */
  error: string | null;

  createdAt: Date;
  updatedAt: Date;

  /** When it was done or cancelled. */
  finishedAt: Date | null;
}

export class RecoveryPageDto {
  data: RecoveryDto[];
  nextCursor: string | null;
}

export function toRecoveryDto(recovery: Recovery): RecoveryDto {
  const { id, streamId, statuses, from, to, state, redelivered, skipped, error } = recovery;
  const { createdAt, updatedAt, finishedAt } = recovery;
  return {
    id,
    streamId,
    filter: toFilterDto(recovery.filter),
    statuses,
    from,
    to,
    state,
    progress: progressOf(recovery),
    redelivered,
    skipped,
    error,
    createdAt,
    updatedAt,
    finishedAt,
  };
}

function toFilterDto({ subjectHashes, ...filter }: SetFilter): RecoveryFilterDto {
  return { ...filter, hasSubject: subjectHashes !== undefined };
}

function progressOf({ state, from, to, position }: Recovery): number {
  if (state === 'done') return 1;
  const length = to.getTime() - from.getTime();
  const part = length > 0 ? (timeOfId(position).getTime() - from.getTime()) / length : 0;
  return Math.round(Math.min(Math.max(part, 0), 1) * 1000) / 1000;
}
