import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';
import { taken } from './admin-client.js';
import type { Application, NewOAuthClient } from './api-types.js';
import { type Answer, call, expectStatus } from './http.js';
import type { Transmitter } from './transmitter.js';

export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export type AuthMethod = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** The metadata of an authorization server (RFC 8414), as far as a client needs them. */
export interface ServerMetadata {
  readonly issuer: string;
  readonly token_endpoint: string;
  readonly introspection_endpoint: string;
  readonly revocation_endpoint: string;
  readonly jwks_uri: string;
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
}

export interface ClientKey {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly algorithm: string;
}

export async function createClientKey(algorithm = 'ES256'): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid: randomUUID() }, algorithm };
}

/** The metadata at RFC 8414's place, of the transmitter that is asked. */
export async function discoverServer(issuer: string): Promise<ServerMetadata> {
  const { origin, pathname } = new URL(issuer);
  const answer = await call(`${origin}/.well-known/oauth-authorization-server${pathname}`);
  return expectStatus(answer, 200).json<ServerMetadata>();
}

/** One request with a form, as it stands. */
export function postForm(
  url: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return call(url, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** A client of the built-in authorization server as its developer writes it. */
export class OAuthClient {
  private constructor(
    readonly server: ServerMetadata,
    readonly id: string,
    readonly method: AuthMethod,
    readonly secret: string,
    readonly key: ClientKey,
  ) {}

  /** Registers it with the admin API. */
  static async register(
    { admin, baseUrl }: Transmitter,
    application: Application,
    options: RegisterOptions = {},
  ): Promise<OAuthClient> {
    const { method = 'client_secret_basic', scopes = ['ssf.read', 'ssf.manage'] } = options;
    const key = options.key ?? (await createClientKey());
    const { clientId, clientSecret } = await taken(
      admin.api.POST('/api/v1/applications/{id}/oauth-clients', {
        params: { path: { id: application.id } },
        body: {
          tokenEndpointAuthMethod: method,
          scopes,
          ...(method === 'private_key_jwt' && { jwks: { keys: [key.publicJwk] } }),
        },
      }),
    );
    const server = await discoverServer(options.issuer ?? `${baseUrl}/oauth`);
    return new OAuthClient(server, clientId, method, clientSecret ?? '', key);
  }

  /** As it proves itself: what goes into the form, and what into the header. */
  async credentials(): Promise<{ form: Record<string, string>; headers: Record<string, string> }> {
    switch (this.method) {
      case 'client_secret_basic':
        return { form: {}, headers: { authorization: basic(this.id, this.secret) } };
      case 'client_secret_post':
        return { form: { client_id: this.id, client_secret: this.secret }, headers: {} };
      case 'private_key_jwt':
        return { form: assertionForm(await this.assertion()), headers: {} };
    }
  }

  /** RFC 7523 section 3. */
  assertion(claims: object = {}, key: ClientKey = this.key): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: this.id,
      sub: this.id,
      aud: this.server.issuer,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: key.algorithm, ...(key.publicJwk.kid && { kid: key.publicJwk.kid }) })
      .sign(key.privateKey);
  }

  /** Any of the endpoints; `form` may replace what authenticates. */
  async post(url: string, form: Record<string, string>): Promise<Answer> {
    const credentials = await this.credentials();
    return postForm(url, { ...credentials.form, ...form }, credentials.headers);
  }

  requestToken(form: Record<string, string> = {}, url = this.server.token_endpoint): Promise<Answer> {
    return this.post(url, { grant_type: 'client_credentials', ...form });
  }

  async token(form: Record<string, string> = {}): Promise<string> {
    return expectStatus(await this.requestToken(form), 200).json<TokenAnswer>().access_token;
  }

  async introspect(token: string): Promise<Record<string, unknown>> {
    return expectStatus(await this.post(this.server.introspection_endpoint, { token }), 200).json();
  }

  revoke(token: string): Promise<Answer> {
    return this.post(this.server.revocation_endpoint, { token });
  }
}

export interface RegisterOptions {
  readonly method?: AuthMethod;
  readonly scopes?: NewOAuthClient['scopes'];
  readonly key?: ClientKey;
  /** of the authorization server; default: without a route prefix */
  readonly issuer?: string;
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

export function assertionForm(assertion: string): Record<string, string> {
  return { client_assertion_type: JWT_BEARER, client_assertion: assertion };
}
