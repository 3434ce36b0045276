import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SIGNING_ALGORITHMS } from '../../core/set/signing-algorithm.js';
import { POLL, PUSH } from '../../core/streams/delivery-method.js';
import { DEFAULT_SUBJECTS, type DefaultSubjects } from '../../providers/provider.entity.js';

// What a receiver reads before it has a token, for the API description.

class AuthorizationSchemeDto {
  @ApiProperty({ example: 'urn:ietf:rfc:6749' })
  spec_urn: string;
}

class PausedStreamLimitsDto {
  @ApiProperty({ type: 'integer' })
  max_events: number;

  @ApiProperty({ type: 'integer' })
  max_seconds: number;
}

/** SSF 1.0 section 7.1. Members without a value are left out. */
export class TransmitterMetadataDto {
  @ApiProperty({ example: '1_0' })
  spec_version: string;

  @ApiProperty({ format: 'uri' })
  issuer: string;

  @ApiProperty({ format: 'uri' })
  jwks_uri: string;

  @ApiProperty({ type: [String], example: [PUSH, POLL] })
  delivery_methods_supported: string[];

  @ApiProperty({ format: 'uri' })
  configuration_endpoint: string;

  @ApiProperty({ format: 'uri' })
  status_endpoint: string;

  @ApiProperty({ format: 'uri' })
  add_subject_endpoint: string;

  @ApiProperty({ format: 'uri' })
  remove_subject_endpoint: string;

  @ApiProperty({ format: 'uri' })
  verification_endpoint: string;

  @ApiProperty({ type: [AuthorizationSchemeDto] })
  authorization_schemes: AuthorizationSchemeDto[];

  @ApiProperty({ enum: DEFAULT_SUBJECTS })
  default_subjects: DefaultSubjects;

  @ApiProperty({ description: 'What a paused stream holds before it drops SETs' })
  paused_stream_limits: PausedStreamLimitsDto;
}

/** RFC 9728 section 2. */
export class ProtectedResourceDto {
  @ApiProperty({ format: 'uri' })
  resource: string;

  @ApiPropertyOptional({ type: [String], description: 'Absent: tokens come from the administrator.' })
  authorization_servers?: string[];

  @ApiProperty({ type: [String] })
  scopes_supported: string[];

  @ApiProperty({ type: [String], example: ['header'] })
  bearer_methods_supported: string[];
}

/** RFC 7517 section 5. */
export class JwkSetDto {
  @ApiProperty({
    type: 'array',
    items: {
      type: 'object',
      required: ['kty', 'kid', 'use', 'alg'],
      properties: {
        kty: { type: 'string' },
        kid: { type: 'string' },
        use: { type: 'string', enum: ['sig'] },
        alg: { enum: [...SIGNING_ALGORITHMS] },
      },
      additionalProperties: true,
    },
  })
  keys: object[];
}
