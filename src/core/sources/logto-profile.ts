import type { SourceProfile, SourceRule } from './source-profile.js';

/** of interactions: the user who signed in */
const USER = { id: 'userId', email: 'user.primaryEmail' };
/** of changes: the user who was changed, in the answer of the Management API or else in its path */
const CHANGED: SourceRule['signal']['user'] = {
  id: ['data.id', 'params.userId'],
  email: 'data.primaryEmail',
};

/**
 * Logto's webhooks. Phone numbers are left out: Logto keeps them without the `+` of E.164.
 *
 * Events: https://docs.logto.io/developers/webhooks/webhooks-events; form:
 * https://docs.logto.io/developers/webhooks/webhooks-request; signature:
 * https://docs.logto.io/developers/webhooks/secure-webhooks; `matchedRoute`: packages/schemas/src/foundations/
 * jsonb-types/hooks.ts of https://github.com/logto-io/logto.
 */
export const LOGTO_PROFILE: SourceProfile = {
  eventType: 'event',
  hint: 'webhooks of Logto have one',
  // no event has an id of its own; a repetition has the same `createdAt`
  id: ['hookId', 'event', 'createdAt', ['userId', 'data.id', 'params.userId']],
  time: { path: 'createdAt', form: 'rfc3339' },
  signatureHeader: 'logto-signature-sha-256',
  rules: [
    {
      match: { event: 'PostSignIn' },
      signal: {
        type: 'session.established',
        user: USER,
        session: 'sessionId',
        details: { clientId: 'application.id' },
      },
    },
    {
      match: { event: 'PostResetPassword' },
      signal: { type: 'password.changed', user: USER, initiatingEntity: 'user' },
    },
    {
      match: { event: 'User.Data.Updated', matchedRoute: '/users/:userId/password' },
      signal: { type: 'password.changed', user: CHANGED, initiatingEntity: 'admin' },
    },
    {
      match: { event: 'User.SuspensionStatus.Updated', 'data.isSuspended': true },
      signal: { type: 'account.disabled', user: CHANGED },
    },
    {
      match: { event: 'User.SuspensionStatus.Updated', 'data.isSuspended': false },
      signal: { type: 'account.enabled', user: CHANGED },
    },
    { match: { event: 'User.Deleted' }, signal: { type: 'account.purged', user: CHANGED } },
  ],
};
