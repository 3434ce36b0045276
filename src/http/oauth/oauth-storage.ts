import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { RegisteredClient } from '../../applications/oauth-clients.service.js';
import type { OAuthTokensService } from '../../applications/oauth-tokens.service.js';

/** How oidc-provider reaches the database. */
export interface OAuthStore {
  readonly tokens: OAuthTokensService;
  /** with the resource that its tokens are for; undefined: there is no such client */
  findClient(id: string): Promise<(RegisteredClient & { readonly resource: string }) | undefined>;
  /** What is thrown when a client may not go on: RFC 6749 section 5.2, `invalid_client`. */
  refuseClient(reason: string): Error;
}

/** oidc-provider's storage by the name of its model. */
export function oauthStorage(store: OAuthStore): (model: string) => Adapter {
  return (model) => {
    switch (model) {
      case 'Client':
        return { ...NOTHING, find: (id) => findClient(store, id) };
      case 'ClientCredentials':
        return {
          ...NOTHING,
          find: (token) => findToken(store, token),
          upsert: (token, payload, seconds) => issueToken(store, token, payload, seconds),
          destroy: (token) => store.tokens.revoke(token),
        };
      case 'ReplayDetection':
        // whether it is new is for the insert to say, which only one process can win
        return { ...NOTHING, upsert: (id, _payload, seconds) => claimAssertion(store, id, seconds) };
      default:
        return NOTHING;
    }
  };
}

/** Sessions, grants, codes and other tokens: none is ever there, and none can be made. */
const NOTHING: Adapter = {
  find: () => Promise.resolve(undefined),
  findByUid: () => Promise.resolve(undefined),
  findByUserCode: () => Promise.resolve(undefined),
  upsert: () => Promise.reject(new Error('the authorization server does not keep this')),
  consume: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
  revokeByGrantId: () => Promise.resolve(),
};

/** RFC 7591 section 2. What stands as the secret is its hash; see compareClientSecret. */
async function findClient(store: OAuthStore, id: string): Promise<AdapterPayload | undefined> {
  const client = await store.findClient(id);
  if (!client) return undefined;
  return {
    client_id: client.clientId,
    client_secret: client.secretHash?.toString('base64url'),
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    jwks: client.jwks ?? undefined,
    scope: client.scopes.join(' '),
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    [CLIENT_RESOURCE]: client.resource,
    [CLIENT_APPLICATION]: client.applicationId,
  };
}

/** Members of a client beside the registered ones: the resource that its tokens are for, and whose it is. */
export const CLIENT_RESOURCE = 'ssf_resource';
export const CLIENT_APPLICATION = 'ssf_application';

async function findToken({ tokens }: OAuthStore, token: string): Promise<AdapterPayload | undefined> {
  const found = await tokens.find(token);
  return (
    found && {
      kind: 'ClientCredentials',
      jti: token,
      clientId: found.clientId,
      scope: found.scopes.join(' '),
      aud: found.audience,
      iat: found.issuedAt,
      exp: found.expiresAt,
    }
  );
}

async function issueToken(
  store: OAuthStore,
  token: string,
  { clientId, scope, aud }: AdapterPayload,
  seconds: number | undefined,
): Promise<void> {
  if (clientId === undefined || typeof aud !== 'string' || scope === undefined || seconds === undefined)
    throw new Error('a token needs a client, an audience, a scope and an end');
  const isIssued = await store.tokens.issue({
    token,
    clientId,
    scopes: scope.split(' '),
    audience: aud,
    lastsSeconds: seconds,
  });
  if (!isIssued) throw store.refuseClient('the client has just been deleted');
}

async function claimAssertion(store: OAuthStore, id: string, seconds: number | undefined): Promise<void> {
  if (seconds === undefined) throw new Error('an assertion needs an end');
  if (!(await store.tokens.claimAssertion(id, seconds)))
    throw store.refuseClient('the assertion was used before');
}
