import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, Length } from 'class-validator';
import { STREAM_STATUSES, type StreamStatus } from '../../../core/streams/stream-status.js';
import type { QueueHealth } from '../../../queue/queue.service.js';
import type { Stream } from '../../../streams/stream.entity.js';
import type { StreamEvents } from '../../../streams/stream-events.service.js';
import { SUBJECT_REF } from '../../shared-schemas.js';
import { PageQueryDto } from './page.dto.js';

export class StreamQueryDto extends PageQueryDto {
  @IsOptional()
  @IsUUID()
  providerId?: string;

  @IsOptional()
  @IsUUID()
  applicationId?: string;

  @IsOptional()
  @IsIn(STREAM_STATUSES)
  status?: StreamStatus;
}

/** The same members as a receiver sends (SSF 1.0 section 8.1.1.1), and for whom. */
export class CreateStreamForApplicationDto {
  applicationId: string;

  @ApiPropertyOptional({
    type: 'object',
    properties: {
      method: { type: 'string' },
      endpoint_url: { type: 'string' },
      authorization_header: { type: 'string', writeOnly: true },
    },
    example: { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://receiver.example/events' },
  })
  delivery?: object;

  @ApiPropertyOptional({
    type: [String],
    description: 'Absent: every event type that the application may have.',
  })
  events_requested?: string[];

  @ApiPropertyOptional()
  description?: string;
}

export class UpdateStreamStatusDto {
  @IsIn(STREAM_STATUSES)
  status: StreamStatus;

  /** Told to the receiver. @example 'maintenance' */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  reason?: string;

  /** Whether the receiver may not change the status; true for `disabled` and false otherwise unless given. */
  @IsOptional()
  @IsBoolean()
  locked?: boolean;
}

export class StreamHealthDto {
  pendingCount: number;
  oldestPendingAt: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  /** Code of the last failure, until a success. */
  lastError: string | null;
  consecutiveFailures: number;
  /** When the next try is due, while the stream backs off. */
  retryAt: Date | null;
  /** The first failure since the last success: after a while of nothing else the stream is paused. */
  failingSince: Date | null;
}

export class StreamDto {
  id: string;
  providerId: string;
  applicationId: string;

  @ApiProperty({ enum: ['receiver', 'administrator'] })
  managedBy: 'receiver' | 'administrator';

  @ApiProperty({ enum: STREAM_STATUSES })
  status: StreamStatus;

  statusReason: string | null;

  /** An administrator set the status, and the receiver may not change it. */
  statusLocked: boolean;

  @ApiProperty({ enum: ['push', 'poll'] })
  deliveryMethod: 'push' | 'poll';

  /** Push only. */
  endpointUrl: string | null;
  audience: string[];
  eventsSupported: string[];
  eventsRequested: string[] | null;
  eventsDelivered: string[];
  description: string | null;
  health: StreamHealthDto;
  /** Subjects in its list: those added to none, or removed from all. */
  subjectsCount: number;
  createdAt: Date;
  updatedAt: Date;
}

export class StreamPageDto {
  data: StreamDto[];
  nextCursor: string | null;
}

const NO_QUEUE: QueueHealth = {
  pendingCount: 0,
  oldestPendingAt: null,
  lastSuccessAt: null,
  lastFailureAt: null,
  lastError: null,
  consecutiveFailures: 0,
  retryAt: null,
  failingSince: null,
};

/** A stream that was deleted while it was listed has no queue any more. */
export function toStreamDto(
  stream: Stream,
  events: StreamEvents,
  health: QueueHealth = NO_QUEUE,
  subjectsCount = 0,
): StreamDto {
  return {
    id: stream.id,
    providerId: stream.providerId,
    applicationId: stream.applicationId,
    managedBy: stream.managedBy,
    status: stream.status,
    statusReason: stream.statusReason,
    statusLocked: stream.statusLocked,
    deliveryMethod: stream.method,
    endpointUrl: stream.endpointUrl,
    audience: stream.audience,
    eventsSupported: events.supported,
    eventsRequested: stream.eventsRequested,
    eventsDelivered: events.delivered,
    description: stream.description,
    health,
    subjectsCount,
    createdAt: stream.createdAt,
    updatedAt: stream.updatedAt,
  };
}

export class ListedSubjectDto {
  id: string;

  @ApiProperty({ enum: ['added', 'removed'] })
  kind: 'added' | 'removed';

  @ApiProperty({ allOf: [SUBJECT_REF] })
  subject: object;

  /** Whether the receiver has verified the identifier. */
  verified: boolean;
  createdAt: Date;
}

export class ListedSubjectPageDto {
  data: ListedSubjectDto[];
  nextCursor: string | null;
}
