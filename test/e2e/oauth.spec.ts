import { type CryptoKey, exportJWK, exportSPKI, importJWK } from 'jose';
import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Problem, Provider, StreamConfiguration } from '../support/api-types.js';
import { type Answer, call, expectStatus } from '../support/http.js';
import {
  assertionForm,
  basic,
  type ClientKey,
  createClientKey,
  discoverServer,
  OAuthClient,
  postForm,
  type RegisterOptions,
  type TokenAnswer,
} from '../support/oauth-client.js';
import { createApplication, createProvider, createReceiverApi } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;

let transmitter: Transmitter;
let provider: Provider;
/** takes long to make */
let rsaKey: ClientKey;

beforeAll(async () => {
  [transmitter, rsaKey] = await Promise.all([startTransmitter(), createClientKey('RS256')]);
  provider = await createProvider(transmitter);
});

afterAll(() => transmitter.stop());

/** A client of an application of its own. */
async function registerClient(options: RegisterOptions = {}, of = provider): Promise<OAuthClient> {
  return OAuthClient.register(transmitter, await createApplication(transmitter, of), options);
}

function streams(token: string, body?: object, base = transmitter.baseUrl): Promise<Answer> {
  return call(`${base}/ssf/${provider.slug}/streams`, { token, body });
}

async function expectTaken(token: string): Promise<void> {
  expect((await streams(token)).status).toBe(200);
}

async function expectRefused(token: string): Promise<void> {
  const answer = await streams(token);
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
}

/** RFC 6749 section 5.2. */
function expectError(answer: Answer, status: number, error: string): void {
  expect([answer.status, answer.text && answer.json()]).toEqual([
    status,
    expect.objectContaining({ error, error_description: expect.any(String) as string }),
  ]);
  expectUncached(answer);
}

function expectUncached({ headers }: Answer): void {
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(headers.get('cache-control')).toBe('no-store');
}

describe('a receiver that knows nothing but its client and the issuer', () => {
  it.each(METHODS)('finds its way to a stream with %s', async (method) => {
    const client = await registerClient({ method });

    // RFC 9728 section 5: the challenge leads to the resource's metadata, those to the authorization server
    const refused = await call(`${transmitter.baseUrl}/ssf/${provider.slug}/streams`);
    const url = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
    const resource = (await call(url)).json<{ resource: string; authorization_servers: string[] }>();
    const server = await discoverServer(resource.authorization_servers[0] ?? '');
    const { form, headers } = await client.credentials();
    const answer = await postForm(
      server.token_endpoint,
      { grant_type: 'client_credentials', scope: 'ssf.manage', resource: resource.resource, ...form },
      headers,
    );

    expect(answer.status).toBe(200);
    expectUncached(answer);
    expect(answer.headers.get('pragma')).toBe('no-cache');
    const { access_token: token, ...rest } = answer.json<TokenAnswer>();
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600, scope: 'ssf.manage' });
    expect(token).toMatch(/^ssf_at_[\w-]{43}$/);
    const created = await streams(token, { description: method });
    expect(created.status).toBe(201);
    expect(created.json<StreamConfiguration>().description).toBe(method);
  });

  it('is told in the metadata of the transmitter that OAuth is the way', async () => {
    const { authorization_schemes: schemes } = (await call(provider.configurationUrl)).json<{
      authorization_schemes: { spec_urn: string }[];
    }>();

    expect(schemes.map(({ spec_urn: urn }) => urn)).toContain('urn:ietf:rfc:6749');
  });
});

describe('the metadata of the authorization server', () => {
  it('say what there is and nothing else', async () => {
    const issuer = `${transmitter.baseUrl}/oauth`;
    const methods = [...METHODS];
    const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];

    const answer = await call(`${transmitter.baseUrl}/.well-known/oauth-authorization-server/oauth`);

    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.json()).toEqual({
      issuer,
      token_endpoint: `${issuer}/token`,
      token_endpoint_auth_methods_supported: methods,
      token_endpoint_auth_signing_alg_values_supported: algorithms,
      introspection_endpoint: `${issuer}/introspection`,
      introspection_endpoint_auth_methods_supported: methods,
      introspection_endpoint_auth_signing_alg_values_supported: algorithms,
      revocation_endpoint: `${issuer}/revocation`,
      revocation_endpoint_auth_methods_supported: methods,
      revocation_endpoint_auth_signing_alg_values_supported: algorithms,
      jwks_uri: `${issuer}/jwks`,
      scopes_supported: ['ssf.read', 'ssf.manage'],
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
    });
  });

  it('name a JWK Set that may be kept', async () => {
    const answer = await call(`${transmitter.baseUrl}/oauth/jwks`);

    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.json()).toEqual({ keys: [] });
  });

  it.each([
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/other/oauth',
    '/.well-known/openid-configuration',
    '/oauth/.well-known/openid-configuration',
    '/oauth/.well-known/oauth-authorization-server',
    '/oauth/auth',
    '/oauth/auth/x',
    '/oauth/reg',
    '/oauth/request',
    '/oauth/me',
    '/oauth/session/end/confirm',
    '/oauth/interaction/x',
    '/oauth/token',
  ])('are nowhere else, and nothing is there that they do not name: GET %s', async (path) => {
    const answer = await call(transmitter.baseUrl + path, { headers: { accept: 'text/html' } });

    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).not.toContain('html');
  });
});

describe('the token endpoint', () => {
  it('grants all scopes of the client when none is asked for', async () => {
    const both = await registerClient();
    const one = await registerClient({ scopes: ['ssf.read'] });

    expect((await both.requestToken()).json<TokenAnswer>().scope).toBe('ssf.read ssf.manage');
    expect((await one.requestToken()).json<TokenAnswer>().scope).toBe('ssf.read');
  });

  it.each(['ssf.manage', 'ssf.read ssf.manage', 'ssf.read openid', 'ssf.read admin'])(
    'refuses a scope that the client does not have: %s',
    async (scope) => {
      const client = await registerClient({ scopes: ['ssf.read'] });

      expectError(await client.requestToken({ scope }), 400, 'invalid_scope');
    },
  );

  it('refuses a resource that is not the one of the client', async () => {
    const client = await registerClient();
    const other = await createProvider(transmitter);

    for (const resource of [`${transmitter.baseUrl}/ssf/${other.slug}`, 'https://elsewhere.test', 'x'])
      expectError(await client.requestToken({ resource }), 400, 'invalid_target');
  });

  it.each(METHODS)('refuses a client of %s that proves nothing', async (method) => {
    const client = await registerClient({ method });
    const grant = { grant_type: 'client_credentials' };
    const url = client.server.token_endpoint;

    const answers = [
      await postForm(url, grant, { authorization: basic(client.id, 'ssf_cs_wrong') }),
      await postForm(url, { ...grant, client_id: client.id, client_secret: 'ssf_cs_wrong' }),
      await postForm(url, { ...grant, client_id: client.id }),
      await postForm(url, {
        ...grant,
        ...assertionForm(await client.assertion({}, await createClientKey())),
      }),
    ];

    for (const answer of answers) expectError(answer, 401, 'invalid_client');
    // RFC 6749 section 5.2: with the scheme that was tried
    expect(answers[0]?.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
  });

  it.each([
    ['unknown', randomUUID()],
    ['none that could be', 'x'],
    ['text that cannot be stored', 'a\0b'],
  ])('refuses a client whose id is %s', async (_what, id) => {
    const { token_endpoint: url } = await discoverServer(`${transmitter.baseUrl}/oauth`);

    const answer = await postForm(url, {
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: 'ssf_cs_x',
    });

    expectError(answer, 401, 'invalid_client');
  });

  it('refuses the hash of a secret, as whoever has read the database may send it', async () => {
    const client = await registerClient();
    const [row] = await transmitter.database.query<{ secret_hash: Buffer }>(
      'select secret_hash from ssf.oauth_client where id = $1',
      [client.id],
    );
    const hash = row?.secret_hash.toString('base64url') ?? '';

    const answer = await postForm(
      client.server.token_endpoint,
      { grant_type: 'client_credentials' },
      { authorization: basic(client.id, hash) },
    );

    expect(hash).toHaveLength(43);
    expectError(answer, 401, 'invalid_client');
  });

  it.each<[string, string, string, Record<string, string>?]>([
    ['no grant', '', 'invalid_request'],
    ['another grant', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
    ['a grant of browsers', 'grant_type=authorization_code&code=x', 'unsupported_grant_type'],
    ['a parameter twice', 'grant_type=client_credentials&scope=ssf.read&scope=ssf.read', 'invalid_request'],
    ['a form that is too long', `x=${'y'.repeat(60_000)}`, 'invalid_request'],
    ['two ways to authenticate', 'grant_type=client_credentials&client_secret=x', 'invalid_request'],
    [
      'JSON',
      '{"grant_type":"client_credentials"}',
      'invalid_request',
      { 'content-type': 'application/json' },
    ],
  ])('answers %s with the error that it is', async (_what, body, error, headers) => {
    const client = await registerClient();

    const answer = await call(client.server.token_endpoint, {
      method: 'POST',
      body,
      headers: {
        authorization: basic(client.id, client.secret),
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'text/html',
        ...headers,
      },
    });

    expectError(answer, 400, error);
  });

  it('takes a parameter without a value as one that is absent', async () => {
    const client = await registerClient();

    // RFC 6749 section 3.2
    const answer = await client.requestToken({ scope: '', resource: '' });

    expect(answer.json<TokenAnswer>().scope).toBe('ssf.read ssf.manage');
  });

  it('takes a form whose type has a charset', async () => {
    const client = await registerClient();

    const answer = await postForm(
      client.server.token_endpoint,
      { grant_type: 'client_credentials' },
      {
        authorization: basic(client.id, client.secret),
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      },
    );

    expect(answer.status).toBe(200);
  });

  it('answers what it cannot do with an error that says nothing of the inside', async () => {
    const client = await registerClient();
    await transmitter.database.query('alter table ssf.oauth_access_token rename to hidden');

    const answer = await client.requestToken();
    await transmitter.database.query('alter table ssf.hidden rename to oauth_access_token');

    expectError(answer, 500, 'server_error');
    expect(answer.text).not.toContain('oauth_access_token');
    await expectTaken(await client.token());
  });
});

describe('an assertion', () => {
  async function tokenFor(
    client: OAuthClient,
    assertion: string,
    url = client.server.token_endpoint,
  ): Promise<Answer> {
    return postForm(url, { grant_type: 'client_credentials', ...assertionForm(assertion) });
  }

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('may be signed with %s', async (algorithm) => {
    const client = await registerClient({
      method: 'private_key_jwt',
      key: algorithm === 'RS256' ? rsaKey : await createClientKey(algorithm),
    });

    await expectTaken(await client.token());
  });

  it.each(['issuer', 'token_endpoint'] as const)('may be for the %s', async (audience) => {
    const client = await registerClient({ method: 'private_key_jwt' });

    const answer = await tokenFor(client, await client.assertion({ aud: client.server[audience] }));

    expect(answer.status).toBe(200);
  });

  it('is good once', async () => {
    const client = await registerClient({ method: 'private_key_jwt' });
    const assertion = await client.assertion();

    expect((await tokenFor(client, assertion)).status).toBe(200);
    expectError(await tokenFor(client, assertion), 401, 'invalid_client');
    // not for another endpoint either
    const answer = await postForm(client.server.introspection_endpoint, {
      token: 'x',
      ...assertionForm(assertion),
    });
    expectError(answer, 401, 'invalid_client');
  });

  it.each<[string, object]>([
    ['is for another audience', { aud: 'https://elsewhere.test/token' }],
    ['has no audience', { aud: undefined }],
    ['has expired', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['does not expire', { exp: undefined }],
    ['expires in the far future', { exp: Math.floor(Date.now() / 1000) + 86_400 }],
    ['has no id', { jti: undefined }],
    ['is of another issuer', { iss: 'https://elsewhere.test' }],
    ['is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
  ])('is refused when it %s', async (_what, claims) => {
    const client = await registerClient({ method: 'private_key_jwt' });

    expectError(await tokenFor(client, await client.assertion(claims)), 401, 'invalid_client');
  });

  it('is refused when its audience is made of the headers of the request', async () => {
    const client = await registerClient({ method: 'private_key_jwt' });
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      ...assertionForm(await client.assertion({ aud: 'http://evil.test/oauth/token' })),
    }).toString();

    // fetch does not let a caller choose its Host
    const status = await new Promise((resolve, reject) => {
      const outgoing = request(client.server.token_endpoint, {
        method: 'POST',
        headers: {
          host: 'evil.test',
          'x-forwarded-host': 'evil.test',
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
      outgoing.on('response', (response) => resolve(response.resume().statusCode));
      outgoing.on('error', reject);
      outgoing.end(body);
    });

    expect(status).toBe(401);
  });

  it('is refused when it is not signed, or in a way that is not allowed', async () => {
    const client = await registerClient({ method: 'private_key_jwt', key: rsaKey });
    const payload = (await client.assertion()).split('.')[1] ?? '';
    const headed = (alg: string): string =>
      `${Buffer.from(JSON.stringify({ alg, kid: rsaKey.publicJwk.kid })).toString('base64url')}.${payload}`;
    // the public key, as if it were a secret
    const spki = await exportSPKI((await importJWK(rsaKey.publicJwk, 'RS256')) as CryptoKey);
    const hmac = createHmac('sha256', spki).update(headed('HS256')).digest('base64url');
    const sha512 = await importJWK(await exportJWK(rsaKey.privateKey), 'RS512');

    const assertions = [
      `${headed('none')}.`,
      `${headed('HS256')}.${hmac}`,
      await client.assertion({}, { ...rsaKey, algorithm: 'RS512', privateKey: sha512 as CryptoKey }),
    ];

    for (const assertion of assertions) expectError(await tokenFor(client, assertion), 401, 'invalid_client');
    expectError(await tokenFor(client, 'x.y.z'), 400, 'invalid_request');
    expect((await tokenFor(client, await client.assertion())).status).toBe(200);
  });
});

describe('an access token', () => {
  it('is refused with 403 where its scope is not enough', async () => {
    const token = await (await registerClient()).token({ scope: 'ssf.read' });

    const answer = await streams(token, {});

    await expectTaken(token);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  it('does not exist for another provider', async () => {
    const other = await createProvider(transmitter);
    const token = await (await registerClient({}, other)).token();

    expect((await streams(token)).status).toBe(404);
    expect((await streams(token, {})).status).toBe(404);
  });

  it("is its application's, which sees nothing of another", async () => {
    const { api } = await createReceiverApi(transmitter, provider);
    const stream = await api.createdStream({});
    const token = await (await registerClient()).token();

    expect((await streams(token)).json()).toEqual([]);
    expect((await api.readStream(stream.stream_id, { token })).status).toBe(404);
  });

  it('is refused once it has expired', async () => {
    const client = await registerClient();
    const token = await client.token();

    await transmitter.database.query(
      'update ssf.oauth_access_token set expires_at = now() where client_id = $1',
      [client.id],
    );

    await expectRefused(token);
    expect(await client.introspect(token)).toEqual({ active: false });
  });

  it('is refused once its client revoked it, and the others are not', async () => {
    const client = await registerClient();
    const [token, kept] = [await client.token(), await client.token()];
    await expectTaken(token);

    const answer = await client.revoke(token);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    await expectRefused(token);
    await expectTaken(kept);
    // RFC 7009 section 2.2: a token that is not there is no error
    expect((await client.revoke(token)).status).toBe(200);
  });

  it('is not for another client to revoke or to learn about', async () => {
    const [client, other] = [await registerClient(), await registerClient()];
    const token = await client.token();

    expect((await other.revoke(token)).status).toBe(200);
    expect(await other.introspect(token)).toEqual({ active: false });
    await expectTaken(token);
  });

  it('is described to its own client', async () => {
    const client = await registerClient({ method: 'private_key_jwt' });
    const token = await client.token({ scope: 'ssf.read' });

    const { iat, exp, ...rest } = await client.introspect(token);

    expect(rest).toEqual({
      active: true,
      client_id: client.id,
      scope: 'ssf.read',
      aud: `${transmitter.baseUrl}/ssf/${provider.slug}`,
      iss: `${transmitter.baseUrl}/oauth`,
      token_type: 'Bearer',
    });
    expect(Number(exp) - Number(iat)).toBe(3600);
    expect(await client.introspect('ssf_at_unknown')).toEqual({ active: false });
  });

  it.each(['introspection_endpoint', 'revocation_endpoint'] as const)(
    'is nothing that the %s tells or does for somebody who is no client',
    async (endpoint) => {
      const client = await registerClient();
      const token = await client.token();

      const wrong = await postForm(
        client.server[endpoint],
        { token },
        { authorization: basic(client.id, 'wrong') },
      );
      const nobody = await postForm(client.server[endpoint], { token });

      expectError(wrong, 401, 'invalid_client');
      expectError(nobody, 400, 'invalid_request');
      await expectTaken(token);
    },
  );

  it('ends with its client', async () => {
    const application = await createApplication(transmitter, provider);
    const [client, other] = [
      await OAuthClient.register(transmitter, application),
      await OAuthClient.register(transmitter, application),
    ];
    const [token, kept] = [await client.token(), await other.token()];

    await transmitter.admin.delete(`/applications/${application.id}/oauth-clients/${client.id}`);

    await expectRefused(token);
    expectError(await client.requestToken(), 401, 'invalid_client');
    await expectTaken(kept);
  });

  it('ends with its application', async () => {
    const application = await createApplication(transmitter, provider);
    const client = await OAuthClient.register(transmitter, application);
    const token = await client.token();

    await transmitter.admin.delete(`/applications/${application.id}`);

    await expectRefused(token);
    expectError(await client.requestToken(), 401, 'invalid_client');
  });
});

describe('the clients of an application', () => {
  interface ListedClient {
    readonly clientId: string;
  }

  async function clientsPath(): Promise<string> {
    return `/applications/${(await createApplication(transmitter, provider)).id}/oauth-clients`;
  }

  it('are listed in pages, without their secrets', async () => {
    const path = await clientsPath();
    const { publicJwk } = await createClientKey();
    const made: { clientId: string; clientSecret?: string }[] = [];
    for (const body of [
      { name: 'one', tokenEndpointAuthMethod: 'client_secret_basic', scopes: ['ssf.read'] },
      { tokenEndpointAuthMethod: 'private_key_jwt', scopes: ['ssf.manage'], jwks: { keys: [publicJwk] } },
      { tokenEndpointAuthMethod: 'client_secret_post', scopes: ['ssf.manage', 'ssf.read'] },
    ])
      made.push(expectStatus(await transmitter.admin.call(path, { body }), 201).json());

    const pages = await transmitter.admin.all<ListedClient>(path, 2);
    const { text } = await transmitter.admin.call(path);

    expect(made.map((client) => Object.keys(client))).toEqual([
      ['clientId', 'clientSecret'],
      ['clientId'],
      ['clientId', 'clientSecret'],
    ]);
    expect(pages.map(({ length }) => length)).toEqual([2, 1]);
    expect(pages.flat()).toEqual([
      {
        clientId: made[0]?.clientId,
        name: 'one',
        tokenEndpointAuthMethod: 'client_secret_basic',
        jwks: null,
        scopes: ['ssf.read'],
        createdAt: expect.any(String) as string,
      },
      expect.objectContaining({ clientId: made[1]?.clientId, name: null, jwks: { keys: [publicJwk] } }),
      expect.objectContaining({ clientId: made[2]?.clientId, scopes: ['ssf.manage', 'ssf.read'] }),
    ]);
    for (const { clientSecret } of made) expect(text).not.toContain(clientSecret ?? 'nothing');
  });

  it('are made once for one Idempotency-Key, with the same secret', async () => {
    const path = await clientsPath();
    const create = (): Promise<Answer> =>
      transmitter.admin.call(path, {
        body: { tokenEndpointAuthMethod: 'client_secret_basic', scopes: ['ssf.read'] },
        headers: { 'idempotency-key': path },
      });

    const [first, second] = [await create(), await create()];

    expect(first.status).toBe(201);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(second.json()).toEqual(first.json());
    expect((await transmitter.admin.all(path, 10)).flat()).toHaveLength(1);
  });

  it.each<[string, object, string[]]>([
    ['nothing', {}, ['tokenEndpointAuthMethod', 'scopes']],
    [
      'another method',
      { tokenEndpointAuthMethod: 'none', scopes: ['ssf.read'] },
      ['tokenEndpointAuthMethod'],
    ],
    ['another scope', { tokenEndpointAuthMethod: 'client_secret_post', scopes: ['admin'] }, ['scopes']],
    ['no scope', { tokenEndpointAuthMethod: 'client_secret_post', scopes: [] }, ['scopes']],
    ['no keys', { tokenEndpointAuthMethod: 'private_key_jwt', scopes: ['ssf.read'] }, ['jwks.keys']],
    [
      'keys that are for nothing',
      { tokenEndpointAuthMethod: 'client_secret_basic', scopes: ['ssf.read'], jwks: { keys: [] } },
      ['jwks'],
    ],
    [
      'keys in a text',
      { tokenEndpointAuthMethod: 'private_key_jwt', scopes: ['ssf.read'], jwks: '{}' },
      ['jwks'],
    ],
    [
      'a member that is unknown',
      { tokenEndpointAuthMethod: 'client_secret_basic', scopes: ['ssf.read'], clientSecret: 'mine' },
      ['clientSecret'],
    ],
  ])('are not made of %s', async (_what, body, members) => {
    const path = await clientsPath();

    const answer = await transmitter.admin.call(path, { body });

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(members);
    expect((await transmitter.admin.all(path, 10)).flat()).toEqual([]);
  });

  it('are not made with a private key, which is neither kept nor repeated', async () => {
    const path = await clientsPath();
    const jwk = await exportJWK(rsaKey.privateKey);

    const answer = await transmitter.admin.call(path, {
      body: { tokenEndpointAuthMethod: 'private_key_jwt', scopes: ['ssf.read'], jwks: { keys: [jwk] } },
    });

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(
      ['d', 'p', 'q', 'dp', 'dq', 'qi'].map((name) => `jwks.keys[0].${name}`),
    );
    expect(answer.text).not.toContain(jwk.d ?? 'nothing');
    expect(transmitter.logLines.join('\n')).not.toContain(jwk.d ?? 'nothing');
  });

  it('are found below their own application alone', async () => {
    const client = await registerClient();
    const [path, nobody] = [await clientsPath(), `/applications/${randomUUID()}/oauth-clients`];
    const body = { tokenEndpointAuthMethod: 'client_secret_basic', scopes: ['ssf.read'] };

    const answers = [
      await transmitter.admin.call(`${path}/${client.id}`, { method: 'DELETE' }),
      await transmitter.admin.call(`${path}/x`, { method: 'DELETE' }),
      await transmitter.admin.call(nobody),
      await transmitter.admin.call(nobody, { body }),
      await transmitter.admin.call('/applications/x/oauth-clients/x', { method: 'DELETE' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect((await client.requestToken()).status).toBe(200);
  });

  it('are for administrators only', async () => {
    const path = `${transmitter.baseUrl}/api/v1${await clientsPath()}`;
    const token = await (await registerClient()).token();

    expect((await call(path)).status).toBe(401);
    expect((await call(path, { token })).status).toBe(401);
  });
});

describe('the log', () => {
  it('has a line for each token and each refusal, with ids and reasons alone', async () => {
    const client = await registerClient({ method: 'private_key_jwt' });
    const assertion = await client.assertion();
    const form = { grant_type: 'client_credentials', ...assertionForm(assertion) };
    const { access_token: token } = (await postForm(client.server.token_endpoint, form)).json<TokenAnswer>();
    await postForm(client.server.token_endpoint, form);

    const lines = await until('two lines', () => {
      const ofClient = transmitter.logLines.filter((line) => line.includes(client.id));
      return ofClient.length >= 2 && ofClient;
    });

    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        level: 'info',
        event: 'oauth.token_issued',
        clientId: client.id,
        applicationId: expect.any(String) as string,
        scope: 'ssf.read ssf.manage',
      }),
      expect.objectContaining({
        level: 'warn',
        event: 'oauth.refused',
        endpoint: 'token',
        clientId: client.id,
        applicationId: expect.any(String) as string,
        error: 'invalid_client',
        reason: 'the assertion was used before',
      }),
    ]);
    const log = transmitter.logLines.join('\n');
    for (const secret of [token, assertion, 'ssf_cs_']) expect(log).not.toContain(secret);
  });
});

describe('another process on the same database', () => {
  it('takes the tokens of the first, and knows what was revoked and used there', async () => {
    const replica = await startReplica(transmitter, { oauthTokenSeconds: 60 });
    onTestFinished(() => replica.stop());
    const client = await registerClient({ method: 'private_key_jwt' });
    const there = client.server.token_endpoint.replace(transmitter.baseUrl, replica.baseUrl);

    const token = await client.token();
    const other = expectStatus(await client.requestToken({}, there), 200).json<TokenAnswer>();
    expect((await streams(token, undefined, replica.baseUrl)).status).toBe(200);
    await expectTaken(other.access_token);
    // each says how long its own last
    expect(other.expires_in).toBe(60);
    const { iat, exp } = await client.introspect(other.access_token);
    expect(Number(exp) - Number(iat)).toBe(60);
    await client.revoke(token);
    expect((await streams(token, undefined, replica.baseUrl)).status).toBe(401);

    const form = { grant_type: 'client_credentials', ...assertionForm(await client.assertion()) };
    const answers = await Promise.all(
      [client.server.token_endpoint, there, client.server.token_endpoint, there].map((url) =>
        postForm(url, form),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401]);
  });
});
