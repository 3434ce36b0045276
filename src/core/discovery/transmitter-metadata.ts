import type { Problem } from '../errors.js';
import type { ConformanceLevel } from '../events/event-catalogue.js';
import { lazySchema } from '../json-schema.js';

export interface MetadataInput {
  readonly issuer: string;
  /** default `1_0`, which is SSF 1.0 Final */
  readonly specVersion?: string;
  readonly jwksUri: string;
  readonly deliveryMethods: readonly string[];
  readonly configurationEndpoint: string;
  readonly statusEndpoint: string;
  readonly addSubjectEndpoint?: string;
  readonly removeSubjectEndpoint?: string;
  readonly verificationEndpoint: string;
  readonly criticalSubjectMembers?: readonly string[];
  /** URNs; default OAuth 2.0 (RFC 6749) and bearer tokens (RFC 6750) */
  readonly authorizationSchemes?: readonly string[];
  readonly defaultSubjects: 'ALL' | 'NONE';
  /** how many SETs a paused stream keeps, and for how long */
  readonly pausedStreams?: { readonly maxSets: number; readonly maxSeconds: number };
}

const OAUTH_SCHEME = 'urn:ietf:rfc:6749';
const BEARER_SCHEME = 'urn:ietf:rfc:6750';

/**
 * The Transmitter Configuration Metadata (SSF 1.0 section 7.1), without what is absent or empty (section 7.2.3). The
 * limits of paused streams, which the CAEP Interoperability Profile asks for in section 2.3.5, are a member of our own.
 */
export function buildMetadata(input: MetadataInput): Record<string, unknown> {
  const schemes = input.authorizationSchemes ?? [OAUTH_SCHEME, BEARER_SCHEME];
  const members = {
    spec_version: input.specVersion ?? '1_0',
    issuer: input.issuer,
    jwks_uri: input.jwksUri,
    delivery_methods_supported: input.deliveryMethods,
    configuration_endpoint: input.configurationEndpoint,
    status_endpoint: input.statusEndpoint,
    add_subject_endpoint: input.addSubjectEndpoint,
    remove_subject_endpoint: input.removeSubjectEndpoint,
    verification_endpoint: input.verificationEndpoint,
    critical_subject_members: input.criticalSubjectMembers,
    authorization_schemes: schemes.map((urn) => ({ spec_urn: urn })),
    default_subjects: input.defaultSubjects,
    paused_stream_limits: input.pausedStreams && {
      max_events: input.pausedStreams.maxSets,
      max_seconds: input.pausedStreams.maxSeconds,
    },
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/**
 * What is wrong with Transmitter Configuration Metadata.
 *
 * @param level `spec`: SSF 1.0 section 7.1; `iop`: the CAEP Interoperability Profile section 2.3 as well
 */
export function validateMetadata(metadata: unknown, level: ConformanceLevel): Problem[] {
  return [
    ...validateBySpec(metadata, 'metadata'),
    ...(level === 'iop' ? validateByInteropProfile(metadata, 'metadata') : []),
  ];
}

const HTTPS_URL = { type: 'string', format: 'uri', pattern: '^https://' };
const STRINGS = { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } };

const validateBySpec = lazySchema({
  type: 'object',
  required: ['issuer'],
  properties: {
    spec_version: { type: 'string', pattern: '^[1-9][0-9]*_[0-9]+(-ID[1-9][0-9]*)?$' },
    issuer: { type: 'string', format: 'uri', pattern: '^https://[^?#]+$' },
    jwks_uri: HTTPS_URL,
    delivery_methods_supported: STRINGS,
    configuration_endpoint: HTTPS_URL,
    status_endpoint: HTTPS_URL,
    add_subject_endpoint: HTTPS_URL,
    remove_subject_endpoint: HTTPS_URL,
    verification_endpoint: HTTPS_URL,
    critical_subject_members: STRINGS,
    authorization_schemes: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['spec_urn'],
        properties: { spec_urn: { type: 'string', pattern: '^urn:' } },
      },
    },
    default_subjects: { enum: ['ALL', 'NONE'] },
  },
});

const validateByInteropProfile = lazySchema({
  type: 'object',
  required: [
    'spec_version',
    'jwks_uri',
    'delivery_methods_supported',
    'configuration_endpoint',
    'status_endpoint',
    'verification_endpoint',
    'authorization_schemes',
  ],
  properties: {
    spec_version: { not: { pattern: '-ID' } },
    authorization_schemes: {
      contains: { type: 'object', required: ['spec_urn'], properties: { spec_urn: { const: OAUTH_SCHEME } } },
    },
  },
});
