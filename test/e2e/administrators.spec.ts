import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminToken, AuditEntry, CreatedAdminToken, Problem } from '../support/api-types.js';
import { AuthorizationServer } from '../support/authorization-server.js';
import { type Answer, expectStatus } from '../support/http.js';
import { createAdminToken, createProvider, createReceiverApi } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const AUDIENCE = 'ssf-admin';
const HOST_TOKEN = 'session-of-ana-at-the-host';

let transmitter: Transmitter;
let server: AuthorizationServer;
/** With a provider of its own, and hardly any patience. */
let strict: Transmitter;
let strictServer: AuthorizationServer;

beforeAll(async () => {
  [server, strictServer] = await Promise.all([AuthorizationServer.start(), AuthorizationServer.start()]);
  [transmitter, strict] = await Promise.all([startPatient(), startStrict()]);
});

afterAll(async () => {
  await Promise.all([transmitter, strict, server, strictServer].map((each) => each.stop()));
});

function startStrict(): Promise<Transmitter> {
  return startTransmitter({
    delivery: false,
    failedAuthenticationsPerMinute: 3,
    adminOidc: { issuer: strictServer.issuer, audience: AUDIENCE },
  });
}

function startPatient(): Promise<Transmitter> {
  return startTransmitter({
    delivery: false,
    adminOidc: {
      issuer: server.issuer,
      audience: AUDIENCE,
      roleClaim: 'realm_access.roles',
      roles: { 'idp-admins': 'admin', 'idp-ops': 'operator' },
    },
    adminAuthenticator: {
      authenticate: ({ bearerToken }) =>
        Promise.resolve(
          bearerToken === HOST_TOKEN ? { id: 'user-7', name: 'Ana', role: 'operator' } : undefined,
        ),
    },
  });
}

function read(token: string): Promise<Answer> {
  return transmitter.admin.call('/providers', { token });
}

/** What only the role `admin` may do. */
function change(token: string): Promise<Answer> {
  return transmitter.admin.call('/encryption/reseal', { method: 'POST', token });
}

async function listed(id: string): Promise<AdminToken | undefined> {
  const pages = await transmitter.admin.all<AdminToken>('/admin-tokens', 250);
  return pages.flat().find((each) => each.id === id);
}

describe('an admin token', () => {
  it('is shown once, and kept as a hash', async () => {
    const created = await createAdminToken(transmitter, { role: 'viewer' });

    expect(Object.keys(created).toSorted()).toEqual(['id', 'token']);
    expect(created.token).toMatch(/^ssf_admin_[\w-]{43}$/);
    const all = await transmitter.admin.call('/admin-tokens?limit=250');
    expect(all.text).not.toContain(created.token);
    expect(await listed(created.id)).toEqual({
      id: created.id,
      name: 'For viewer',
      role: 'viewer',
      expiresAt: null,
      lastUsedAt: null,
      createdAt: expect.any(String) as string,
    });
    const rows = await transmitter.database.query('select t::text from ssf.admin_token t');
    expect(JSON.stringify(rows)).not.toContain(created.token);
    expect((await read(created.token)).status).toBe(200);
    expect(transmitter.logLines.join()).not.toContain(created.token);
  });

  it('says that it was used, and writes that down once a minute', async () => {
    const { id, token } = await createAdminToken(transmitter);
    const { database } = transmitter;
    const lastUsedAt = async (): Promise<string | null> => (await listed(id))?.lastUsedAt ?? null;
    await Promise.all([read(token), read(token)]);
    const first = await lastUsedAt();
    await read(token);

    expect(Math.abs(Date.now() - Date.parse(first ?? ''))).toBeLessThan(60_000);
    expect(await lastUsedAt()).toBe(first);
    await database.query(
      `update ssf.admin_token set last_used_at = now() - interval '59 seconds' where id = $1`,
      [id],
    );
    const before = await lastUsedAt();
    await read(token);
    expect(await lastUsedAt()).toBe(before);
    await database.query(
      `update ssf.admin_token set last_used_at = now() - interval '61 seconds' where id = $1`,
      [id],
    );
    await read(token);
    expect(Date.parse((await lastUsedAt()) ?? '')).toBeGreaterThan(Date.parse(before ?? ''));
  });

  it('ends when it expires, by the clock of the database', async () => {
    const { id, token } = await createAdminToken(transmitter, { expiresAt: '2100-01-01T00:00:00Z' });
    expect((await read(token)).status).toBe(200);

    await transmitter.database.query('update ssf.admin_token set expires_at = now() where id = $1', [id]);

    const answer = await read(token);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="ssf", error="invalid_token"');
  });

  it('ends when it is revoked, even by itself', async () => {
    const { id, token } = await createAdminToken(transmitter);
    const path = `/admin-tokens/${id}`;

    expect((await transmitter.admin.call(path, { method: 'DELETE', token })).status).toBe(204);

    expect((await read(token)).status).toBe(401);
    expect((await transmitter.admin.call(path, { method: 'DELETE' })).status).toBe(404);
    expect((await transmitter.admin.call('/admin-tokens/nothing', { method: 'DELETE' })).status).toBe(404);
  });

  it('is in the audit log, and whatever is done with it', async () => {
    const ana = await createAdminToken(transmitter, { name: 'Ana' });
    const { id } = await transmitter.admin
      .call('/admin-tokens', { body: { name: 'CI', role: 'viewer' }, token: ana.token })
      .then((answer) => answer.json<CreatedAdminToken>());

    const [made, first] = await transmitter.admin.auditLog({ action: 'admin_token.created' });

    expect(made).toMatchObject({
      actor: { kind: 'administrator', id: ana.id, name: 'Ana' },
      targetId: id,
      after: { name: 'CI', role: 'viewer', expiresAt: null },
    });
    expect(first).toMatchObject({
      actor: { kind: 'administrator', id: 'bootstrap', name: null },
      targetId: ana.id,
    });
  });

  it('is made once with an Idempotency-Key, and shown to nobody else who has the key', async () => {
    const { token: other } = await createAdminToken(transmitter);
    const request = {
      body: { name: 'Once', role: 'viewer' },
      headers: { 'idempotency-key': 'admin-token-once' },
    };

    const first = await transmitter.admin.call('/admin-tokens', request);
    const again = await transmitter.admin.call('/admin-tokens', request);
    const others = await transmitter.admin.call('/admin-tokens', { ...request, token: other });

    expect([first.status, again.status, others.status]).toEqual([201, 201, 409]);
    expect(again.text).toBe(first.text);
    expect(others.text).not.toContain(first.json<CreatedAdminToken>().token);
  });

  it('comes in pages', async () => {
    const made = [
      await createAdminToken(transmitter),
      await createAdminToken(transmitter),
      await createAdminToken(transmitter),
    ];

    const pages = await transmitter.admin.all<AdminToken>('/admin-tokens', 2);

    expect(Math.max(...pages.map(({ length }) => length))).toBe(2);
    expect(
      pages
        .flat()
        .slice(-3)
        .map(({ id }) => id),
    ).toEqual(made.map(({ id }) => id));
  });

  it.each<[string, object, string[]]>([
    ['without a name', { name: undefined }, ['name']],
    ['with an empty name', { name: '' }, ['name']],
    ['with a name of 101 characters', { name: 'x'.repeat(101) }, ['name']],
    ['without a role', { role: undefined }, ['role']],
    ['with an unknown role', { role: 'root' }, ['role']],
    ['with several roles', { role: ['viewer'] }, ['role']],
    ['with a time that is none', { expiresAt: 'never' }, ['expiresAt']],
    ['with no time', { expiresAt: null }, ['expiresAt']],
    ['with a token of its choice', { token: 'ssf_admin_0' }, ['token']],
  ])('is refused %s', async (_, members, wrong) => {
    const count = (): Promise<unknown> => transmitter.database.query('select count(*) from ssf.admin_token');
    const before = await count();

    const answer = await transmitter.admin.call('/admin-tokens', {
      body: { name: 'Ana', role: 'viewer', ...members },
    });

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(wrong);
    expect(await count()).toEqual(before);
  });
});

function jwt(claims: object = {}, header: object = {}): Promise<string> {
  return server.token(
    {
      aud: AUDIENCE,
      sub: 'user-31',
      preferred_username: 'ana',
      realm_access: { roles: ['idp-admins'] },
      ...claims,
    },
    header,
  );
}

describe('a JWT of the OpenID provider', () => {
  it('has the highest of the roles that it names', async () => {
    const ops = await jwt({ realm_access: { roles: ['offline_access', 'idp-ops'] } });
    const both = await jwt({ realm_access: { roles: ['idp-ops', 'idp-admins'] } });

    const answers = [await read(ops), await change(ops), await change(both)];

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 200]);
  });

  it.each<[string, object]>([
    ['no roles', { realm_access: undefined }],
    ['roles of others', { realm_access: { roles: ['admin', 'viewer'] } }],
    ['its role elsewhere', { realm_access: undefined, roles: ['idp-admins'] }],
  ])('with %s is known, but may do nothing', async (_, claims) => {
    const answer = await read(await jwt(claims));

    expect(answer.status).toBe(403);
    expect(answer.json<Problem>()).toMatchObject({
      code: 'forbidden',
      detail: 'the token is valid, but names no role of this transmitter',
    });
  });

  it('is in the audit log by its issuer and subject', async () => {
    const token = await jwt({ sub: 'user-8' });

    const created = await transmitter.admin.call('/admin-tokens', {
      body: { name: 'Of Ana', role: 'viewer' },
      token,
    });

    const entries = await transmitter.admin.auditLog({ action: 'admin_token.created' });
    const entry = entries.find(({ targetId }) => targetId === created.json<CreatedAdminToken>().id);
    expect(entry?.actor).toEqual<AuditEntry['actor']>({
      kind: 'administrator',
      id: `${server.issuer} user-8`,
      name: 'ana',
    });
  });

  it.each<[string, object, object?]>([
    ['is of an access token', {}, { typ: 'at+jwt' }],
    ['says no more than that it is a JWT', {}, { typ: 'JWT' }],
    ['says nothing about what it is', {}, { typ: undefined }],
    ['has the audience among others', { aud: ['account', AUDIENCE] }],
  ])('is taken when it %s', async (_, claims, header) => {
    expect((await change(await jwt(claims, header))).status).toBe(200);
  });

  it.each<[string, object, object?]>([
    ['has expired', { exp: 1_700_000_000 }],
    ['has no expiry', { exp: undefined }],
    ['is for somebody else', { aud: 'another-client' }],
    ['is for somebody whose name begins like this', { aud: `${AUDIENCE}-2` }],
    ['has no audience', { aud: undefined }],
    ['is of another issuer', { iss: 'https://elsewhere.test' }],
    ['has no subject', { sub: undefined }],
    ['has an empty subject', { sub: '' }],
    ['has a subject that cannot be written down', { sub: 'a\0b' }],
    ['has a very long subject', { sub: 'x'.repeat(256) }],
    ['is a SET', { events: {} }],
    ['is typed as a SET', {}, { typ: 'secevent+jwt' }],
    ['is typed as a logout token', {}, { typ: 'logout+jwt' }],
    ['has an unknown key', {}, { kid: 'k-2' }],
  ])('is refused with 401 when it %s', async (_, claims, header) => {
    const answer = await read(await jwt(claims, header));

    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="ssf", error="invalid_token"');
  });

  it('is refused with 401 when its issuer is written in another way', async () => {
    expect((await read(await jwt({ iss: `${server.issuer}/` }))).status).toBe(401);
  });

  it('is refused with 401 when it has no signature of the issuer', async () => {
    const token = await jwt();
    const claims = decodeJwt(token);
    const [header, body] = token.split('.');
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'k-1' })
      .sign(Buffer.from('what everybody knows, such as the public key'));

    const answers = [
      await read(symmetric),
      await read(new UnsecuredJWT(claims).encode()),
      await read(`${header}.${body}.AAAA`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it('is answered with 503 while its keys cannot be had', async () => {
    const token = await strictServer.token({ aud: AUDIENCE, sub: 'user-1', roles: 'viewer' });
    strictServer.isDown = true;

    const down = await strict.admin.call('/providers', { token });
    strictServer.isDown = false;
    const up = await strict.admin.call('/providers', { token });

    expect([down.status, up.status]).toEqual([503, 200]);
  });

  it('is no token of a receiver', async () => {
    const { api } = await createReceiverApi(transmitter, await createProvider(transmitter));

    expect((await api.readStreams({ token: await jwt() })).status).toBe(401);
  });
});

describe("an administrator of the host's own", () => {
  it('has the role that the host says, and is in the audit log', async () => {
    const provider = await createProvider(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    const { stream_id: streamId } = await api.createdStream({});

    const answers = [
      await transmitter.admin.call(`/streams/${streamId}/status`, {
        body: { status: 'paused' },
        token: HOST_TOKEN,
      }),
      await change(HOST_TOKEN),
      await read(`${HOST_TOKEN}x`),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 401]);
    const [entry] = await transmitter.admin.auditLog({ streamId });
    expect(entry?.actor).toEqual({ kind: 'administrator', id: 'user-7', name: 'Ana' });
  });
});

describe('GET /me', () => {
  it('tells every administrator who it is in the audit log, and its role', async () => {
    const { id, token } = await createAdminToken(transmitter, { role: 'viewer' });
    const { admin } = transmitter;
    const me = async (who?: string): Promise<unknown> =>
      expectStatus(await admin.call('/me', who === undefined ? {} : { token: who }), 200).json();
    const nameless = { preferred_username: undefined, realm_access: { roles: ['idp-ops'] } };

    expect([
      await me(),
      await me(token),
      await me(await jwt()),
      await me(await jwt(nameless)),
      await me(HOST_TOKEN),
    ]).toEqual([
      { id: 'bootstrap', name: null, role: 'admin' },
      { id, name: 'For viewer', role: 'viewer' },
      { id: `${server.issuer} user-31`, name: 'ana', role: 'admin' },
      { id: `${server.issuer} user-31`, name: null, role: 'operator' },
      { id: 'user-7', name: 'Ana', role: 'operator' },
    ]);
  });
});

describe('an address with too many wrong tokens', () => {
  it('is told to wait, and locks out nobody who is there with a valid one', async () => {
    const readWith = (token: string | undefined): Promise<Answer> =>
      strict.admin.call('/providers', { token });
    const { token } = await createAdminToken(strict, { name: 'Ana', role: 'viewer' });
    const { api } = await createReceiverApi(strict, await createProvider(strict));
    const viewer = await strictServer.token({ aud: AUDIENCE, sub: 'user-1', roles: 'viewer' });

    const without = [await readWith(undefined), await readWith(undefined), await readWith(undefined)];
    const failed = [await readWith('wrong'), await readWith('wrong'), await readWith('wrong')];
    const beyond = [await readWith('wrong'), await readWith('ssf_admin_wrong'), await readWith(`${viewer}x`)];
    const valid = [
      await readWith(strict.adminToken),
      await readWith(token),
      await readWith(viewer),
      await api.readStreams(),
    ];
    const atReceivers = await api.readStreams({ token: 'wrong' });

    expect([...without, ...failed].map(({ status }) => status)).toEqual(Array<number>(6).fill(401));
    expect(beyond.map(({ status }) => status)).toEqual([429, 429, 429]);
    expect(valid.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(atReceivers.status).toBe(401);
    const [answer] = beyond;
    const seconds = Number(answer?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answer?.json<Problem>()).toMatchObject({
      code: 'too_many_requests',
      detail: `too many wrong tokens from this address: try again in ${seconds} s`,
    });
  });
});
