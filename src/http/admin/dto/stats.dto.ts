import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsUUID } from 'class-validator';
import { STREAM_STATUSES, type StreamStatus } from '../../../core/streams/stream-status.js';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '../../../queue/attempt-outcome.js';
import { SET_STATUSES, type SetStatus } from '../../../queue/set-status.js';
import { IsTimestamp } from './dto.decorators.js';

export class StatsQueryDto {
  /** All providers unless given. */
  @IsOptional()
  @IsUUID()
  providerId?: string;

  /** What was made at or after this time; an hour before `to` unless given, 7 days before at most. */
  @IsOptional()
  @IsTimestamp()
  from?: Date;

  /** What was made before this time; now unless given. */
  @IsOptional()
  @IsTimestamp()
  to?: Date;
}

/** An object with a count for each of these members. */
function Counts(names: readonly string[], example: object): PropertyDecorator {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'integer' as const }]));
  return ApiProperty({
    type: 'object',
    properties,
    required: [...names],
    selfRequired: true,
    example,
    additionalProperties: false,
  });
}

/** An object with a count for each value that there is. */
function CountsByValue(description: string, example: object): PropertyDecorator {
  return ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, description, example });
}

export class SignalStatsDto {
  recorded: number;

  @CountsByValue('Types of signals', { 'session.revoked': 118, 'password.changed': 4 })
  byType: Record<string, number>;
}

export class SetStatsDto {
  made: number;

  /** Where they stand now. */
  @Counts(SET_STATUSES, { pending: 2, held: 0, delivered: 240, rejected: 1, dead: 0, dropped: 3 })
  byStatus: Record<SetStatus, number>;

  @CountsByValue('Event type URIs', {
    'https://schemas.openid.net/secevent/caep/event-type/session-revoked': 236,
  })
  byEventType: Record<string, number>;
}

/** From the recording of the signal to the first time that the receiver had the SET. */
export class LatencyDto {
  /** SETs that it was measured of. */
  count: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export class LatenciesDto {
  /** Null when none was delivered. */
  @ApiProperty({ type: LatencyDto, nullable: true })
  push: LatencyDto | null;

  /** How soon receivers fetch and acknowledge. Null when none did. */
  @ApiProperty({ type: LatencyDto, nullable: true })
  poll: LatencyDto | null;
}

export class QueueStatsDto {
  pending: number;
  /** Of paused streams. */
  held: number;
  oldestPendingAt: Date | null;
}

export class StatsDto {
  from: Date;
  to: Date;
  /** Null: all. */
  providerId: string | null;
  signals: SignalStatsDto;
  sets: SetStatsDto;

  /** At the SETs that were made in this time. */
  @Counts(ATTEMPT_OUTCOMES, { delivered: 240, rejected: 1, retry: 7, dead: 0, dropped: 3, redelivered: 0 })
  attempts: Record<AttemptOutcome, number>;

  latency: LatenciesDto;

  /** Of now. `failing` are those of any status whose last pushes failed. */
  @Counts([...STREAM_STATUSES, 'failing'], { enabled: 11, paused: 1, disabled: 0, failing: 1 })
  streams: Record<StreamStatus | 'failing', number>;

  /** Of now. */
  queue: QueueStatsDto;
}
