import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signal } from '../support/api-types.js';
import { makeDue } from '../support/queue.js';
import { type Connection, connect, signals, userNumber } from '../support/scenario.js';
import type { ReceivedSet } from '../support/test-receiver.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;

beforeAll(async () => {
  // successes are noted at every sixth of a lease
  transmitter = await startTransmitter({ sweepIntervalMs: 100, leaseSeconds: 2, pushTimeoutMs: 900 });
});

afterAll(() => transmitter.stop());

interface Row {
  readonly strikes: number;
  readonly wait: number | null;
}

function userOf({ claims }: ReceivedSet): unknown {
  return claims.sub_id.sub;
}

/** A receiver that fails on one user, at once, and takes its time over the others: they pass after it has failed. */
async function poisoned(): Promise<Connection & { readonly heal: () => void }> {
  const connection = await connect(transmitter);
  let isIll = true;
  connection.receiver.behave(async (set) => {
    if (isIll && userOf(set) === 'poison') return { status: 500 };
    if (isIll) await delay(100);
    return { status: 202 };
  });
  return { ...connection, heal: () => (isIll = false) };
}

async function rowOf(jti: string): Promise<Row | undefined> {
  const [row] = await transmitter.database.query<Row>(
    `select strikes, extract(epoch from next_at - now())::int as wait from ssf.delivery where jti = $1`,
    [jti],
  );
  return row;
}

function rowWith(jti: string, strikes: number): Promise<Row> {
  return until(`${strikes} strikes`, async () => {
    const row = await rowOf(jti);
    return row?.strikes === strikes && (row.wait ?? 0) > 0 && row;
  });
}

/** The SET that is aside is due, and failed some time ago. */
async function makeAsideDue(jti: string): Promise<void> {
  await transmitter.database.query(
    `update ssf.delivery set next_at = null, failed_at = failed_at - interval '1 hour' where jti = $1`,
    [jti],
  );
}

/** Another SET is delivered, and the stream has it noted. */
async function letPass({ stream, signal, receiver }: Connection): Promise<void> {
  const before = (await transmitter.admin.stream(stream.stream_id)).health.lastSuccessAt;
  const txn = await transmitter.admin.record(signal());
  await receiver.next(({ claims }) => claims.txn === txn);
  await transmitter.admin.streamWhen(
    stream.stream_id,
    'has noted the success',
    ({ health }) => health.lastSuccessAt !== before,
  );
}

/** Records a poison SET and some others, and answers its jti once it is aside. */
async function setAside(connection: Connection, others = 5): Promise<string> {
  const { signal, receiver } = connection;
  await transmitter.admin.recordAll([
    signal({ subject: { user: { id: 'poison' } } }),
    ...signals(others, signal, userNumber),
  ]);
  const { claims } = await receiver.next((set) => userOf(set) === 'poison');
  await rowWith(claims.jti, 1);
  return claims.jti;
}

describe('a SET that fails while others pass', () => {
  it('is set aside for a minute, and the stream goes on without it', async () => {
    const connection = await poisoned();
    const { receiver, stream, signal } = connection;

    const jti = await setAside(connection);
    const txn = await transmitter.admin.record(signal());
    await receiver.next(({ claims }) => claims.txn === txn);

    expect((await rowOf(jti))?.wait).toBeGreaterThan(50);
    const { status, attempts } = await transmitter.admin.set(jti);
    expect(status).toBe('pending');
    expect(attempts).toMatchObject([
      { attempt: 1, outcome: 'retry', err: 'http_500' },
      { attempt: 2, outcome: 'retry', err: 'http_500' },
    ]);
    const { health } = await transmitter.admin.streamWhen(
      stream.stream_id,
      'has nothing else',
      (each) => each.health.pendingCount === 1,
    );
    expect(health).toMatchObject({ consecutiveFailures: 0, retryAt: null });
  });

  it('stops the stream no longer than until another SET is tried, when it came alone', async () => {
    const connection = await poisoned();
    const { receiver, stream, signal } = connection;
    await transmitter.admin.record(signal({ subject: { user: { id: 'poison' } } }));
    const { claims } = await receiver.next();
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'backs off',
      ({ health }) => health.retryAt !== null,
    );

    const txn = await transmitter.admin.record(signal());
    // else the same one is tried again
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'has another SET',
      ({ health }) => health.pendingCount === 2,
    );
    await makeDue(transmitter, stream.stream_id);
    await receiver.next((set) => set.claims.txn === txn);

    await rowWith(claims.jti, 1);
    // the other one went first
    expect(receiver.received.map((set) => set.claims.txn).indexOf(txn)).toBe(1);
  });

  it('holds up what is about its subject, in order, and nothing else', async () => {
    const connection = await poisoned();
    const { receiver, signal, heal } = connection;
    const jti = await setAside(connection);

    const about = (txn: string): Signal => signal({ txn, subject: { user: { id: 'poison' } } });
    const many = Array.from({ length: 100 }, (_, index) => about(`more-${index}`));
    await transmitter.admin.recordAll([about('second'), about('third'), ...many, signal({ txn: 'other' })]);
    await receiver.next(({ claims }) => claims.txn === 'other');
    expect(receiver.received.some(({ claims }) => claims.txn === 'second')).toBe(false);
    heal();
    await makeAsideDue(jti);
    await receiver.next(({ claims }) => claims.txn === 'more-99');

    const order = receiver.received.filter((set) => userOf(set) === 'poison').map(({ claims }) => claims.txn);
    expect(order.slice(-102)).toEqual(['second', 'third', ...many.map((_, index) => `more-${index}`)]);
    await transmitter.admin.setWithStatus(jti, 'delivered');
  });

  it('is given up as dead after three more tries, each longer after the last', async () => {
    const connection = await poisoned();
    const jti = await setAside(connection);
    const waits: (number | null)[] = [];

    for (const strikes of [2, 3]) {
      await letPass(connection);
      await makeAsideDue(jti);
      waits.push((await rowWith(jti, strikes)).wait);
    }
    await letPass(connection);
    await makeAsideDue(jti);
    const { reason, attempts, expiresAt } = await transmitter.admin.setWithStatus(jti, 'dead');

    expect(waits.map((wait) => Math.round((wait ?? 0) / 60))).toEqual([15, 60]);
    expect({ reason, expiresAt }).toEqual({ reason: 'http_500', expiresAt: null });
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'retry'],
      [2, 'retry'],
      [3, 'retry'],
      [4, 'retry'],
      [5, 'dead'],
    ]);
    const { stream } = connection;
    const dead = await transmitter.admin.sets({ streamId: stream.stream_id, status: 'dead' });
    expect(dead.map((set) => set.jti)).toEqual([jti]);
    expect((await transmitter.admin.stream(stream.stream_id)).health).toMatchObject({
      pendingCount: 0,
      consecutiveFailures: 0,
    });
  });

  it('is not nearer to being given up by a try since whose last one nothing passed', async () => {
    const connection = await poisoned();
    const { receiver } = connection;
    const jti = await setAside(connection);
    const tries = (): number => receiver.received.filter(({ claims }) => claims.jti === jti).length;
    await letPass(connection);
    const before = tries();
    // a success is noted a little later than it is
    await transmitter.database.query(
      `update ssf.stream_queue q set last_success_at = d.failed_at - interval '1 hour' + interval '0.5 seconds'
         from ssf.delivery d where d.jti = $1 and q.stream_id = d.stream_id`,
      [jti],
    );

    await makeAsideDue(jti);
    await until('another try', () => tries() > before);

    expect((await rowWith(jti, 1)).wait).toBeGreaterThan(50);
    const { health } = await transmitter.admin.stream(connection.stream.stream_id);
    expect(health.consecutiveFailures).toBe(0);
  });
});

describe('a receiver that is down', () => {
  it('is probed with another SET each time, and none is set aside', async () => {
    const connection = await connect(transmitter, {});
    const { receiver, stream, signal } = connection;
    const failed = (times: number): Promise<unknown> =>
      transmitter.admin.streamWhen(
        stream.stream_id,
        `has failed ${times} times`,
        ({ health }) => health.consecutiveFailures === times && health.retryAt !== null,
      );
    receiver.behave({ status: 500 });
    await transmitter.admin.recordAll(signals(20, signal, userNumber));
    await failed(1);
    const first = receiver.received.length;

    for (const times of [2, 3, 4]) {
      await makeDue(transmitter, stream.stream_id);
      await failed(times);
    }

    const probes = receiver.received.slice(first).map(({ claims }) => claims.jti);
    expect(probes).toHaveLength(3);
    expect(new Set(receiver.received.map(({ claims }) => claims.jti)).size).toBe(first + 3);
    const aside = await transmitter.database.query(
      'select from ssf.delivery where stream_id = $1 and (strikes > 0 or next_at is not null)',
      [stream.stream_id],
    );
    expect(aside).toEqual([]);
  });
});
