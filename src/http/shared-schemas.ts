import type { OpenAPIObject } from '@nestjs/swagger';
import { SIGNING_ALGORITHMS } from '../core/set/signing-algorithm.js';
import { subjectIdentifierSchema } from '../core/subjects/parse-subject.js';

// Schemas that no class of ours has, as the descriptions of the APIs have them below `components`.

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

export const SUBJECT_REF = { $ref: '#/components/schemas/SubjectIdentifier' };
export const CLAIMS_REF = { $ref: '#/components/schemas/SetClaims' };
export const SET_REF = { $ref: '#/components/schemas/SecurityEventToken' };

const STRING = { type: 'string' };

const SET_HEADER_SCHEMA = {
  type: 'object',
  required: ['typ', 'alg', 'kid'],
  properties: { typ: { const: 'secevent+jwt' }, alg: { enum: SIGNING_ALGORITHMS }, kid: STRING },
};

/** SSF 1.0 section 4.1, with what this transmitter makes of it: one event, and neither `sub` nor `exp`. */
const SET_CLAIMS_SCHEMA = {
  type: 'object',
  description: 'The claims of a SET (RFC 8417 section 2.2, SSF 1.0 section 4.1)',
  required: ['iss', 'jti', 'iat', 'aud', 'sub_id', 'events'],
  properties: {
    iss: { ...STRING, format: 'uri' },
    jti: { ...STRING, description: 'The same whenever the SET comes again.' },
    iat: { type: 'integer', description: 'Seconds since the epoch' },
    aud: { oneOf: [STRING, { type: 'array', items: STRING }] },
    txn: { ...STRING, description: 'SETs that belong to one cause share it.' },
    sub_id: SUBJECT_REF,
    events: {
      type: 'object',
      description: 'One event: its payload by the URI of its type',
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: { type: 'object', additionalProperties: true },
    },
  },
};

/** A JWT as JSON Schema describes one (2020-12 validation, section 8.5: header and claims, in that order). */
const SET_SCHEMA = {
  ...STRING,
  description: 'A Security Event Token (RFC 8417) in the compact serialization of JWS',
  pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$',
  contentMediaType: 'application/jwt',
  contentSchema: { type: 'array', minItems: 2, prefixItems: [SET_HEADER_SCHEMA, CLAIMS_REF] },
};

/** JSON Schema 2020-12, which the types of the document builder know only in part. */
export const CLAIMS_SCHEMAS = {
  SubjectIdentifier: subjectIdentifierSchema,
  SetClaims: SET_CLAIMS_SCHEMA,
} as Schemas;

export const SET_SCHEMAS = { ...CLAIMS_SCHEMAS, SecurityEventToken: SET_SCHEMA } as Schemas;
