import {
  CAEP_COMMON_CLAIMS,
  choiceClaim,
  CREDENTIAL_TYPE,
  REASON_ADMIN_NEEDED,
  textClaim,
} from './event-claims.js';
import type { EventDefinition, JsonSchema } from './event-definition.js';
import { CAEP } from './event-uris.js';

const COMPLIANCE_STATUSES = ['compliant', 'not-compliant'];
const RISK_LEVELS = ['LOW', 'MEDIUM', 'HIGH'];

const EXTERNAL_ID = textClaim('The id of the session at another party, such as a SAML assertion id');
const USER_AGENT_FINGERPRINT = textClaim('The fingerprint of the user agent, as this issuer computes it');

const HAPPENED = { event_timestamp: 1767225590 };

/** The event types of CAEP 1.0 section 3. */
export const CAEP_EVENTS: readonly EventDefinition[] = [
  {
    ...caepEvent('session-revoked', CAEP.sessionRevoked, '3.1'),
    title: 'Session revoked',
    schema: payload({}),
    interopSchema: REASON_ADMIN_NEEDED,
    example: {
      ...HAPPENED,
      initiating_entity: 'admin',
      reason_admin: { en: 'Offboarding ticket 4411' },
      reason_user: { en: 'You were signed out.' },
    },
  },
  {
    ...caepEvent('token-claims-change', CAEP.tokenClaimsChange, '3.2'),
    title: 'Token claims changed',
    schema: payload(
      {
        claims: { type: 'object', minProperties: 1, description: 'The changed claims with their new values' },
      },
      ['claims'],
    ),
    example: { ...HAPPENED, claims: { dept: 'finance', mfa: true } },
  },
  {
    ...caepEvent('credential-change', CAEP.credentialChange, '3.3'),
    title: 'Credential changed',
    schema: payload(
      {
        credential_type: CREDENTIAL_TYPE,
        change_type: choiceClaim('What happened to the credential', ['create', 'revoke', 'update', 'delete']),
        friendly_name: textClaim('The name that the user gave the credential'),
        x509_issuer: textClaim('The issuer of the X.509 certificate'),
        x509_serial: textClaim('The serial number of the X.509 certificate'),
        fido2_aaguid: textClaim('The AAGUID of the FIDO2 authenticator'),
      },
      ['credential_type', 'change_type'],
    ),
    interopSchema: REASON_ADMIN_NEEDED,
    example: {
      ...HAPPENED,
      initiating_entity: 'user',
      reason_admin: { en: 'The user removed a security key.' },
      credential_type: 'fido2-roaming',
      change_type: 'delete',
      friendly_name: 'Blue key',
      fido2_aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
    },
  },
  {
    ...caepEvent('assurance-level-change', CAEP.assuranceLevelChange, '3.4'),
    title: 'Assurance level changed',
    schema: payload(
      {
        namespace: textClaim('What the levels are levels of', {
          examples: ['RFC8176', 'RFC6711', 'ISO-IEC-29115', 'NIST-IAL', 'NIST-AAL', 'NIST-FAL'],
        }),
        current_level: textClaim('The level now'),
        previous_level: textClaim('The level before'),
        change_direction: choiceClaim('Which way the level went', ['increase', 'decrease']),
      },
      ['namespace', 'current_level'],
    ),
    example: {
      ...HAPPENED,
      namespace: 'NIST-AAL',
      current_level: 'nist-aal3',
      previous_level: 'nist-aal2',
      change_direction: 'increase',
    },
  },
  {
    ...caepEvent('device-compliance-change', CAEP.deviceComplianceChange, '3.5'),
    title: 'Device compliance changed',
    schema: payload(
      {
        previous_status: choiceClaim('The status before', COMPLIANCE_STATUSES),
        current_status: choiceClaim('The status now', COMPLIANCE_STATUSES),
      },
      ['previous_status', 'current_status'],
    ),
    example: {
      ...HAPPENED,
      initiating_entity: 'policy',
      previous_status: 'compliant',
      current_status: 'not-compliant',
    },
  },
  {
    ...caepEvent('session-established', CAEP.sessionEstablished, '3.6'),
    title: 'Session established',
    schema: payload({
      fp_ua: USER_AGENT_FINGERPRINT,
      acr: textClaim('The authentication context class, as in an ID Token'),
      amr: {
        type: 'array',
        items: { type: 'string' },
        description: 'The authentication methods, as in an ID Token',
      },
      ext_id: EXTERNAL_ID,
    }),
    example: {
      ...HAPPENED,
      acr: 'urn:acme:acr:2',
      amr: ['pwd', 'otp'],
      fp_ua: 'c0ffee01',
      ext_id: 'saml-551',
    },
  },
  {
    ...caepEvent('session-presented', CAEP.sessionPresented, '3.7'),
    title: 'Session presented',
    schema: payload({ fp_ua: USER_AGENT_FINGERPRINT, ext_id: EXTERNAL_ID }),
    example: { ...HAPPENED, fp_ua: 'c0ffee01', ext_id: 'saml-551' },
  },
  {
    ...caepEvent('risk-level-change', CAEP.riskLevelChange, '3.8'),
    title: 'Risk level changed',
    schema: payload(
      {
        principal: textClaim('The principal whose risk changed', {
          examples: ['USER', 'DEVICE', 'SESSION', 'TENANT', 'ORG_UNIT', 'GROUP'],
        }),
        current_level: choiceClaim('The level now', RISK_LEVELS),
        previous_level: choiceClaim('The level before', RISK_LEVELS),
        risk_reason: textClaim('Why the level changed'),
      },
      ['principal', 'current_level'],
    ),
    example: {
      ...HAPPENED,
      principal: 'USER',
      current_level: 'HIGH',
      previous_level: 'LOW',
      risk_reason: 'IMPOSSIBLE_TRAVEL',
    },
  },
];

function caepEvent(name: string, uri: string, section: string) {
  return { uri, family: 'caep', name, specification: `CAEP 1.0 section ${section}` } as const;
}

function payload(
  claims: Record<string, JsonSchema>,
  required: readonly string[] = [],
): EventDefinition['schema'] {
  return { type: 'object', properties: { ...CAEP_COMMON_CLAIMS, ...claims }, required };
}
