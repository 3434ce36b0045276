import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { INITIATING_ENTITIES, type InitiatingEntity } from '../../../core/events/event-claims.js';
import { SIGNAL_TYPES } from '../../../core/events/signal-types.js';
import type { StoredSignal } from '../../../signals/signal-history.service.js';
import type { PreviewedOutcome } from '../../../signals/signal-preview.service.js';
import { NO_SET_REASONS, type NoSetReason, type SignalOutcome } from '../../../signals/signal.js';
import { SUBJECT_REF } from '../../shared-schemas.js';
import { IsTimestamp } from './dto.decorators.js';
import { PageQueryDto } from './page.dto.js';

const TYPE_NAMES = Object.keys(SIGNAL_TYPES);
const SUBJECT_EXAMPLE = {
  user: { id: 'u-31', email: 'ana@acme.test', phoneNumber: '+15550100' },
  session: { id: 's-77' },
};

/** A security signal. Its body is parsed by the signals module, which a host calls directly. */
export class SignalDto {
  @ApiProperty({ example: 'acme', description: 'Slug of the provider' })
  provider: string;

  @ApiPropertyOptional({
    example: 'evt-8841',
    description: 'Your own id: recording it twice gives one signal',
  })
  id?: string;

  @ApiProperty({ enum: TYPE_NAMES, example: 'session.revoked' })
  type: string;

  @ApiPropertyOptional({ format: 'date-time', example: '2026-11-21T17:00:00Z', description: 'Default: now' })
  occurredAt?: string;

  @ApiProperty({
    allOf: [{ type: 'object', properties: { subId: SUBJECT_REF }, additionalProperties: true }],
    example: SUBJECT_EXAMPLE,
    description: 'Whom it is about, with every identifier that is known; or subId, sent as it stands',
  })
  subject: object;

  @ApiPropertyOptional({ enum: INITIATING_ENTITIES })
  initiatingEntity?: InitiatingEntity;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { en: 'Offboarding' },
  })
  reasonAdmin?: object;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { en: 'You were signed out.' },
  })
  reasonUser?: object;

  @ApiPropertyOptional({
    example: 'op-117',
    description: 'Ties SETs of one cause together; default: the id of the answer',
  })
  txn?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'By type' })
  details?: object;
}

export class RecordedSignalDto {
  id: string;

  @ApiProperty({ enum: ['accepted', 'duplicate'] })
  status: 'accepted' | 'duplicate';
}

export class RecordedSignalsDto {
  data: RecordedSignalDto[];
}

export class SignalQueryDto extends PageQueryDto {
  @IsOptional()
  @IsUUID()
  providerId?: string;

  @IsOptional()
  @IsIn(TYPE_NAMES, { message: 'must be a type of signal' })
  type?: string;

  /** Your own id of the signal. */
  @IsOptional()
  @IsString()
  @Length(1, 255)
  externalId?: string;

  @IsOptional()
  @IsString()
  @Length(1, 255)
  txn?: string;

  /** A user as a person remembers one: id, e-mail address, phone number, ...; or a Subject Identifier in JSON. */
  @IsOptional()
  @IsString()
  @Length(1, 2048)
  subject?: string;

  /** Recorded at or after. */
  @IsOptional()
  @IsTimestamp()
  from?: Date;

  /** Recorded before. */
  @IsOptional()
  @IsTimestamp()
  to?: Date;
}

export class SignalOutcomeDto {
  streamId: string;
  /** Of which event, when the provider's mapping says what the signal becomes. */
  eventType?: string;
  /** Its SET. */
  jti?: string;
  /** Why there is none. */
  @ApiPropertyOptional({ enum: NO_SET_REASONS })
  reason?: NoSetReason;
}

export class PreviewedOutcomeDto {
  streamId: string;
  applicationId: string;
  /** Of which event, when the provider's mapping says what the signal becomes. */
  eventType?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Of the SET that it would get',
  })
  claims?: object;

  /** Why there would be none. */
  @ApiPropertyOptional({ enum: NO_SET_REASONS })
  reason?: NoSetReason;
}

export class SignalPreviewDto {
  @ApiProperty({ type: [PreviewedOutcomeDto], description: "Each of the provider's streams" })
  outcomes: readonly PreviewedOutcome[];
}

export class StoredSignalDto {
  id: string;
  providerId: string;
  externalId: string | null;
  type: string;
  occurredAt: Date;
  recordedAt: Date;

  @ApiProperty({ type: 'object', additionalProperties: true })
  subject: object;

  initiatingEntity: string | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  reasonAdmin: object | null;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  reasonUser: object | null;

  txn: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  details: object;

  /** Null while it is still to be fanned out. */
  fannedOutAt: Date | null;

  /** When what it told of its subject was removed. */
  purgedAt: Date | null;

  @ApiProperty({
    type: [SignalOutcomeDto],
    description: "Each of the provider's streams: its SET, or why there is none",
  })
  outcomes: readonly SignalOutcome[];
}

export class SignalPageDto {
  data: StoredSignalDto[];
  nextCursor: string | null;
}

/** The row has just the members of the API; absent ones are null in it. */
export function toStoredSignalDto(signal: StoredSignal): StoredSignalDto {
  const { externalId, initiatingEntity, reasonAdmin, reasonUser, ...rest } = signal;
  return {
    ...rest,
    externalId: externalId ?? null,
    initiatingEntity: initiatingEntity ?? null,
    reasonAdmin: reasonAdmin ?? null,
    reasonUser: reasonUser ?? null,
  };
}
