import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../support/api-types.js';
import { type Answer, call } from '../support/http.js';
import { createApplication, createProvider } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const AUDIENCE = 'https://idp.test/api';
const CLIENT = 'client-7';

let transmitter: Transmitter;
let server: AuthorizationServer;

beforeAll(async () => {
  [transmitter, server] = await Promise.all([startTransmitter(), AuthorizationServer.start()]);
});

afterAll(async () => {
  await transmitter.stop();
  await server.stop();
});

/** An authorization server with metadata (RFC 8414), keys and tokens. */
class AuthorizationServer {
  /** of the key set alone */
  fetches = 0;
  isDown = false;

  private constructor(
    private readonly http: Server,
    private readonly keys: Awaited<ReturnType<typeof generateKeyPair>>,
  ) {}

  static async start(): Promise<AuthorizationServer> {
    const keys = await generateKeyPair('ES256', { extractable: true });
    const http = createServer();
    const made = new AuthorizationServer(http, keys);
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k-1', alg: 'ES256' };
    http.on('request', ({ url }, response) => {
      if (made.isDown) response.writeHead(503).end();
      else if (url === '/jwks') {
        made.fetches += 1;
        response.end(JSON.stringify({ keys: [jwk] }));
      } else if (url === '/.well-known/oauth-authorization-server')
        response.end(JSON.stringify({ issuer: made.issuer, jwks_uri: `${made.issuer}/jwks` }));
      else response.writeHead(404).end();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return made;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  token(claims: object = {}, header: object = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: this.issuer,
      aud: AUDIENCE,
      client_id: CLIENT,
      scope: 'ssf.read ssf.manage',
      iat: now,
      exp: now + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k-1', typ: 'at+jwt', ...header })
      .sign(this.keys.privateKey);
  }

  async stop(): Promise<void> {
    this.http.close();
    this.http.closeAllConnections();
    await once(this.http, 'close');
  }
}

async function trustingProvider(
  trusted: object = {},
  application: object = { clientId: CLIENT },
): Promise<Provider> {
  const provider = await createProvider(transmitter, {
    trustedIssuers: [{ issuer: server.issuer, audience: AUDIENCE, ...trusted }],
  });
  await createApplication(transmitter, provider, application);
  return provider;
}

function streams(provider: Provider, token: string, body?: object): Promise<Answer> {
  return call(`${transmitter.baseUrl}/ssf/${provider.slug}/streams`, { token, body });
}

describe('a JWT of a trusted issuer', () => {
  it('authenticates the application of its client id, with its scopes', async () => {
    const provider = await trustingProvider();

    expect((await streams(provider, await server.token(), {})).status).toBe(201);
    expect((await streams(provider, await server.token({ scope: 'ssf.read' }))).status).toBe(200);
    expect((await streams(provider, await server.token({ scope: 'ssf.read' }), {})).status).toBe(403);
    expect(
      (await streams(provider, await server.token({ scope: undefined, scp: ['ssf.manage'] }))).status,
    ).toBe(200);
  });

  it('names its client in the claim that the provider says', async () => {
    const provider = await trustingProvider({ clientIdClaim: 'sub' });

    expect((await streams(provider, await server.token({ client_id: undefined, sub: CLIENT }))).status).toBe(
      200,
    );
    expect((await streams(provider, await server.token())).status).toBe(401);
  });

  it('needs the keys to be fetched once', async () => {
    const provider = await trustingProvider();
    await streams(provider, await server.token());
    const before = server.fetches;

    for (let count = 0; count < 5; count += 1) await streams(provider, await server.token());

    expect(server.fetches).toBe(before);
  });

  it.each<[string, object, object?]>([
    ['has expired', { exp: 1_700_000_000 }],
    ['has no expiry', { exp: undefined }],
    ['lives too long', { iat: Math.floor(Date.now() / 1000) - 7200 }],
    ['is for another audience', { aud: 'https://elsewhere.test' }],
    ['is of another issuer', { iss: 'https://elsewhere.test' }],
    ['has no client', { client_id: undefined }],
    ['has a client that is no application', { client_id: 'nobody' }],
    ['is a SET', { events: {} }],
    ['is typed as a SET', {}, { typ: 'secevent+jwt' }],
    ['has an unknown key', {}, { kid: 'k-2' }],
  ])('is refused with 401 when it %s', async (_, claims, header) => {
    const provider = await trustingProvider();

    const answer = await streams(provider, await server.token(claims, header));

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('is refused when its signature was changed', async () => {
    const provider = await trustingProvider();
    const token = await server.token();
    const [header, , signature] = token.split('.');
    const other = (await server.token({ client_id: 'admin' })).split('.')[1];

    expect((await streams(provider, `${header}.${other}.${signature}`)).status).toBe(401);
  });

  it('is nothing to a provider that does not trust its issuer', async () => {
    const provider = await createProvider(transmitter);
    await createApplication(transmitter, provider, { clientId: CLIENT });

    expect((await streams(provider, await server.token())).status).toBe(401);
  });

  it('is answered with 503 while the keys cannot be had', async () => {
    const other = await AuthorizationServer.start();
    const provider = await trustingProvider({ issuer: other.issuer });
    other.isDown = true;

    const down = await streams(provider, await other.token());
    other.isDown = false;
    const up = await streams(provider, await other.token());
    await other.stop();

    expect([down.status, up.status]).toEqual([503, 200]);
  });
});

describe('the metadata of the protected resource', () => {
  it('are where the challenge says, and lead to the issuer', async () => {
    const provider = await trustingProvider();

    const refused = await call(`${transmitter.baseUrl}/ssf/${provider.slug}/streams`);
    const url = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1];

    expect(refused.status).toBe(401);
    expect(url).toBe(`${transmitter.baseUrl}/.well-known/oauth-protected-resource/ssf/${provider.slug}`);
    const answer = await call(url ?? '');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.json()).toEqual({
      resource: `${transmitter.baseUrl}/ssf/${provider.slug}`,
      authorization_servers: [server.issuer],
      scopes_supported: ['ssf.read', 'ssf.manage'],
      bearer_methods_supported: ['header'],
    });
  });

  it('leave out what is empty', async () => {
    const provider = await createProvider(transmitter);

    const answer = await call(
      `${transmitter.baseUrl}/.well-known/oauth-protected-resource/ssf/${provider.slug}`,
    );

    expect(answer.json()).not.toHaveProperty('authorization_servers');
  });
});
