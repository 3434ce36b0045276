import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewApplication, Provider } from '../support/api-types.js';
import { AuthorizationServer, QUERIED_KEYS } from '../support/authorization-server.js';
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

function jwt(claims: object = {}, header: object = {}, issuer = server): Promise<string> {
  return issuer.token({ aud: AUDIENCE, client_id: CLIENT, scope: 'ssf.read ssf.manage', ...claims }, header);
}

async function trustingProvider(
  trusted: object = {},
  application: Partial<NewApplication> = { clientId: CLIENT },
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

    expect((await streams(provider, await jwt(), {})).status).toBe(201);
    expect((await streams(provider, await jwt({ scope: 'ssf.read' }))).status).toBe(200);
    expect((await streams(provider, await jwt({ scope: 'ssf.read' }), {})).status).toBe(403);
    expect((await streams(provider, await jwt({ scope: undefined, scp: ['ssf.manage'] }))).status).toBe(200);
  });

  it('names its client in the claim that the provider says', async () => {
    const provider = await trustingProvider({ clientIdClaim: 'sub' });

    expect((await streams(provider, await jwt({ client_id: undefined, sub: CLIENT }))).status).toBe(200);
    expect((await streams(provider, await jwt())).status).toBe(401);
  });

  it('is verified with the keys at the place that the provider says, query and all', async () => {
    const at = async (place: string): Promise<number> =>
      (await streams(await trustingProvider({ jwksUri: server.issuer + place }), await jwt())).status;

    expect([await at(QUERIED_KEYS), await at(QUERIED_KEYS.split('?')[0] ?? '')]).toEqual([200, 503]);
  });

  it('needs the keys to be fetched once', async () => {
    const provider = await trustingProvider();
    await streams(provider, await jwt());
    const before = server.fetches;

    for (let count = 0; count < 5; count += 1) await streams(provider, await jwt());

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

    const answer = await streams(provider, await jwt(claims, header));

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('is refused when its signature was changed', async () => {
    const provider = await trustingProvider();
    const token = await jwt();
    const [header, , signature] = token.split('.');
    const other = (await jwt({ client_id: 'admin' })).split('.')[1];

    expect((await streams(provider, `${header}.${other}.${signature}`)).status).toBe(401);
  });

  it('is nothing to a provider that does not trust its issuer', async () => {
    const provider = await createProvider(transmitter);
    await createApplication(transmitter, provider, { clientId: CLIENT });

    expect((await streams(provider, await jwt())).status).toBe(401);
  });

  it('is answered with 503 while the keys cannot be had', async () => {
    const other = await AuthorizationServer.start();
    const provider = await trustingProvider({ issuer: other.issuer });
    other.isDown = true;

    const down = await streams(provider, await jwt({}, {}, other));
    other.isDown = false;
    const up = await streams(provider, await jwt({}, {}, other));
    await other.stop();

    expect([down.status, up.status]).toEqual([503, 200]);
  });
});

describe('the metadata of the protected resource', () => {
  it('are where the challenge says, and lead to the issuer before the built-in one', async () => {
    const provider = await trustingProvider();

    const refused = await call(`${transmitter.baseUrl}/ssf/${provider.slug}/streams`);
    const url = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1];

    expect(refused.status).toBe(401);
    expect(url).toBe(`${transmitter.baseUrl}/.well-known/oauth-protected-resource/ssf/${provider.slug}`);
    const answer = await call(url ?? '');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.json()).toEqual({
      resource: `${transmitter.baseUrl}/ssf/${provider.slug}`,
      authorization_servers: [server.issuer, `${transmitter.baseUrl}/oauth`],
      scopes_supported: ['ssf.read', 'ssf.manage'],
      bearer_methods_supported: ['header'],
    });
  });

  it('of a provider that trusts nobody lead to the built-in one alone', async () => {
    const provider = await createProvider(transmitter);

    const answer = await call(
      `${transmitter.baseUrl}/.well-known/oauth-protected-resource/ssf/${provider.slug}`,
    );

    expect(answer.json()).toHaveProperty('authorization_servers', [`${transmitter.baseUrl}/oauth`]);
  });
});
