import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { PUSH } from '../../core/streams/delivery-method.js';
import { CAEP } from '../../core/events/event-uris.js';
import { STREAM_STATUSES, type StreamStatus } from '../../core/streams/stream-status.js';

// The wire shapes, for the API description. Requests are parsed by core/streams, since the specification asks for
// more than types: unknown members are ignored, and some errors depend on the stream.

/** `delivery` of a stream (SSF 1.0 section 6.1). */
export class DeliveryDto {
  @ApiProperty({ example: PUSH, description: 'urn:ietf:rfc:8935 (push) or urn:ietf:rfc:8936 (poll)' })
  method: string;

  @ApiPropertyOptional({
    example: 'https://receiver.example/events',
    description: 'Push: where SETs are POSTed. Poll: supplied by the transmitter.',
  })
  endpoint_url?: string;

  @ApiPropertyOptional({
    writeOnly: true,
    example: 'Bearer a-secret-of-the-receiver',
    description: 'Sent verbatim as Authorization with each push; never given back.',
  })
  authorization_header?: string;
}

/** Body of a create request (SSF 1.0 section 8.1.1.1). Every member is optional. */
export class CreateStreamDto {
  @ApiPropertyOptional({ type: DeliveryDto })
  delivery?: DeliveryDto;

  @ApiPropertyOptional({
    type: [String],
    example: [CAEP.sessionRevoked, CAEP.credentialChange],
    description: 'Absent: every event type that this receiver may have.',
  })
  events_requested?: string[];

  @ApiPropertyOptional({ example: 'production' })
  description?: string;
}

/** A stream configuration (SSF 1.0 section 8.1.1). */
export class StreamConfigurationDto {
  @ApiProperty({ example: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10' })
  stream_id: string;

  @ApiProperty({ example: 'https://idp.example/ssf/acme' })
  iss: string;

  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    example: 'https://receiver.example',
  })
  aud: string | string[];

  @ApiProperty({ type: DeliveryDto })
  delivery: DeliveryDto;

  @ApiProperty({ type: [String], example: [CAEP.sessionRevoked, CAEP.credentialChange] })
  events_supported: string[];

  @ApiPropertyOptional({ type: [String], example: [CAEP.sessionRevoked] })
  events_requested?: string[];

  @ApiProperty({ type: [String], example: [CAEP.sessionRevoked] })
  events_delivered: string[];

  @ApiProperty({ example: 10, description: 'Seconds between two verification requests.' })
  min_verification_interval: number;

  @ApiPropertyOptional({
    example: 86400,
    description: 'Seconds without a request about the stream (a poll counts) after which it is paused.',
  })
  inactivity_timeout?: number;

  @ApiPropertyOptional({ example: 'production' })
  description?: string;
}

/** SSF 1.0 section 8.1.2. */
export class StreamStatusDto {
  @ApiProperty({ example: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10' })
  stream_id: string;

  @ApiProperty({ enum: STREAM_STATUSES })
  status: StreamStatus;

  @ApiPropertyOptional({ example: 'push endpoint failing' })
  reason?: string;
}

/** SSF 1.0 section 8.1.4. */
export class VerifyDto {
  @ApiProperty({ example: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10' })
  stream_id: string;

  @ApiPropertyOptional({
    example: 'VGhpcyBpcyBhbiBleGFtcGxl',
    description: 'Echoed in the verification event.',
  })
  state?: string;
}

/** Errors of the receiver API, in the shape of RFC 8935 section 2.3. */
export class ReceiverErrorDto {
  @ApiProperty({ example: 'invalid_request' })
  err: string;

  @ApiProperty({ example: 'delivery.endpoint_url: must be an absolute URL' })
  description: string;
}

/** RFC 8936 section 2.2. */
export class SetErrorDto {
  @ApiProperty({ example: 'invalid_audience' })
  err: string;

  @ApiPropertyOptional({ example: 'not for us' })
  description?: string;
}

/** A poll request (RFC 8936 section 2.2). Every member is optional; `{}` is a long poll. */
export class PollRequestDto {
  @ApiPropertyOptional({
    minimum: 0,
    example: 25,
    description: '0 acknowledges only; at most 100 are returned.',
  })
  maxEvents?: number;

  @ApiPropertyOptional({
    default: false,
    description:
      'false holds the request until there is a SET, for a while (30 seconds unless set otherwise).',
  })
  returnImmediately?: boolean;

  @ApiPropertyOptional({
    type: [String],
    example: ['01a1ffad-b397-7000-8000-02731b88c95d'],
    description: 'jtis that were received.',
  })
  ack?: string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(SetErrorDto) },
    description: 'jtis that are refused, and why.',
  })
  setErrs?: Record<string, SetErrorDto>;
}

/** A poll response (RFC 8936 section 2.3). */
export class PollAnswerDto {
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'SETs by jti.' })
  sets: Record<string, string>;

  @ApiPropertyOptional({ description: 'Only present when true.' })
  moreAvailable?: boolean;
}

/** Body of a status request (SSF 1.0 section 8.1.2.2). */
export class UpdateStatusDto {
  @ApiProperty({ example: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10' })
  stream_id: string;

  @ApiProperty({ enum: STREAM_STATUSES })
  status: StreamStatus;

  @ApiPropertyOptional({ example: 'maintenance until 18:00' })
  reason?: string;
}

/** Body of an update (SSF 1.0 sections 8.1.1.3 and 8.1.1.4); transmitter-supplied members must have their value. */
export class UpdateStreamDto extends CreateStreamDto {
  @ApiProperty({ example: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10' })
  stream_id: string;
}

/** Bodies of add and remove (SSF 1.0 section 8.1.3). */
export class SubjectDto {
  @ApiProperty({ example: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10' })
  stream_id: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { format: 'email', email: 'ana@acme.test' },
  })
  subject: object;
}

export class AddSubjectDto extends SubjectDto {
  @ApiPropertyOptional({ default: true, description: 'Whether the receiver has verified the identifier.' })
  verified?: boolean;
}
