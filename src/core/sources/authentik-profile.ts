import type { SourceProfile } from './source-profile.js';

const USER = { id: 'user.pk', email: 'user.email' };

/**
 * authentik's events, as the notification transport "Webhook (generic)" sends them when its body mapping gives out the
 * event (docs/sources.md): the default body says what was notified, but neither what happened nor to which user.
 *
 * Form and actions: https://docs.goauthentik.io/sys-mgmt/events/event-actions; the transport:
 * https://docs.goauthentik.io/events/transports/; whose event it is: authentik/events/signals.py. `user` is whoever did
 * it, which for these is the user concerned; of a deleted user, or a device that an administrator took away, it is not.
 */
export const AUTHENTIK_PROFILE: SourceProfile = {
  eventType: 'action',
  hint: 'the notification transport needs the body mapping of docs/sources.md',
  id: ['pk'],
  time: { path: 'created', form: 'rfc3339' },
  rules: [
    { match: { action: 'login' }, signal: { type: 'session.established', user: USER } },
    { match: { action: 'logout' }, signal: { type: 'logout', user: USER } },
    { match: { action: 'password_set' }, signal: { type: 'password.changed', user: USER } },
    {
      match: {
        action: 'model_deleted',
        'context.model.app': 'authentik_core',
        'context.model.model_name': 'user',
      },
      signal: { type: 'account.purged', user: { id: 'context.model.pk' } },
    },
  ],
};
