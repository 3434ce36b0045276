import type { SourceProfile, SourceRule } from './source-profile.js';

const USER = { id: 'authDetails.userId' };
const SESSION = 'authDetails.sessionId';
/** of the users that administrators change, which `authDetails` does not name */
const MANAGED = { id: 'resourcePath/1' };

const RULES: SourceRule[] = [
  {
    match: { type: 'access.LOGIN' },
    signal: {
      type: 'session.established',
      user: USER,
      session: SESSION,
      details: { clientId: 'authDetails.clientId' },
    },
  },
  { match: { type: 'access.LOGOUT' }, signal: { type: 'logout', user: USER, session: SESSION } },
  {
    match: { type: 'access.UPDATE_CREDENTIAL', 'details.credential_type': 'password' },
    signal: { type: 'password.changed', user: USER, initiatingEntity: 'user' },
  },
  {
    match: { type: 'access.UPDATE_CREDENTIAL', 'details.credential_type': 'otp' },
    signal: { type: 'mfa.added', user: USER, initiatingEntity: 'user' },
  },
  {
    match: { type: 'access.REMOVE_CREDENTIAL', 'details.credential_type': 'otp' },
    signal: { type: 'mfa.removed', user: USER, initiatingEntity: 'user' },
  },
  {
    match: { type: 'access.UPDATE_EMAIL' },
    signal: {
      type: 'identifier.changed',
      user: { ...USER, email: 'details.previous_email' },
      details: { newValue: 'details.updated_email' },
    },
  },
  { match: { type: 'access.DELETE_ACCOUNT' }, signal: { type: 'account.purged', user: USER } },
  {
    match: { type: 'admin.USER-DELETE', resourcePath: 'users/*' },
    signal: { type: 'account.purged', user: MANAGED },
  },
  {
    match: { type: 'admin.USER-ACTION', resourcePath: 'users/*/logout' },
    signal: { type: 'session.revoked', user: MANAGED, initiatingEntity: 'admin' },
  },
  {
    match: { type: 'admin.USER-ACTION', resourcePath: 'users/*/reset-password' },
    signal: { type: 'password.changed', user: MANAGED, initiatingEntity: 'admin' },
  },
  // Every later change of a disabled user says so again. That an enabled one is enabled is no news at all.
  {
    match: { type: 'admin.USER-UPDATE', resourcePath: 'users/*', 'representation.enabled': false },
    signal: { type: 'account.disabled', user: MANAGED },
  },
];

/**
 * Keycloak's user and admin events, as the webhooks of the extension keycloak-events send them: one form, told apart by
 * `type`. UPDATE_PASSWORD, UPDATE_TOTP and REMOVE_TOTP are left out: since Keycloak 26 they come beside the
 * `_CREDENTIAL` events, and would be a second signal. WebAuthn credentials are left out, too: the event does not say
 * which kind of the CAEP events they are.
 *
 * Form: https://github.com/p2-inc/keycloak-events, representation/ExtendedAdminEvent.java, and
 * https://phasetwo.io/docs/audit-logs/admin; signature: events/HttpSenderEventListenerProvider.java.
 */
export const KEYCLOAK_PROFILE: SourceProfile = {
  eventType: 'type',
  hint: 'webhooks of the extension keycloak-events have one',
  // `uid` is of the webhook: another one would have another for the same event
  id: [['id', 'uid']],
  time: { path: 'time', form: 'milliseconds' },
  signatureHeader: 'x-keycloak-signature',
  rules: RULES,
};
