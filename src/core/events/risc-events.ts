import {
  choiceClaim,
  CREDENTIAL_TYPE,
  EVENT_TIMESTAMP,
  REASON_ADMIN,
  REASON_USER,
  textClaim,
} from './event-claims.js';
import type { EventDefinition } from './event-definition.js';
import { RISC } from './event-uris.js';

/** The event types of RISC 1.0 section 2. */
export const RISC_EVENTS: readonly EventDefinition[] = [
  plainEvent(
    'account-credential-change-required',
    RISC.accountCredentialChangeRequired,
    '2.1',
    'Credential change required',
  ),
  plainEvent('account-purged', RISC.accountPurged, '2.2', 'Account purged'),
  {
    ...plainEvent('account-disabled', RISC.accountDisabled, '2.3', 'Account disabled'),
    schema: {
      type: 'object',
      properties: { reason: choiceClaim('Why the account was disabled', ['hijacking', 'bulk-account']) },
    },
    example: { reason: 'hijacking' },
  },
  plainEvent('account-enabled', RISC.accountEnabled, '2.4', 'Account enabled'),
  {
    ...plainEvent('identifier-changed', RISC.identifierChanged, '2.5', 'Identifier changed'),
    schema: {
      type: 'object',
      properties: { 'new-value': textClaim('The new e-mail address or phone number') },
    },
    example: { 'new-value': 'ana.gil@example.com' },
    subjectFormats: ['email', 'phone_number'],
  },
  {
    ...plainEvent('identifier-recycled', RISC.identifierRecycled, '2.6', 'Identifier recycled'),
    subjectFormats: ['email', 'phone_number'],
  },
  {
    ...plainEvent('credential-compromise', RISC.credentialCompromise, '2.7', 'Credential compromised'),
    schema: {
      type: 'object',
      properties: {
        credential_type: CREDENTIAL_TYPE,
        event_timestamp: EVENT_TIMESTAMP,
        reason_admin: REASON_ADMIN,
        reason_user: REASON_USER,
      },
      required: ['credential_type'],
    },
    example: { event_timestamp: 1767225590, credential_type: 'password' },
  },
  plainEvent('opt-in', RISC.optIn, '2.8.1', 'Opted in'),
  plainEvent('opt-out-initiated', RISC.optOutInitiated, '2.8.2', 'Opt-out initiated'),
  plainEvent('opt-out-cancelled', RISC.optOutCancelled, '2.8.3', 'Opt-out cancelled'),
  plainEvent('opt-out-effective', RISC.optOutEffective, '2.8.4', 'Opt-out effective'),
  plainEvent('recovery-activated', RISC.recoveryActivated, '2.9', 'Recovery activated'),
  plainEvent(
    'recovery-information-changed',
    RISC.recoveryInformationChanged,
    '2.10',
    'Recovery information changed',
  ),
  {
    ...plainEvent(
      'sessions-revoked',
      RISC.sessionsRevoked,
      '2.11',
      'Sessions revoked (use CAEP session-revoked)',
    ),
    deprecated: true,
  },
];

/** An event type without claims of its own. */
function plainEvent(name: string, uri: string, section: string, title: string): EventDefinition {
  const specification = `RISC 1.0 section ${section}`;
  return { uri, family: 'risc', name, title, specification, schema: { type: 'object' }, example: {} };
}
