import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import type { Retention, Signal, StoredSignal } from '../support/api-types.js';
import { madeEarlier } from '../support/history.js';
import { expectStatus } from '../support/http.js';
import { housekeepingRound } from '../support/queue.js';
import { type Connection, connect, createProvider, sessionRevoked } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const HOURS = 24;
/** hours ago */
const [OLD, YOUNG] = [HOURS + 1, HOURS - 1];
const PURGED = { format: 'opaque', id: 'purged' };

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ payloadRetentionHours: HOURS, housekeepingIntervalMs: 40 });
});

afterAll(() => transmitter.stop());

interface Told {
  readonly email: string;
  readonly signal: StoredSignal;
  readonly jti: string;
}

/** A signal about somebody new, with personal data wherever it can have some. */
async function tell({ signal }: Pick<Connection, 'signal'>): Promise<Told> {
  const email = `u-${randomBytes(6).toString('hex')}@acme.test`;
  const id = await transmitter.admin.record(
    signal({
      subject: { user: { id: 'u-31', email } },
      reasonAdmin: { en: `asked for by ${email}` },
      reasonUser: { en: `Hello ${email}` },
    }),
  );
  const stored = await transmitter.admin.fannedOut(id);
  return { email, signal: stored, jti: stored.outcomes[0]?.jti ?? '' };
}

/** The same, which a receiver refused with words of its own about it. */
async function refused(connection: Connection): Promise<Told> {
  connection.receiver.behave(({ claims }) => ({
    status: 400,
    body: { err: 'invalid_request', description: `who is ${JSON.stringify(claims.sub_id)}?` },
  }));
  const told = await tell(connection);
  await transmitter.admin.setWithStatus(told.jti, 'rejected');
  return told;
}

async function aged({ signal }: Told, hours: number): Promise<{ id: string; jti: string }> {
  const { id, jtis } = await madeEarlier(transmitter.database, signal, hours);
  return { id, jti: jtis[0] ?? '' };
}

function round(): Promise<void> {
  return housekeepingRound(transmitter, 'payload-expunge');
}

/** No round does anything until the returned function is called. */
function withoutRounds(): Promise<() => Promise<void>> {
  return transmitter.database.hold('select from ssf.payload_expunge for update');
}

async function payloads(): Promise<Retention['payloads']> {
  return (await taken(transmitter.admin.api.GET('/api/v1/retention'))).payloads;
}

async function hasPayload(jti: string): Promise<boolean> {
  const set = await transmitter.admin.set(jti);
  expect(set.purgedAt !== null).toBe(isDeepStrictEqual(set.claims.sub_id, PURGED));
  return set.purgedAt === null;
}

/** What was seen to wait was seen so many hours earlier, and what became of the SET was that much earlier, too. */
async function passTime(jti: string): Promise<void> {
  const { database } = transmitter;
  await database.query(`update ssf.kept_payload set since = since - make_interval(hours => $1)`, [OLD]);
  await database.query(`update ssf.attempt set at = at - make_interval(hours => $2) where jti = $1`, [
    jti,
    OLD,
  ]);
}

describe('so many hours after its SETs have ended, a signal', () => {
  it('loses its personal data with them, wherever they are; what happened stays', async () => {
    const connection = await connect(transmitter, { application: { subjectFormat: 'email' } });
    const told = await refused(connection);
    const release = await withoutRounds();
    const { id, jti } = await aged(told, OLD);
    const before = await transmitter.admin.set(jti);
    expect(JSON.stringify(before.claims)).toContain(told.email);
    await release();

    await round();

    expect(await transmitter.database.placesOf(told.email)).toEqual([]);
    const after = await transmitter.admin.set(jti);
    expect(after).toEqual({
      ...before,
      purgedAt: expect.any(String) as string,
      claims: {
        iss: before.claims.iss,
        aud: before.claims.aud,
        iat: before.claims.iat,
        jti,
        txn: before.claims.txn,
        sub_id: PURGED,
        events: { [before.eventType]: {} },
      },
      attempts: before.attempts.map((attempt) => ({ ...attempt, description: null })),
    });
    expect(after).toMatchObject({ status: 'rejected', reason: 'invalid_request' });
    expect(await transmitter.admin.signal(id)).toMatchObject({
      type: 'session.revoked',
      subject: { purged: true },
      details: { purged: true },
      reasonAdmin: null,
      reasonUser: null,
      outcomes: [{ jti }],
    });
    const { provider } = connection;
    expect(await transmitter.admin.sets({ providerId: provider.id, subject: told.email })).toEqual([]);
  });

  it('keeps it until then', async () => {
    const connection = await connect(transmitter);
    const { jti } = await aged(await refused(connection), YOUNG);

    await round();

    expect(await hasPayload(jti)).toBe(true);
  });

  it('loses it also when it became no SET, and when its provider was deleted before it became one', async () => {
    const provider = await createProvider(transmitter);
    const signal = (members: Partial<Signal> = {}): Signal => sessionRevoked(provider, members);
    const [unwanted, orphan] = [await tell({ signal }), await tell({ signal })];
    const release = await withoutRounds();
    const ids = [(await aged(unwanted, OLD)).id, (await aged(orphan, OLD)).id];
    await transmitter.database.query('update ssf.signal set provider_id = $2 where id = $1', [
      ids[1],
      randomUUID(),
    ]);
    await transmitter.database.query('delete from ssf.signal_outcome where signal_id = $1', [ids[1]]);
    await release();

    await round();

    const rows = await transmitter.database.query('select subject from ssf.signal where id = any($1)', [ids]);
    expect(rows).toEqual([{ subject: { purged: true } }, { subject: { purged: true } }]);
  });

  it('cannot be sent again, which is said', async () => {
    const connection = await connect(transmitter);
    const { jti } = await aged(await refused(connection), OLD);
    await round();

    const answer = expectStatus(
      await transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' }),
      409,
    );
    const body = { providerId: connection.provider.id, status: 'rejected' };
    const recovery = expectStatus(await transmitter.admin.call('/sets/redeliver', { body }), 202);

    expect(answer.json<{ detail: string }>().detail).toContain('was removed');
    const { id } = recovery.json<{ id: string }>();
    const done = await until('the recovery is done', async () => {
      const found = await transmitter.admin.recovery(id);
      return found.state === 'done' && found;
    });
    expect(done).toMatchObject({ redelivered: 0, skipped: 1 });
  });
});

describe('what is sent again', () => {
  it('is refused also when it went while its stream was waited for', async () => {
    const connection = await connect(transmitter);
    const { jti } = await refused(connection);
    const { stream_id: streamId } = connection.stream;
    const release = await transmitter.database.hold('select from ssf.stream where id = $1 for update', [
      streamId,
    ]);
    const answer = transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' });
    await until('it waits for the stream', () => transmitter.database.hasWaiting());

    await transmitter.database.query('update ssf.security_event_token set purged_at = now() where jti = $1', [
      jti,
    ]);
    await release();

    expectStatus(await answer, 409);
  });
});

describe('a signal of which something waits', () => {
  it('keeps its personal data, is delivered with them, and loses them so many hours after that', async () => {
    const quick = await connect(transmitter);
    const held = await connect(transmitter, { to: quick.provider });
    const { stream_id } = held.stream;
    expectStatus(await held.api.setStatus({ stream_id, status: 'paused' }), 200);
    const told = await tell(quick);
    await quick.receiver.next();
    const of = (streamId: string): string =>
      told.signal.outcomes.find((outcome) => outcome.streamId === streamId)?.jti ?? '';
    await transmitter.admin.setWithStatus(of(quick.stream.stream_id), 'delivered');
    const { jtis } = await madeEarlier(transmitter.database, told.signal, OLD);
    const isOf = new Map(told.signal.outcomes.map(({ streamId }, index) => [streamId, jtis[index] ?? '']));
    const [delivered, waiting] = [isOf.get(quick.stream.stream_id) ?? '', isOf.get(stream_id) ?? ''];

    await round();
    await passTime(delivered);
    await round();

    expect([await hasPayload(delivered), await hasPayload(waiting)]).toEqual([true, true]);
    expect(await payloads()).toMatchObject({ kept: 1 });

    expectStatus(await held.api.setStatus({ stream_id, status: 'enabled' }), 200);
    const { claims } = await held.receiver.next();
    expect(claims).toMatchObject({ jti: waiting, sub_id: { sub: 'u-31' } });
    await transmitter.admin.setWithStatus(waiting, 'delivered');
    // its time begins with the end of its delivery, not when it was last seen to wait
    await passTime(delivered);
    await round();
    expect(await hasPayload(waiting)).toBe(true);

    await passTime(waiting);
    await round();

    expect([await hasPayload(delivered), await hasPayload(waiting)]).toEqual([false, false]);
    expect(await payloads()).toMatchObject({ kept: 0 });
  });

  it('is seen to, also when it is sent again at that very moment', async () => {
    const connection = await connect(transmitter);
    const told = await refused(connection);
    const release = await withoutRounds();
    const { jti } = await aged(told, OLD);
    connection.receiver.behave({ status: 202 });
    const commit = await transmitter.database.begin(
      `select from ssf.stream where id = '${connection.stream.stream_id}' for no key update`,
      `insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at)
       select stream_id, seq, jti, subject_hash, now() + interval '1 day'
         from ssf.security_event_token where jti = '${jti}'`,
    );
    await release();
    await until('a round waits for the stream', () => transmitter.database.hasWaiting());

    await commit();

    const sent = await connection.receiver.next(({ claims }) => claims.jti === jti);
    expect(sent.claims.sub_id).toMatchObject({ sub: 'u-31' });
    await round();
    expect(await hasPayload(jti)).toBe(true);
  });
});

describe('the payload retention', () => {
  it('can be looked at beforehand, and says what it did', async () => {
    const connection = await connect(transmitter);
    const told = await refused(connection);
    await round();
    const release = await withoutRounds();
    const { id, jti } = await aged(told, OLD);

    const plan = await payloads();

    expect(plan).toMatchObject({ retentionHours: HOURS, signals: 1, sets: 1 });
    expect((Date.now() - Date.parse(plan?.before ?? '')) / 3_600_000).toBeCloseTo(HOURS + 0.25, 2);
    expect(await hasPayload(jti)).toBe(true);

    const lines = transmitter.logLines.length;
    await release();
    await round();

    const said = transmitter.logLines
      .slice(lines)
      .map((line) => JSON.parse(line) as { event?: string })
      .filter(({ event }) => event === 'payloads.expunged');
    expect(said).toMatchObject([{ signals: 1, sets: 1, attempts: 1 }]);
    const doneUntil = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toISOString();
    expect(await payloads()).toMatchObject({ signals: 0, sets: 0, doneUntil });
  });
});
