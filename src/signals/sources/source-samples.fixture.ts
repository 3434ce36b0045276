// Payloads in the forms that the products document (see the profiles), with users of a test.

/** https://docs.goauthentik.io/sys-mgmt/events/event-actions, of the body mapping of docs/sources.md */
export const AUTHENTIK_LOGIN = {
  pk: 'f00f54e7-2b38-421f-bc78-e61f950048d6',
  user: { pk: 1, email: 'root@localhost', username: 'akadmin' },
  action: 'login',
  app: 'authentik.events.signals',
  context: {
    auth_method: 'password',
    http_request: {
      args: { query: 'next=%2F' },
      path: '/api/v3/flows/executor/default-authentication-flow/',
      method: 'GET',
    },
    auth_method_args: {},
  },
  client_ip: '::1',
  created: '2023-02-15T15:33:42.771091Z',
};

/** The default body of the transport: https://docs.goauthentik.io/events/transports/ */
export const AUTHENTIK_DEFAULT_BODY = {
  body: 'login: {}',
  severity: 'notice',
  user_email: 'root@localhost',
  user_username: 'akadmin',
  event_user_email: 'ana@acme.test',
  event_user_username: 'ana',
};

export const AUTHENTIK_USER_DELETED = {
  ...AUTHENTIK_LOGIN,
  pk: '0d1c3e6e-5d1e-4c39-9e38-0a2e6d9dbb4c',
  action: 'model_deleted',
  app: 'authentik.audit',
  context: { model: { pk: 31, app: 'authentik_core', name: 'ana', model_name: 'user' } },
};

/** representation/ExtendedAdminEvent.java of keycloak-events: a user's event */
export const KEYCLOAK_LOGOUT = {
  id: '0b2cbd2c-1bb6-4c8d-9d4d-6f4e6a1d0f2b',
  uid: '31db295f-4bc7-4ba0-b689-65197efb5c6e',
  time: 1588696343501,
  realmId: '4d3bd0a8-7d3a-4a7e-8f5d-0a1a7d4f6f0c',
  realmName: 'acme',
  type: 'access.LOGOUT',
  authDetails: {
    realmId: 'acme',
    clientId: 'account',
    userId: 'f7cd3491-7c6c-480c-bc5c-b2b3b0fb048c',
    ipAddress: '78.195.109.209',
    username: 'ana',
    sessionId: '5d1f9c6a-6b0e-4c8e-8a77-3f6e9d0b1c2d',
  },
  details: { redirect_uri: 'https://app.acme.test/' },
};

/** https://phasetwo.io/docs/audit-logs/admin, of a user */
export const KEYCLOAK_USER_DISABLED = {
  uid: '8a4f4c9e-9d0f-4d65-ae1f-cf6f0f0c8f11',
  time: 1588696343501,
  realmId: 'acme',
  type: 'admin.USER-UPDATE',
  resourceType: 'USER',
  operationType: 'UPDATE',
  resourcePath: 'users/396664b6-40c5-4d45-bedf-2d8dd0f2af0e',
  representation: '{"id":"396664b6-40c5-4d45-bedf-2d8dd0f2af0e","username":"ana","enabled":false}',
  authDetails: { realmId: 'master', clientId: 'admin-cli', userId: 'the-administrator', username: 'admin' },
  details: { userId: '396664b6-40c5-4d45-bedf-2d8dd0f2af0e', username: 'ana' },
};

/** https://docs.logto.io/developers/webhooks/webhooks-request */
export const LOGTO_SIGN_IN = {
  hookId: 'hook-1',
  event: 'PostSignIn',
  interactionEvent: 'SignIn',
  createdAt: '2026-11-20T17:00:00.000Z',
  sessionId: 'session-77',
  userAgent: 'Mozilla/5.0',
  userIp: '78.195.109.209',
  userId: 'u3xk1',
  user: { id: 'u3xk1', username: 'ana', primaryEmail: 'ana@acme.test', primaryPhone: '15550100' },
  application: { id: 'app-1', type: 'SPA', name: 'Mail' },
};

export const LOGTO_SUSPENDED = {
  hookId: 'hook-1',
  event: 'User.SuspensionStatus.Updated',
  createdAt: '2026-11-20T17:00:01.000Z',
  ip: '::1',
  path: '/users/u3xk1/is-suspended',
  method: 'PATCH',
  status: 200,
  params: { userId: 'u3xk1' },
  matchedRoute: '/users/:userId/is-suspended',
  data: { id: 'u3xk1', username: 'ana', primaryEmail: 'ana@acme.test', isSuspended: true },
};
