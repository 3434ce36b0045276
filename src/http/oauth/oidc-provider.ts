import { generateKeyPairSync } from 'node:crypto';
import type { Client, Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { CLIENT_AUTH_METHODS } from '../../applications/oauth-client.entity.js';
import { ACCESS_TOKEN_PREFIX } from '../../applications/oauth-tokens.service.js';
import { TOKEN_SCOPES } from '../../applications/application-token.entity.js';
import { AUTHORIZATION_SERVER_PATHS } from '../../core/discovery/authorization-server-metadata.js';
import { CLIENT_ASSERTION_ALGORITHMS } from '../../core/oauth/client-jwks.js';
import { hashToken, sameSecret } from '../../platform/secrets/token.js';
import { CLIENT_APPLICATION, CLIENT_RESOURCE, type OAuthStore, oauthStorage } from './oauth-storage.js';

export interface OidcProviderOptions {
  readonly issuer: string;
  readonly tokenSeconds: number;
  readonly store: Omit<OAuthStore, 'refuseClient'>;
}

const CLOCK_TOLERANCE_SECONDS = 30;
/** RFC 7523 section 3 item 4: an expiry unreasonably far in the future may be refused; its `jti` is kept until then. */
const MAX_ASSERTION_SECONDS = 3600;
/** 256 bits in 43 characters. */
const TOKEN_BITS = 256;

const OFF = { enabled: false };

/**
 * oidc-provider as a server of the client credentials grant (RFC 6749 section 4.4), introspection (RFC 7662) and
 * revocation (RFC 7009). It takes half a second to load, so it is loaded when it is first needed.
 */
export async function createOidcProvider(options: OidcProviderOptions): Promise<Provider> {
  // by file: the entry point does nothing but print to the console on a Node older than 22
  const [{ Provider }, errors] = await Promise.all([
    import('oidc-provider/lib/provider.js'),
    import('oidc-provider/lib/helpers/errors.js'),
  ]);
  const store = { ...options.store, refuseClient: (reason: string) => new errors.InvalidClientAuth(reason) };
  const provider = new Provider(options.issuer, configurationOf(options, store, errors));
  // host and scheme are what exchange.ts says
  provider.proxy = true;
  provider.Client.prototype.compareClientSecret = function (this: Client, secret: string): boolean {
    return sameSecret(this.clientSecret ?? '', hashToken(secret).toString('base64url'));
  };
  prefixTokens(provider);
  return provider;
}

type Errors = typeof import('oidc-provider/lib/helpers/errors.js');

function configurationOf(
  { tokenSeconds }: OidcProviderOptions,
  store: OAuthStore,
  errors: Errors,
): Configuration {
  const isOwn = (_ctx: KoaContextWithOIDC, client: Client, token: { clientId?: string | undefined }) =>
    token.clientId === client.clientId;
  return {
    adapter: oauthStorage(store),
    clientAuthMethods: CLIENT_AUTH_METHODS,
    enabledJWA: { clientAuthSigningAlgValues: CLIENT_ASSERTION_ALGORITHMS },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    assertJwtClientAuthClaimsAndHeader: (_ctx, { exp }) => {
      if (Number(exp) > Date.now() / 1000 + MAX_ASSERTION_SECONDS)
        throw new errors.InvalidClientAuth(`exp is more than ${MAX_ASSERTION_SECONDS} seconds ahead`);
    },
    scopes: TOKEN_SCOPES,
    responseTypes: [],
    ttl: { ClientCredentials: tokenSeconds },
    formats: { bitsOfOpaqueRandomness: TOKEN_BITS },
    extraClientMetadata: { properties: [CLIENT_RESOURCE, CLIENT_APPLICATION] },
    ...unusedIdTokens(),
    routes: {
      token: AUTHORIZATION_SERVER_PATHS.token,
      introspection: AUTHORIZATION_SERVER_PATHS.introspection,
      revocation: AUTHORIZATION_SERVER_PATHS.revocation,
    },
    features: {
      clientCredentials: { enabled: true },
      // a token is the business of the client that got it, and of nobody else
      introspection: { enabled: true, allowedPolicy: isOwn },
      revocation: { enabled: true, allowedPolicy: isOwn },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_ctx, client) => resourceOf(client),
        getResourceServerInfo: (ctx, resource, client) => {
          if (resource !== resourceOf(client)) throw new errors.InvalidTarget();
          settleScope(ctx, client, errors);
          return { scope: TOKEN_SCOPES.join(' '), audience: resource, accessTokenFormat: 'opaque' };
        },
      },
      devInteractions: OFF,
      dPoP: OFF,
      pushedAuthorizationRequests: OFF,
      rpInitiatedLogout: OFF,
      userinfo: OFF,
    },
  };
}

/**
 * oidc-provider cannot do without ID tokens: it wants an algorithm for each client, and a key for that. None is ever
 * made, the key signs nothing, is published nowhere and ends with the process.
 */
function unusedIdTokens(): Configuration {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    jwks: { keys: [privateKey.export({ format: 'jwk' })] },
  };
}

function resourceOf(client: Client): string | undefined {
  const resource = client[CLIENT_RESOURCE];
  return typeof resource === 'string' ? resource : undefined;
}

/** RFC 6749 section 3.3: without a scope, all that the client may have; with one that it may not have, an error. */
function settleScope({ oidc: { params } }: KoaContextWithOIDC, client: Client, errors: Errors): void {
  if (!params || client.scope === undefined) throw new Error('there is no client to grant a scope to');
  params.scope ??= client.scope;
  const allowed = client.scope.split(' ');
  const refused = String(params.scope)
    .split(' ')
    .find((scope) => !allowed.includes(scope));
  if (refused !== undefined) throw new errors.InvalidScope('requested scope is not allowed', refused);
}

function prefixTokens(provider: Provider): void {
  // not in the types, but what every model makes its ids with
  const model = provider.ClientCredentials.prototype as unknown as { generateTokenId(): string };
  const { generateTokenId } = model;
  model.generateTokenId = function (this: unknown): string {
    return ACCESS_TOKEN_PREFIX + generateTokenId.call(this);
  };
}
