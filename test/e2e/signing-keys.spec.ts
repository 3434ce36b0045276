import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, Provider, SigningKey } from '../support/api-types.js';
import { type Answer, call, expectStatus } from '../support/http.js';
import { answerOf, NOW, pollStream, type PollStream } from '../support/polling.js';
import { housekeepingRound, makeDue, makeVisible } from '../support/queue.js';
import { type Connection, connect, createProvider } from '../support/scenario.js';
import { keysOf, passTime, publishedKids } from '../support/signing-keys.js';
import type { ReceivedSet } from '../support/test-receiver.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const DAY = 86_400;
/** of caches, five minutes, and one more */
const AHEAD = 360;
const RETIRING = 30 * DAY;
const LAST_SEND = 300;

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ sweepIntervalMs: 50, housekeepingIntervalMs: 40 });
});

afterAll(() => transmitter.stop());

function post(provider: Provider, body?: unknown, path = ''): Promise<Answer> {
  return transmitter.admin.call(`/providers/${provider.id}/signing-keys${path}`, { method: 'POST', body });
}

async function rotate(provider: Provider, body?: object): Promise<SigningKey> {
  const answer = await post(provider, body, '/rotate');
  expect(answer.status).toBe(201);
  return answer.json<SigningKey>();
}

function patch(provider: Provider, body: object): Promise<Answer> {
  return transmitter.admin.call(`/providers/${provider.id}`, { method: 'PATCH', body });
}

function remove(provider: Provider, kid: string): Promise<Answer> {
  return transmitter.admin.call(`/providers/${provider.id}/signing-keys/${encodeURIComponent(kid)}`, {
    method: 'DELETE',
  });
}

async function statuses(provider: Provider): Promise<Record<string, string>> {
  return Object.fromEntries((await keysOf(transmitter, provider)).map(({ kid, status }) => [kid, status]));
}

async function activeKey(provider: Provider): Promise<SigningKey> {
  const active = (await keysOf(transmitter, provider)).find(({ status }) => status === 'active');
  if (!active) throw new Error('no active key');
  return active;
}

/** The receiver fetches the JWK Set again, as it does when its copy is stale. */
function refetch({ receiver, provider, application }: Connection): void {
  const { configurationUrl, issuer } = provider;
  receiver.believe({ configurationUrl, issuer, audience: application.audience });
}

/** A SET that the receiver verified with this key, which signs within a moment. */
async function signedBy(connection: Connection, kid: string): Promise<ReceivedSet> {
  const { receiver, signal } = connection;
  refetch(connection);
  return until(`a SET that is signed by ${kid}`, async () => {
    const count = receiver.received.length;
    await transmitter.admin.record(signal());
    const sets = await receiver.atLeast(count + 1);
    return sets.slice(count).find(({ header }) => header.kid === kid);
  });
}

/** A SET that its receiver refused, so that it is sent again. */
async function failed(connection: Connection): Promise<ReceivedSet> {
  connection.receiver.answerInTurn({ status: 503 });
  await transmitter.admin.record(connection.signal());
  const set = await connection.receiver.next();
  await transmitter.admin.streamWhen(
    connection.stream.stream_id,
    'has failed',
    ({ health }) => health.retryAt !== null,
  );
  return set;
}

async function sentAgain(connection: Connection): Promise<ReceivedSet | undefined> {
  await makeDue(transmitter, connection.stream.stream_id);
  return (await connection.receiver.atLeast(2))[1];
}

async function handedOut({ api, stream }: PollStream): Promise<string> {
  await makeVisible(transmitter, stream.stream_id);
  return Object.values(answerOf(await api.poll(stream, NOW)).sets)[0] ?? '';
}

function kid(token: string): string | undefined {
  return decodeProtectedHeader(token).kid;
}

/** This key signs: the process has looked at the keys since. Shown by SETs of a stream of their own. */
async function noticed(provider: Provider, active: string): Promise<void> {
  const { api, stream } = await pollStreamOf(provider);
  await until(`${active} signs`, async () => {
    expectStatus(
      await transmitter.admin.call(`/streams/${stream.stream_id}/verify`, { method: 'POST' }),
      204,
    );
    return Object.values(answerOf(await api.poll(stream, NOW)).sets).some((token) => kid(token) === active);
  });
}

function pollStreamOf(provider: Provider): Promise<PollStream> {
  return pollStream(transmitter, {}, provider);
}

describe('a rotation by hand', () => {
  it('publishes the next key at once, and signs with it when every cache can have it', async () => {
    const connection = await connect(transmitter);
    const { provider } = connection;
    const first = await activeKey(provider);

    const next = await rotate(provider);

    expect(next).toMatchObject({ status: 'next', algorithm: 'ES256', retiresAt: null });
    const seconds = (Date.parse(next.activatesAt ?? '') - Date.now()) / 1000;
    expect(Math.abs(seconds - AHEAD)).toBeLessThan(10);
    expect(await publishedKids(provider)).toEqual([next.kid, first.kid]);
    expect((await call(provider.jwksUri)).headers.get('cache-control')).toBe('public, max-age=300');

    await passTime(transmitter, provider, AHEAD - 60);
    await signedBy(connection, first.kid);
    expect(await statuses(provider)).toEqual({ [next.kid]: 'next', [first.kid]: 'active' });

    await passTime(transmitter, provider, 61);
    await signedBy(connection, next.kid);
    const [second, retiring] = await keysOf(transmitter, provider);
    expect(second).toMatchObject({ kid: next.kid, status: 'active', activatesAt: null });
    expect(retiring).toMatchObject({ kid: first.kid, status: 'retiring' });
    expect(await publishedKids(provider)).toEqual([next.kid, first.kid]);
  });

  it('is refused while there is a next key, with the time from which it signs', async () => {
    const provider = await createProvider(transmitter);
    const next = await rotate(provider);

    const answer = await post(provider, {}, '/rotate');

    expect(answer.status).toBe(409);
    expect(answer.json<Problem>().detail).toContain(next.activatesAt);
    expect(await keysOf(transmitter, provider)).toHaveLength(2);
  });

  it('is done once for an Idempotency-Key', async () => {
    const provider = await createProvider(transmitter);
    const again = (): Promise<Answer> =>
      transmitter.admin.call(`/providers/${provider.id}/signing-keys/rotate`, {
        method: 'POST',
        headers: { 'idempotency-key': `rotate-${provider.id}` },
      });

    const answers = [await again(), await again()];

    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1]?.json()).toEqual(answers[0]?.json());
    expect(await keysOf(transmitter, provider)).toHaveLength(2);
  });

  it('leaves one next key when several come at once', async () => {
    const provider = await createProvider(transmitter);

    const answers = await Promise.all([1, 2, 3].map(() => post(provider, undefined, '/rotate')));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    expect(Object.values(await statuses(provider)).toSorted()).toEqual(['active', 'next']);
  });
});

describe('what was signed before a rotation', () => {
  it('is pushed again with the same bytes while its key is published, and then signed anew', async () => {
    const connection = await connect(transmitter);
    const { provider, receiver, stream } = connection;
    const first = await failed(connection);
    const next = await rotate(provider);
    await passTime(transmitter, provider, AHEAD);
    await noticed(provider, next.kid);
    refetch(connection);
    receiver.answerInTurn({ status: 503 });

    const second = await sentAgain(connection);
    expect(second?.token).toBe(first.token);

    await passTime(transmitter, provider, RETIRING - LAST_SEND + 10);
    await housekeepingRound(transmitter, 'signing-keys');
    expect(await publishedKids(provider)).toContain(first.header.kid);
    refetch(connection);
    await until('the SET is sent again', async () => {
      await makeDue(transmitter, stream.stream_id);
      return receiver.received.length === 3;
    });
    const third = receiver.received[2];
    expect(third?.header.kid).toBe(next.kid);
    expect(third?.claims).toEqual(first.claims);
  });

  it('is handed out again with the same bytes while its key is published, and then signed anew', async () => {
    const poll = await pollStream(transmitter);
    const { provider } = poll;
    await poll.record(1);
    const first = await handedOut(poll);
    const next = await rotate(provider);
    await passTime(transmitter, provider, AHEAD);
    await noticed(provider, next.kid);

    expect(await handedOut(poll)).toBe(first);

    await passTime(transmitter, provider, RETIRING - LAST_SEND + 10);
    await until('it is signed anew', async () => kid(await handedOut(poll)) === next.kid);
    const anew = await handedOut(poll);
    expect(await handedOut(poll)).toBe(anew);
    expect(anew.split('.')[1]).toBe(first.split('.')[1]);
    const { payload } = await jwtVerify(anew, createRemoteJWKSet(new URL(provider.jwksUri)));
    expect(payload.iss).toBe(provider.issuer);
  });
});

describe('a key that others may know', () => {
  it('is replaced at once, leaves the JWK Set within the minute, and what it signed is signed anew', async () => {
    const connection = await connect(transmitter);
    const { provider } = connection;
    const first = await failed(connection);

    const key = await rotate(provider, { immediately: true });

    expect(key).toMatchObject({ status: 'active', activatesAt: null });
    const [, old] = await keysOf(transmitter, provider);
    expect(old).toMatchObject({ kid: first.header.kid, status: 'retiring' });
    expect(Date.parse(old?.retiresAt ?? '') - Date.now()).toBeLessThan(31_000);
    await noticed(provider, key.kid);
    refetch(connection);
    const again = await sentAgain(connection);
    expect([again?.header.kid, again?.claims]).toEqual([key.kid, first.claims]);

    await passTime(transmitter, provider, 31);
    expect(await publishedKids(provider)).toEqual([key.kid]);
  });

  it('has signed nothing that polls get later', async () => {
    const poll = await pollStream(transmitter);
    await poll.record(1);
    const first = await handedOut(poll);

    const key = await rotate(poll.provider, { immediately: true });

    await noticed(poll.provider, key.kid);
    const again = await handedOut(poll);
    expect([kid(again), again.split('.')[1]]).toEqual([key.kid, first.split('.')[1]]);
  });

  it('takes with it those that were retiring, and the next one takes its place', async () => {
    const provider = await createProvider(transmitter);
    const second = await rotate(provider);
    await passTime(transmitter, provider, AHEAD);
    const third = await rotate(provider);

    const key = await rotate(provider, { immediately: true });

    expect(key.kid).toBe(third.kid);
    await passTime(transmitter, provider, 31);
    expect(await publishedKids(provider)).toEqual([third.kid]);
    expect((await statuses(provider))[second.kid]).toBe('retired');
  });

  it('has no private half any more when it has retired', async () => {
    const provider = await createProvider(transmitter);
    const first = await activeKey(provider);
    await rotate(provider, { immediately: true });
    await passTime(transmitter, provider, 31);

    await housekeepingRound(transmitter, 'signing-keys');

    const rows = await transmitter.database.query<object>(
      'select kid, status, private_key is null as erased from ssf.signing_key where provider_id = $1 order by id',
      [provider.id],
    );
    expect(rows).toMatchObject([
      { kid: first.kid, status: 'retired', erased: true },
      { status: 'active', erased: false },
    ]);
  });
});

describe('a schedule', () => {
  it('makes the next key in time, and the one after that in its time', async () => {
    const connection = await connect(transmitter, { provider: { keyRotationDays: 7 } });
    const { provider } = connection;
    const first = await activeKey(provider);
    expect(provider.keyRotationDays).toBe(7);
    const due = 7 * DAY - AHEAD;

    await passTime(transmitter, provider, due - 60);
    await housekeepingRound(transmitter, 'signing-keys');
    expect(await statuses(provider)).toEqual({ [first.kid]: 'active' });

    await passTime(transmitter, provider, 61);
    await housekeepingRound(transmitter, 'signing-keys');
    const [next] = await keysOf(transmitter, provider);
    expect(next).toMatchObject({ status: 'next', algorithm: 'ES256' });
    expect(await publishedKids(provider)).toEqual([next?.kid, first.kid]);

    await passTime(transmitter, provider, AHEAD);
    await signedBy(connection, next?.kid ?? '');
    await passTime(transmitter, provider, due);
    await housekeepingRound(transmitter, 'signing-keys');
    expect(Object.values(await statuses(provider))).toEqual(['next', 'active', 'retiring']);
    const noted = await transmitter.admin.auditLog({ providerId: provider.id, actor: 'system' });
    const changesOf = (kid: string | undefined): unknown[] =>
      noted.flatMap((entry) => (entry.targetId === kid ? [entry.after?.status] : [])).reverse();
    expect(changesOf(next?.kid)).toEqual(['next', 'active']);
    expect(changesOf(first.kid)).toEqual(['retiring']);
    expect(noted.map(({ actor }) => actor.id)).toContain('key-rotation');
  });

  it('ends with null', async () => {
    const provider = await createProvider(transmitter, { keyRotationDays: 1 });
    const { keyRotationDays } = (await patch(provider, { keyRotationDays: null })).json<Provider>();
    expect(keyRotationDays).toBeNull();

    await passTime(transmitter, provider, 10 * DAY);
    await housekeepingRound(transmitter, 'signing-keys');

    expect(await keysOf(transmitter, provider)).toHaveLength(1);
  });

  it.each([0, 1.5, 3651, '7'])('of %j days is refused', async (keyRotationDays) => {
    const provider = await createProvider(transmitter);

    const answer = await patch(provider, { keyRotationDays });

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(['keyRotationDays']);
  });
});

describe("a change of a provider's algorithm", () => {
  it('makes a next key of it', async () => {
    const connection = await connect(transmitter);
    const { provider } = connection;

    const answer = await patch(provider, { signingAlgorithm: 'EdDSA', name: 'Acme' });

    expect(answer.json()).toMatchObject({ signingAlgorithm: 'EdDSA', name: 'Acme' });
    const [next, active] = await keysOf(transmitter, provider);
    expect(next).toMatchObject({ status: 'next', algorithm: 'EdDSA' });
    expect(active).toMatchObject({ status: 'active', algorithm: 'ES256' });
    await passTime(transmitter, provider, AHEAD);
    expect((await signedBy(connection, next?.kid ?? '')).header.alg).toBe('EdDSA');
  });

  it('to what it is changes nothing', async () => {
    const provider = await createProvider(transmitter);

    expect((await patch(provider, { signingAlgorithm: 'ES256' })).status).toBe(200);

    expect(await keysOf(transmitter, provider)).toHaveLength(1);
  });

  it('is refused while a key of another one is next, with all else in it', async () => {
    const provider = await createProvider(transmitter);
    const next = await rotate(provider);

    const answer = await patch(provider, { signingAlgorithm: 'PS256', name: 'Other' });

    expect(answer.status).toBe(409);
    expect(answer.json<Problem>().detail).toContain(next.kid);
    expect(await transmitter.admin.provider(provider.id)).toMatchObject({
      name: provider.name,
      signingAlgorithm: 'ES256',
    });
    await remove(provider, next.kid);
    expect((await patch(provider, { signingAlgorithm: 'EdDSA' })).status).toBe(200);
  });
});

const PRIVATE_KEYS: Record<string, KeyObject> = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  EdDSA: generateKeyPairSync('ed25519').privateKey,
};
const SHORT_RSA = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;

function privateKey(algorithm: string): KeyObject {
  const key = PRIVATE_KEYS[algorithm];
  if (!key) throw new Error(algorithm);
  return key;
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function jwkOf(key: KeyObject, members: object = {}): JsonWebKey & { d: string } {
  return { d: '', ...key.export({ format: 'jwk' }), ...members };
}

describe('an imported key', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('of %s signs, from PEM and from a JWK', async (algorithm) => {
    const connection = await connect(transmitter);
    const { provider } = connection;
    const key = privateKey(algorithm);

    const fromPem = await post(provider, { pem: pemOf(key), algorithm, immediately: true });
    expect(fromPem.status).toBe(201);
    const { kid: thumbprint } = fromPem.json<SigningKey>();
    expect(thumbprint).toBe(await calculateJwkThumbprint(jwkOf(key) as never));
    expect((await signedBy(connection, thumbprint)).header.alg).toBe(algorithm);
    expect(await transmitter.admin.provider(provider.id)).toMatchObject({
      signingAlgorithm: algorithm,
    });

    const fromJwk = await post(provider, { jwk: jwkOf(key, { alg: algorithm, kid: 'acme:2026+11' }) });
    expect(fromJwk.json()).toMatchObject({ kid: 'acme:2026+11', status: 'next', algorithm });
    await passTime(transmitter, provider, AHEAD);
    await signedBy(connection, 'acme:2026+11');

    const answers = [
      fromPem,
      fromJwk,
      await transmitter.admin.call(`/providers/${provider.id}/signing-keys`),
    ];
    for (const { text } of [...answers, await call(provider.jwksUri)]) {
      expect(text).not.toContain(jwkOf(key).d);
      expect(text).not.toMatch(/PRIVATE|"(d|p|q|dp|dq|qi)"/);
    }
    expect(transmitter.logLines.join('\n')).not.toContain(jwkOf(key).d);
  });

  it('is refused when the provider has its kid or a next key, and may have the kid of another provider', async () => {
    const [one, two] = [await createProvider(transmitter), await createProvider(transmitter)];
    const jwk = jwkOf(privateKey('ES256'), { kid: 'k-1' });
    const other = { jwk: jwkOf(privateKey('EdDSA'), { kid: 'k-1' }) };

    expect((await post(one, { jwk })).status).toBe(201);
    expect((await post(two, other)).status).toBe(201);
    const answers = [await post(one, other), await post(one, { pem: pemOf(privateKey('RS256')) })];

    expect(answers.map(({ status }) => status)).toEqual([409, 409]);
    expect(answers[0]?.json<Problem>().detail).toMatch(/^kid: .*k-1/);
    expect(answers[1]?.json<Problem>().detail).toContain('next already');
    expect(await keysOf(transmitter, one)).toHaveLength(2);
  });

  const es256 = privateKey('ES256');
  it.each<[string, unknown, string[]]>([
    ['nothing', {}, ['pem']],
    ['both forms', { pem: pemOf(es256), jwk: jwkOf(es256) }, ['jwk']],
    ['no text', { pem: 7 }, ['pem']],
    ['no object', { jwk: 'x' }, ['jwk']],
    ['null', { jwk: null }, ['jwk']],
    ['an unknown algorithm', { pem: pemOf(es256), algorithm: 'HS256' }, ['algorithm']],
    ['an algorithm of other keys', { pem: pemOf(es256), algorithm: 'RS256' }, ['algorithm']],
    ['a word for a boolean', { pem: pemOf(es256), immediately: 'yes' }, ['immediately']],
    ['a member too many', { pem: pemOf(es256), status: 'active' }, ['status']],
    ['a short key', { pem: pemOf(SHORT_RSA) }, ['pem']],
    ['a short JWK', { jwk: jwkOf(SHORT_RSA) }, ['jwk.n']],
    ['the public half', { jwk: jwkOf(es256, { d: undefined }) }, ['jwk.d']],
    ['a point that is not on the curve', { jwk: jwkOf(es256, { x: jwkOf(es256).y }) }, ['jwk']],
    ['a kid that does not fit into a path', { jwk: jwkOf(es256, { kid: 'a/b' }) }, ['jwk.kid']],
  ])(
    'is refused when it is %s, by the name of the member and without its value',
    async (_what, body, members) => {
      const provider = await createProvider(transmitter);

      const answer = await post(provider, body);

      expect(answer.status).toBe(400);
      expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(members);
      expect(answer.text).not.toContain(jwkOf(es256).d);
      expect(await keysOf(transmitter, provider)).toHaveLength(1);
    },
  );
});

describe('a key is deleted', () => {
  it('when it is next or retired, and not while it is needed: the answer says why and until when', async () => {
    const provider = await createProvider(transmitter);
    const first = await activeKey(provider);
    const unused = await rotate(provider);

    const active = await remove(provider, first.kid);
    expect([active.status, active.json<Problem>().code]).toEqual([409, 'conflict']);
    expect(active.json<Problem>().detail).toMatch(/the key signs/);

    expect((await remove(provider, unused.kid)).status).toBe(204);
    expect(await publishedKids(provider)).toEqual([first.kid]);

    const next = await rotate(provider);
    await passTime(transmitter, provider, AHEAD);
    const retiring = await remove(provider, first.kid);
    const { retiresAt } = (await keysOf(transmitter, provider))[1] ?? {};
    expect(retiring.status).toBe(409);
    expect(retiring.json<Problem>().detail).toContain(retiresAt);
    expect(await publishedKids(provider)).toEqual([next.kid, first.kid]);

    await passTime(transmitter, provider, RETIRING);
    expect(await statuses(provider)).toEqual({ [next.kid]: 'active', [first.kid]: 'retired' });
    expect((await remove(provider, first.kid)).status).toBe(204);
    expect((await keysOf(transmitter, provider)).map((key) => key.kid)).toEqual([next.kid]);
  });

  it('by its own provider alone', async () => {
    const [one, two] = [await createProvider(transmitter), await createProvider(transmitter)];
    const next = await rotate(one);

    expect((await remove(two, next.kid)).status).toBe(404);
    expect((await remove(one, 'nothing')).status).toBe(404);
    expect((await remove({ ...one, id: 'nobody' }, next.kid)).status).toBe(404);
    expect(await publishedKids(one)).toContain(next.kid);
  });

  it('with its provider, whose keys are looked for in vain', async () => {
    const provider = await createProvider(transmitter);
    await transmitter.admin.delete(`/providers/${provider.id}`);

    const answers = [
      await post(provider, undefined, '/rotate'),
      await post(provider, { pem: pemOf(privateKey('ES256')) }),
      await patch(provider, { signingAlgorithm: 'EdDSA' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

it.each([
  [{ immediately: 'yes' }, 'immediately'],
  [{ immediately: null }, 'immediately'],
  [{ kid: 'x' }, 'kid'],
])('a rotation with %j is refused', async (body, member) => {
  const provider = await createProvider(transmitter);

  const answer = await post(provider, body, '/rotate');

  expect(answer.status).toBe(400);
  expect(answer.json<Problem>().errors?.map((error) => error.member)).toEqual([member]);
  expect(await keysOf(transmitter, provider)).toHaveLength(1);
});
