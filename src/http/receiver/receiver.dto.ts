import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import type { SsfErrorCode } from '../../core/errors.js';
import { POLL, PUSH } from '../../core/streams/delivery-method.js';
import { CAEP } from '../../core/events/event-uris.js';
import { STREAM_STATUSES, type StreamStatus } from '../../core/streams/stream-status.js';
import { SET_REF, SUBJECT_REF } from '../shared-schemas.js';

// The wire shapes, for the API description. Requests are parsed by core/streams, since the specification asks for
// more than types: unknown members are ignored, and some errors depend on the stream.

/** `SsfErrorCode` without those that only other APIs give. */
const RECEIVER_ERROR_CODES = [
  'invalid_request',
  'missing_token',
  'invalid_token',
  'insufficient_scope',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'payload_too_large',
  'too_many_requests',
  'unavailable',
  'internal',
] as const satisfies readonly SsfErrorCode[];

/** RFC 8935 section 2.4, SSF 1.0 section 11. */
export const SET_ERROR_CODES = [
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'invalid_state',
  'authentication_failed',
  'access_denied',
] as const;

const ID = '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10';
const EVENTS = { type: 'array', items: { type: 'string', format: 'uri' } } as const;

/** `delivery` as a receiver asks for it (SSF 1.0 section 6.1). */
export class DeliveryDto {
  @ApiProperty({
    example: PUSH,
    description: `${PUSH} (push) or ${POLL} (poll); with the legacy profile also the URIs of the RISC drafts.`,
  })
  method: string;

  @ApiPropertyOptional({
    example: 'https://receiver.example/events',
    description: 'Push: where SETs are POSTed, required. Poll: supplied by the transmitter.',
  })
  endpoint_url?: string;

  @ApiPropertyOptional({
    writeOnly: true,
    example: 'Bearer a-secret-of-your-own',
    description:
      'Push: sent verbatim as Authorization with each SET; never given back. In an update an empty one removes it.',
  })
  authorization_header?: string;
}

/** `delivery` as it is answered. */
export class StreamDeliveryDto {
  @ApiProperty({ example: PUSH })
  method: string;

  @ApiProperty({ example: 'https://receiver.example/events', description: 'Poll: where to poll.' })
  endpoint_url: string;
}

/** Body of a create request (SSF 1.0 section 8.1.1.1). Every member is optional, and unknown ones are ignored. */
export class CreateStreamDto {
  @ApiPropertyOptional({ type: DeliveryDto, description: 'Absent: poll.' })
  delivery?: DeliveryDto;

  @ApiPropertyOptional({
    ...EVENTS,
    example: [CAEP.sessionRevoked, CAEP.credentialChange],
    description: 'Absent: every event type that this receiver may have. Unknown ones are kept and ignored.',
  })
  events_requested?: string[];

  @ApiPropertyOptional({ example: 'production', description: 'Cut after 1000 characters.' })
  description?: string;

  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    description: 'Counts if the application may have it, or with the legacy profile.',
  })
  aud?: string | string[];

  @ApiPropertyOptional({ description: 'With the legacy profile: stored and given back.' })
  format?: string;
}

/** A stream configuration (SSF 1.0 section 8.1.1). */
export class StreamConfigurationDto {
  @ApiProperty({ format: 'uuid', example: ID })
  stream_id: string;

  @ApiProperty({ format: 'uri', example: 'https://idp.example/ssf/acme' })
  iss: string;

  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    example: 'https://receiver.example',
  })
  aud: string | string[];

  @ApiProperty({ type: StreamDeliveryDto })
  delivery: StreamDeliveryDto;

  @ApiProperty({ ...EVENTS, example: [CAEP.sessionRevoked, CAEP.credentialChange] })
  events_supported: string[];

  @ApiPropertyOptional({ ...EVENTS, example: [CAEP.sessionRevoked], description: 'As they were requested.' })
  events_requested?: string[];

  @ApiProperty({ ...EVENTS, example: [CAEP.sessionRevoked] })
  events_delivered: string[];

  @ApiProperty({ type: 'integer', example: 10, description: 'Seconds between two verification requests.' })
  min_verification_interval: number;

  @ApiPropertyOptional({
    example: 86400,
    description: 'Seconds without a request about the stream (a poll counts) after which it is paused.',
  })
  inactivity_timeout?: number;

  @ApiPropertyOptional({ example: 'production' })
  description?: string;

  @ApiPropertyOptional({ description: 'Only with the legacy profile: as it was sent.' })
  format?: string;
}

/** SSF 1.0 section 8.1.2. */
export class StreamStatusDto {
  @ApiProperty({ example: ID })
  stream_id: string;

  @ApiProperty({ enum: STREAM_STATUSES })
  status: StreamStatus;

  @ApiPropertyOptional({ example: 'push endpoint failing' })
  reason?: string;
}

/** SSF 1.0 section 8.1.4. */
export class VerifyDto {
  @ApiProperty({ example: ID })
  stream_id: string;

  @ApiPropertyOptional({
    example: 'VGhpcyBpcyBhbiBleGFtcGxl',
    description: 'Echoed in the verification event.',
  })
  state?: string;
}

/** Errors of the receiver API, in the shape of RFC 8935 section 2.3. */
export class ReceiverErrorDto {
  @ApiProperty({ enum: RECEIVER_ERROR_CODES, description: 'What to switch on.' })
  err: string;

  @ApiProperty({ example: 'delivery.endpoint_url: must be an absolute URL', description: 'For people.' })
  description: string;
}

/** What a receiver says of a SET that it refuses (RFC 8935 section 2.3, RFC 8936 section 2.6). */
export class SetErrorDto {
  @ApiProperty({
    examples: [...SET_ERROR_CODES],
    description: `One of ${SET_ERROR_CODES.join(', ')}, or another that is registered.`,
  })
  err: string;

  @ApiPropertyOptional({ example: 'not for us' })
  description?: string;
}

/** A poll request (RFC 8936 section 2.2). Every member is optional; `{}` is a long poll. */
@ApiExtraModels(SetErrorDto)
export class PollRequestDto {
  @ApiPropertyOptional({
    type: 'integer',
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
  @ApiProperty({ type: 'object', additionalProperties: SET_REF, description: 'SETs by jti.' })
  sets: Record<string, string>;

  @ApiPropertyOptional({ type: 'boolean', enum: [true], description: 'Only present when true.' })
  moreAvailable?: boolean;
}

/** Body of a status request (SSF 1.0 section 8.1.2.2). */
export class UpdateStatusDto {
  @ApiProperty({ example: ID })
  stream_id: string;

  @ApiProperty({ enum: STREAM_STATUSES })
  status: StreamStatus;

  @ApiPropertyOptional({ example: 'maintenance until 18:00' })
  reason?: string;
}

/** Body of an update (SSF 1.0 sections 8.1.1.3 and 8.1.1.4); transmitter-supplied members must have their value. */
export class UpdateStreamDto extends CreateStreamDto {
  @ApiProperty({ example: ID })
  stream_id: string;
}

/** Bodies of add and remove (SSF 1.0 section 8.1.3). */
export class SubjectDto {
  @ApiProperty({ example: ID })
  stream_id: string;

  @ApiProperty({ allOf: [SUBJECT_REF], example: { format: 'email', email: 'ana@acme.test' } })
  subject: object;
}

export class AddSubjectDto extends SubjectDto {
  @ApiPropertyOptional({ default: true, description: 'Whether the receiver has verified the identifier.' })
  verified?: boolean;
}
