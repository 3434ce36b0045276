import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expiryOf } from '../../src/core/delivery/expiry.js';
import { expiryOf as expiryOfSql } from '../../src/queue/expiry.sql.js';
import type { SetSummary, StreamConfiguration } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { housekeepingRound, makeDue, makeOlder, makeVisible } from '../support/queue.js';
import { POLL } from '../support/receiver-client.js';
import {
  type Connection,
  connect,
  createProvider,
  createReceiverApi,
  sessionRevoked,
  signals,
  userNumber,
} from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const RETENTION_DAYS = 30;
const DAY_MS = 86_400_000;
const NOW = { returnImmediately: true };
const ENGINE = { sweepIntervalMs: 100, housekeepingIntervalMs: 40 };

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter(ENGINE);
});

afterAll(() => transmitter.stop());

/** Records signals and answers the jtis that the stream has of them, in order. */
async function waiting(
  { signal, stream }: Pick<Connection, 'signal' | 'stream'>,
  count: number,
): Promise<string[]> {
  const recorded = await transmitter.admin.recordAll(signals(count, signal, userNumber));
  const fanned = await Promise.all(recorded.map(({ id }) => transmitter.admin.fannedOut(id)));
  return fanned.map(({ outcomes }) => outcomes.find((each) => each.streamId === stream.stream_id)?.jti ?? '');
}

async function pollStream() {
  const provider = await createProvider(transmitter);
  const { api } = await createReceiverApi(transmitter, provider);
  const stream = await api.createdStream({ delivery: { method: POLL } });
  const poll = async (): Promise<string[]> =>
    Object.keys(expectStatus(await api.poll(stream, NOW), 200).json<{ sets: object }>().sets);
  return { api, stream, poll, signal: (members = {}) => sessionRevoked(provider, members) };
}

function failures({ stream_id }: StreamConfiguration, times: number): Promise<unknown> {
  return transmitter.admin.streamWhen(
    stream_id,
    `has failed ${times} times`,
    ({ health }) => health.consecutiveFailures === times && health.retryAt !== null,
  );
}

/** A paused stream with SETs that wait. */
async function pausedWith(count: number): Promise<Connection & { readonly jtis: string[] }> {
  const connection = await connect(transmitter);
  const { api, stream } = connection;
  expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'paused' }), 200);
  return { ...connection, jtis: await waiting(connection, count) };
}

function daysAfterCreation({ createdAt, expiresAt }: Pick<SetSummary, 'createdAt' | 'expiresAt'>): number {
  return (Date.parse(expiresAt ?? '') - Date.parse(createdAt)) / DAY_MS;
}

const EXPIRED = { status: 'dropped', reason: 'expired', expiresAt: null };

describe('a SET that could not be sent', () => {
  it('has its retention again from the failed push, and so has what waits behind it', async () => {
    const connection = await connect(transmitter);
    const { receiver, stream } = connection;
    receiver.behave({ status: 503 });
    const jtis = await waiting(connection, 40);
    await failures(stream, 1);
    const last = jtis.at(-1) ?? '';
    expect((await transmitter.admin.set(last)).attempts).toEqual([]);
    const before = await transmitter.admin.set(last);

    // it would have expired a day ago
    await makeOlder(transmitter, stream.stream_id, RETENTION_DAYS + 1);
    await makeDue(transmitter, stream.stream_id);
    await failures(stream, 2);
    await housekeepingRound(transmitter, 'expiry');

    const after = await transmitter.admin.set(last);
    expect(after.status).toBe('pending');
    expect(daysAfterCreation(after)).toBeCloseTo(RETENTION_DAYS, 2);
    expect(Date.parse(after.expiresAt ?? '')).toBeGreaterThan(Date.parse(before.expiresAt ?? ''));
  });

  it('is dropped as expired at the ceiling, although the last push failed just now', async () => {
    const connection = await connect(transmitter);
    const { receiver, stream } = connection;
    receiver.behave({ status: 503 });
    const [jti = '', younger = ''] = await waiting(connection, 2);
    await failures(stream, 1);

    await makeOlder(transmitter, stream.stream_id, 4 * RETENTION_DAYS - 1);
    await transmitter.database.query(
      `update ssf.delivery set enqueued_at = enqueued_at - interval '1 day', expires_at = expires_at - interval '1 day'
        where jti = $1`,
      [jti],
    );

    const { attempts, ...set } = await transmitter.admin.setWithStatus(jti, 'dropped');
    expect(set).toMatchObject(EXPIRED);
    expect(attempts.at(-1)).toMatchObject({ method: 'none', outcome: 'dropped', err: 'expired' });
    expect(await transmitter.admin.set(younger)).toMatchObject({ status: 'pending' });
    expect(daysAfterCreation(await transmitter.admin.set(younger))).toBeCloseTo(1, 2);
  });

  it('is not sent any more when it is over, and what is not over is', async () => {
    const connection = await connect(transmitter);
    const { receiver, stream, api } = connection;
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });
    // rounds of housekeeping find nothing: it is over only when the engine reads it
    const unlock = await transmitter.database.lock('ssf.periodic_task');
    try {
      const [over = '', fresh = ''] = await waiting(connection, 2);
      await transmitter.database.query(
        `update ssf.delivery set enqueued_at = enqueued_at - interval '31 days', expires_at = now() where jti = $1`,
        [over],
      );

      await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });

      expect(await transmitter.admin.setWithStatus(over, 'dropped')).toMatchObject(EXPIRED);
      await transmitter.admin.setWithStatus(fresh, 'delivered');
      expect(receiver.received.map(({ claims }) => claims.jti)).toEqual([fresh]);
    } finally {
      await unlock();
    }
  });

  it('keeps the retention of the moment when it was enqueued', async () => {
    const { jtis, provider, signal, stream } = await pausedWith(1);

    await transmitter.admin.call(`/providers/${provider.id}`, {
      method: 'PATCH',
      body: { eventRetentionDays: 2 },
    });
    const [later = ''] = await waiting({ signal, stream }, 1);

    expect(daysAfterCreation(await transmitter.admin.set(jtis[0] ?? ''))).toBeCloseTo(RETENTION_DAYS, 2);
    expect(daysAfterCreation(await transmitter.admin.set(later))).toBeCloseTo(2, 2);
  });
});

describe('while a receiver is down', () => {
  it('nothing is written to what waits but to what was tried, and yet all of it waits longer', async () => {
    const connection = await connect(transmitter);
    const { receiver, stream } = connection;
    receiver.behave({ status: 503 });
    const rows = async (): Promise<Map<string, string>> => {
      const found = await transmitter.database.query<{ jti: string; version: string }>(
        `select jti, ctid::text || ' ' || xmin::text as version from ssf.delivery where stream_id = $1`,
        [stream.stream_id],
      );
      return new Map(found.map(({ jti, version }) => [jti, version]));
    };
    const jtis = await waiting(connection, 300);
    await failures(stream, 1);
    const first = await rows();
    const last = jtis.at(-1) ?? '';
    const before = await transmitter.admin.set(last);

    for (const times of [2, 3, 4, 5]) {
      await makeDue(transmitter, stream.stream_id);
      await failures(stream, times);
      await housekeepingRound(transmitter, 'expiry');
    }

    const second = await rows();
    expect(second.size).toBe(300);
    const written = [...second].filter(([jti, version]) => first.get(jti) !== version);
    // one push each time
    expect(written.length).toBeGreaterThanOrEqual(1);
    expect(written.length).toBeLessThanOrEqual(4);
    const after = await transmitter.admin.set(last);
    expect(Date.parse(after.expiresAt ?? '')).toBeGreaterThan(Date.parse(before.expiresAt ?? ''));
  });
});

describe('what a paused stream holds', () => {
  it('is dropped as expired when its retention is over, and the rest is sent when it is enabled', async () => {
    const { jtis, stream, api, receiver } = await pausedWith(3);
    const [first = '', second = '', third = ''] = jtis;

    await transmitter.database.query(
      `update ssf.delivery set enqueued_at = enqueued_at - interval '30 days', expires_at = now()
        where jti = any($1)`,
      [[first, third]],
    );

    expect(await transmitter.admin.setWithStatus(first, 'dropped')).toMatchObject(EXPIRED);
    expect(await transmitter.admin.setWithStatus(third, 'dropped')).toMatchObject({
      ...EXPIRED,
      attempts: [{ attempt: 0, method: 'none', outcome: 'dropped', err: 'expired' }],
    });
    expect(await transmitter.admin.set(second)).toMatchObject({ status: 'held' });
    await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });
    await transmitter.admin.setWithStatus(second, 'delivered');
    expect(receiver.received.map(({ claims }) => claims.jti)).toEqual([second]);
  });

  it('is told in the log and by the reason, with the count', async () => {
    const { stream } = await pausedWith(5);

    await makeOlder(transmitter, stream.stream_id, RETENTION_DAYS);

    const line = await until('a line', () =>
      transmitter.logLines.find(
        (each) => each.includes('"sets.expired"') && each.includes(`"streamId":"${stream.stream_id}"`),
      ),
    );
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', count: 5 });
  });

  // last, since Nest has one logger for all applications of a process
  it('is dropped once, however many processes keep house', async () => {
    const replicas = await Promise.all([1, 2].map(() => startReplica(transmitter, ENGINE)));
    try {
      const { jtis, stream } = await pausedWith(60);

      await makeOlder(transmitter, stream.stream_id, RETENTION_DAYS);
      await until('nothing waits', async () => {
        const { health } = await transmitter.admin.stream(stream.stream_id);
        return health.pendingCount === 0;
      });

      const ends = await transmitter.database.query<{ jti: string }>(
        'select jti from ssf.attempt where stream_id = $1',
        [stream.stream_id],
      );
      expect(ends.map(({ jti }) => jti).sort()).toEqual([...jtis].sort());
    } finally {
      await Promise.all(replicas.map((replica) => replica.stop()));
    }
  });
});

describe('what is being sent', () => {
  it('is not dropped under way, and counts as delivered', async () => {
    const connection = await connect(transmitter);
    const { receiver, stream } = connection;
    const release = receiver.hold();
    const [jti = ''] = await waiting(connection, 1);
    await receiver.next();

    await makeOlder(transmitter, stream.stream_id, RETENTION_DAYS + 1);
    await housekeepingRound(transmitter, 'expiry');
    release();

    const { attempts } = await transmitter.admin.setWithStatus(jti, 'delivered');
    expect(attempts).toMatchObject([{ method: 'push', outcome: 'delivered' }]);
  });
});

describe('a poll stream', () => {
  it('loses what nobody asked for within the retention', async () => {
    const { stream, signal } = await pollStream();
    const [jti = ''] = await waiting({ stream, signal }, 1);

    await makeOlder(transmitter, stream.stream_id, RETENTION_DAYS);

    expect(await transmitter.admin.setWithStatus(jti, 'dropped')).toMatchObject(EXPIRED);
  });

  it('keeps what a receiver has at hand, which may still be acknowledged', async () => {
    const { stream, signal, api, poll } = await pollStream();
    const [jti = ''] = await waiting({ stream, signal }, 1);
    expect(await poll()).toEqual([jti]);

    await makeOlder(transmitter, stream.stream_id, RETENTION_DAYS + 1);
    await housekeepingRound(transmitter, 'expiry');
    await api.poll(stream, { ...NOW, ack: [jti] });

    expect(await transmitter.admin.set(jti)).toMatchObject({ status: 'delivered' });
  });

  it('does not hand out again what is over', async () => {
    const { stream, signal, poll } = await pollStream();
    const [jti = ''] = await waiting({ stream, signal }, 1);
    await poll();
    await makeOlder(transmitter, stream.stream_id, RETENTION_DAYS + 1);

    await makeVisible(transmitter, stream.stream_id);

    expect(await poll()).toEqual([]);
    expect(await transmitter.admin.setWithStatus(jti, 'dropped')).toMatchObject(EXPIRED);
  });
});

describe('the rule', () => {
  it('is the same in the database as in the code', async () => {
    const at = fc.integer({ min: 0, max: 400 * DAY_MS });
    const moment = (ms: number): Date => new Date(Date.UTC(2026, 0, 1) + ms);
    const rows = fc.sample(
      fc.record({
        enqueued: at,
        retention: fc.integer({ min: 1, max: 100 }),
        stream: fc.option(at),
        set: fc.option(at),
      }),
      300,
    );
    const column = (pick: (row: (typeof rows)[number]) => number | null): (Date | null)[] =>
      rows.map((row) => {
        const ms = pick(row);
        return ms === null ? null : moment(ms);
      });

    const computed = await transmitter.database.query<{ expiry: Date }>(
      `select ${expiryOfSql('$5')} as expiry
         from unnest($1::timestamptz[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[]) with ordinality
              as d(enqueued_at, expires_at, failed_at, stream_failed_at, position),
              lateral (select d.stream_failed_at as last_failure_at) q
        order by position`,
      [
        column(({ enqueued }) => enqueued),
        column(({ enqueued, retention }) => enqueued + retention * DAY_MS),
        column(({ set }) => set),
        column(({ stream }) => stream),
        4,
      ],
    );

    expect(computed.map(({ expiry }) => expiry)).toEqual(
      rows.map(({ enqueued, retention, stream, set }) =>
        expiryOf(
          {
            enqueuedAt: moment(enqueued),
            expiresAt: moment(enqueued + retention * DAY_MS),
            failedAt: stream === null && set === null ? undefined : moment(Math.max(stream ?? 0, set ?? 0)),
          },
          4,
        ),
      ),
    );
  });
});
