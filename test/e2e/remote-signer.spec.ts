import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem, Provider, SigningKey } from '../support/api-types.js';
import { type Answer, call } from '../support/http.js';
import { answerOf, NOW, pollStream } from '../support/polling.js';
import { housekeepingRound } from '../support/queue.js';
import { newKey, RemoteSigner } from '../support/remote-signer.js';
import { type Connection, connect, createProvider, uniqueSlug } from '../support/scenario.js';
import { keysOf, passTime, publishedKids } from '../support/signing-keys.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const AHEAD = 360;
const RETIRING = 30 * 86_400;

let signer: RemoteSigner;
let transmitter: Transmitter;

beforeAll(async () => {
  signer = await RemoteSigner.start();
  transmitter = await startTransmitter({
    signer: signer.options,
    sweepIntervalMs: 50,
    housekeepingIntervalMs: 40,
  });
});

beforeEach(() => {
  signer.behaviour = 'works';
});

afterAll(async () => {
  await transmitter.stop();
  await signer.down();
});

function post(provider: Provider, body: unknown, path = ''): Promise<Answer> {
  return transmitter.admin.call(`/providers/${provider.id}/signing-keys${path}`, { method: 'POST', body });
}

async function rotate(provider: Provider, body: object = {}): Promise<SigningKey> {
  return (await post(provider, body, '/rotate')).json<SigningKey>();
}

async function signedBy({ receiver, signal, ...connection }: Connection, kid: string): Promise<void> {
  const { configurationUrl, issuer } = connection.provider;
  receiver.believe({ configurationUrl, issuer, audience: connection.application.audience });
  await until(`a SET that ${kid} signed`, async () => {
    const count = receiver.received.length;
    await transmitter.admin.record(signal());
    return (await receiver.atLeast(count + 1)).slice(count).some(({ header }) => header.kid === kid);
  });
}

function logged(event: string, kid: string): object[] {
  return transmitter.logLines
    .map((line) => JSON.parse(line) as { event?: string; kid?: string })
    .filter((line) => line.event === event && line.kid === kid);
}

describe('with a remote signer', () => {
  it('keys are made there and sign SETs that receivers verify, also after a rotation, until they retire', async () => {
    const connection = await connect(transmitter);
    const { provider } = connection;
    const [first] = await keysOf(transmitter, provider);
    expect(first).toMatchObject({ status: 'active', algorithm: 'ES256', location: 'remote' });
    expect(first?.kid).toBe(await calculateJwkThumbprint(first?.publicJwk ?? {}));
    await signedBy(connection, first?.kid ?? '');

    const next = await rotate(provider);
    expect(next).toMatchObject({ status: 'next', location: 'remote' });
    expect(await publishedKids(provider)).toEqual([next.kid, first?.kid]);
    await passTime(transmitter, provider, AHEAD);
    await signedBy(connection, next.kid);

    const asked = signer.signaturesOf(first?.remoteKeyId ?? '');
    expect(asked).toBeGreaterThan(1);
    await passTime(transmitter, provider, RETIRING);
    await housekeepingRound(transmitter, 'signing-keys');
    await signedBy(connection, next.kid);
    expect(signer.signaturesOf(first?.remoteKeyId ?? '')).toBe(asked);
    // whoever wants to delete it there finds it
    expect((await keysOf(transmitter, provider))[1]).toMatchObject({
      status: 'retired',
      location: 'remote',
      remoteKeyId: first?.remoteKeyId,
    });
  });

  it('the database has no private half, and the audit log says where the key is', async () => {
    const provider = await createProvider(transmitter);
    const [key] = await keysOf(transmitter, provider);

    const rows = await transmitter.database.query<object>(
      'select private_key, remote_key_id from ssf.signing_key where provider_id = $1',
      [provider.id],
    );
    expect(rows).toEqual([{ private_key: null, remote_key_id: key?.remoteKeyId }]);
    const entries = await transmitter.admin.auditLog({ providerId: provider.id });
    const created = entries.find(({ action }) => action === 'signing_key.created');
    expect(created?.after).toMatchObject({ kid: key?.kid, remoteKeyId: key?.remoteKeyId });
    expect((await call(provider.jwksUri)).text).not.toContain(key?.remoteKeyId);
  });

  it('a key that is there already is taken in by its id, and private keys are refused', async () => {
    const connection = await connect(transmitter);
    const remoteKeyId = signer.addKey(await newKey('EdDSA'));

    const key = (await post(connection.provider, { remoteKeyId, immediately: true })).json<SigningKey>();

    expect(key).toMatchObject({ status: 'active', algorithm: 'EdDSA', location: 'remote', remoteKeyId });
    await signedBy(connection, key.kid);
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const [body, member] of [
      [{ pem }, 'pem'],
      [{ jwk: {} }, 'jwk'],
      [{}, 'remoteKeyId'],
      [{ remoteKeyId: 'nobody' }, 'remoteKeyId'],
    ] as const) {
      const answer = await post(connection.provider, body);
      expect(answer.status).toBe(400);
      expect(answer.json<Problem>().errors?.map((each) => each.member)).toEqual([member]);
    }
  });
});

describe('while the signer is away', () => {
  it('pushes wait without a failure of their receiver, and come in order when it is back', async () => {
    const connection = await connect(transmitter);
    const { receiver, provider, stream, signal } = connection;
    const [key] = await keysOf(transmitter, provider);
    await signer.down();

    const subjects = ['u-1', 'u-2', 'u-1', 'u-3', 'u-1'];
    for (const id of subjects) await transmitter.admin.record(signal({ subject: { user: { id } } }));
    await until('a failure is logged', () => logged('signing.failed', key?.kid ?? '').length > 0);
    await signer.up();
    signer.behaviour = 'signs wrongly';
    const asked = signer.requests.length;
    await until('it was asked again', () => signer.requests.length > asked);
    signer.behaviour = 'works';

    const sets = await receiver.atLeast(subjects.length);
    const users = sets.map(({ claims }) => (claims.sub_id as { sub?: string }).sub);
    expect(users.filter((user) => user === 'u-1')).toHaveLength(3);
    const ofOne = sets.filter((_, index) => users[index] === 'u-1').map(({ claims }) => claims.jti);
    expect(ofOne).toEqual([...ofOne].sort());
    await until('it is logged', () => logged('signing.recovered', key?.kid ?? '').length > 0);
    expect(logged('signing.failed', key?.kid ?? '')).toHaveLength(1);
    const { health, status } = await transmitter.admin.stream(stream.stream_id);
    expect([status, health.consecutiveFailures, health.lastFailureAt]).toEqual(['enabled', 0, null]);
    for (const { claims } of sets) await transmitter.admin.setWithStatus(claims.jti, 'delivered');
    const attempts = await transmitter.database.query<object>(
      'select distinct attempt, outcome from ssf.attempt where stream_id = $1',
      [stream.stream_id],
    );
    expect(attempts).toEqual([{ attempt: 1, outcome: 'delivered' }]);
  });

  it('polls get nothing and are not refused, and a poll that waits gets its SETs when it is back', async () => {
    const poll = await pollStream(transmitter);
    signer.behaviour = 'answers 500';
    await poll.record(2);

    const empty = answerOf(await poll.api.poll(poll.stream, NOW));
    expect(empty.sets).toEqual({});
    const waiting = poll.api.poll(poll.stream, {});
    signer.behaviour = 'works';

    // the first one shows that it is back, and the others follow
    const sets = { ...answerOf(await waiting).sets };
    await until('both are handed out', async () => {
      Object.assign(sets, answerOf(await poll.api.poll(poll.stream, NOW)).sets);
      return Object.keys(sets).length === 2;
    });
    expect(Object.keys(sets)).toEqual(Object.keys(sets).toSorted());
    expect(Object.values(sets).map((token) => decodeProtectedHeader(token).alg)).toEqual(['ES256', 'ES256']);
  });

  it('a schedule makes no key, but private halves are erased in their time', async () => {
    const provider = await createProvider(transmitter, { keyRotationDays: 1 });
    const key = await rotate(provider, { immediately: true });
    await signer.down();

    await passTime(transmitter, provider, 86_400);
    await housekeepingRound(transmitter, 'signing-keys');
    const rows = await transmitter.database.query<object>(
      'select status from ssf.signing_key where provider_id = $1 order by id',
      [provider.id],
    );
    expect(rows).toEqual([{ status: 'retired' }, { status: 'active' }]);

    await signer.up();
    await housekeepingRound(transmitter, 'signing-keys');
    const [next] = await keysOf(transmitter, provider);
    expect(next).toMatchObject({ status: 'next', location: 'remote' });
    expect(next?.kid).not.toBe(key.kid);
  });

  it('no provider is made, which is said with its name, and nothing is left behind', async () => {
    const provider = { slug: uniqueSlug('p'), name: 'P', signingAlgorithm: 'ES256' };
    await signer.down();

    const answer = await transmitter.admin.call('/providers', { body: provider });
    await signer.up();

    expect([answer.status, answer.json<Problem>().code]).toEqual([503, 'unavailable']);
    expect(answer.json<Problem>().detail).toContain(new URL(signer.url).origin);
    expect(answer.text + transmitter.logLines.join('')).not.toContain(signer.token);
    expect((await transmitter.admin.call('/providers', { body: provider })).status).toBe(201);
  });
});
