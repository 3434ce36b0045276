import type { JsonSchema, ObjectSchema } from './event-definition.js';

export const INITIATING_ENTITIES = ['admin', 'user', 'policy', 'system'] as const;

/** Who or what brought an event about (CAEP 1.0 section 2). */
export type InitiatingEntity = (typeof INITIATING_ENTITIES)[number];

/** BCP 47 language tag -> text (CAEP 1.0 section 2). */
export type LanguageMap = Readonly<Record<string, string>>;

export const LANGUAGE_TAG = '^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$';

/** A string claim that is not empty. */
export function textClaim(description: string, keywords: JsonSchema = {}): JsonSchema {
  return { type: 'string', minLength: 1, description, ...keywords };
}

/** A string claim out of a closed list. */
export function choiceClaim(description: string, values: readonly string[]): JsonSchema {
  return { type: 'string', enum: values, description };
}

const languageMap = (description: string): JsonSchema => ({
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: LANGUAGE_TAG },
  additionalProperties: { type: 'string' },
  description,
});

export const EVENT_TIMESTAMP: JsonSchema = {
  type: 'number',
  minimum: 0,
  description: 'When it happened, in seconds since the epoch',
};
export const REASON_ADMIN = languageMap('The reason for administrators, by BCP 47 language tag');
export const REASON_USER = languageMap('The reason for the user, by BCP 47 language tag');

/** The claims that every CAEP event may have (CAEP 1.0 section 2). */
export const CAEP_COMMON_CLAIMS = {
  event_timestamp: EVENT_TIMESTAMP,
  initiating_entity: choiceClaim('Who or what brought the event about', INITIATING_ENTITIES),
  reason_admin: REASON_ADMIN,
  reason_user: REASON_USER,
} as const satisfies Record<string, JsonSchema>;

// CAEP Interoperability Profile sections 3.1 and 3.2: `reason_admin` is there, and its texts are not empty.
export const REASON_ADMIN_NEEDED: ObjectSchema = {
  type: 'object',
  properties: { reason_admin: { type: 'object', additionalProperties: { type: 'string', minLength: 1 } } },
  required: ['reason_admin'],
};

/** The registered credential types; others may be agreed (CAEP 1.0 section 3.3.1). */
export const CREDENTIAL_TYPES = [
  'password',
  'pin',
  'x509',
  'fido2-platform',
  'fido2-roaming',
  'fido-u2f',
  'verifiable-credential',
  'phone-voice',
  'phone-sms',
  'app',
] as const;

export const CREDENTIAL_TYPE = textClaim('The kind of credential; a registered one or one that was agreed', {
  examples: CREDENTIAL_TYPES,
});
