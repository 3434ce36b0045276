const CAEP_BASE = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC_BASE = 'https://schemas.openid.net/secevent/risc/event-type/';
const SSF_BASE = 'https://schemas.openid.net/secevent/ssf/event-type/';

/** CAEP 1.0 section 3. */
export const CAEP = {
  sessionRevoked: `${CAEP_BASE}session-revoked`,
  tokenClaimsChange: `${CAEP_BASE}token-claims-change`,
  credentialChange: `${CAEP_BASE}credential-change`,
  assuranceLevelChange: `${CAEP_BASE}assurance-level-change`,
  deviceComplianceChange: `${CAEP_BASE}device-compliance-change`,
  sessionEstablished: `${CAEP_BASE}session-established`,
  sessionPresented: `${CAEP_BASE}session-presented`,
  riskLevelChange: `${CAEP_BASE}risk-level-change`,
} as const;

/** RISC 1.0 section 2. */
export const RISC = {
  accountCredentialChangeRequired: `${RISC_BASE}account-credential-change-required`,
  accountPurged: `${RISC_BASE}account-purged`,
  accountDisabled: `${RISC_BASE}account-disabled`,
  accountEnabled: `${RISC_BASE}account-enabled`,
  identifierChanged: `${RISC_BASE}identifier-changed`,
  identifierRecycled: `${RISC_BASE}identifier-recycled`,
  credentialCompromise: `${RISC_BASE}credential-compromise`,
  optIn: `${RISC_BASE}opt-in`,
  optOutInitiated: `${RISC_BASE}opt-out-initiated`,
  optOutCancelled: `${RISC_BASE}opt-out-cancelled`,
  optOutEffective: `${RISC_BASE}opt-out-effective`,
  recoveryActivated: `${RISC_BASE}recovery-activated`,
  recoveryInformationChanged: `${RISC_BASE}recovery-information-changed`,
  /** deprecated for CAEP session-revoked (RISC 1.0 section 2.11) */
  sessionsRevoked: `${RISC_BASE}sessions-revoked`,
} as const;

/** SSF 1.0 sections 8.1.4.1 and 8.1.5. */
export const SSF = {
  verification: `${SSF_BASE}verification`,
  streamUpdated: `${SSF_BASE}stream-updated`,
} as const;

/** The specification that defines an event type; `custom` when it is none of the three. */
export type EventFamily = 'caep' | 'risc' | 'ssf' | 'custom';

/** The family of an event type by its URI. */
export function eventFamily(uri: string): EventFamily {
  if (uri.startsWith(CAEP_BASE)) return 'caep';
  if (uri.startsWith(RISC_BASE)) return 'risc';
  if (uri.startsWith(SSF_BASE)) return 'ssf';
  return 'custom';
}
