import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../support/api-types.js';
import { type Answer, expectStatus } from '../support/http.js';
import { POLL } from '../support/receiver-client.js';
import { connect, createProvider, createReceiverApi, sessionRevoked } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Latency {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

interface Stats {
  readonly from: string;
  readonly to: string;
  readonly providerId: string | null;
  readonly signals: { readonly recorded: number; readonly byType: Record<string, number> };
  readonly sets: { readonly made: number; readonly byStatus: object; readonly byEventType: object };
  readonly attempts: Record<string, number>;
  readonly latency: { readonly push: Latency | null; readonly poll: Latency | null };
  readonly streams: object;
  readonly queue: {
    readonly pending: number;
    readonly held: number;
    readonly oldestPendingAt: string | null;
  };
}

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}

function ask(query: Record<string, string> = {}): Promise<Answer> {
  return transmitter.admin.call(`/stats?${new URLSearchParams(query).toString()}`);
}

async function stats(query: Record<string, string> = {}): Promise<Stats> {
  return expectStatus(await ask(query), 200).json<Stats>();
}

const NO_ATTEMPTS = { delivered: 0, rejected: 0, retry: 0, dead: 0, dropped: 0, redelivered: 0 };
const NO_SETS = { pending: 0, held: 0, delivered: 0, rejected: 0, dead: 0, dropped: 0 };

describe('the statistics', () => {
  it('are all zero of a provider of which there is nothing', async () => {
    const { id } = await createProvider(transmitter);

    expect(await stats({ providerId: id })).toMatchObject({
      providerId: id,
      signals: { recorded: 0, byType: {} },
      sets: { made: 0, byStatus: NO_SETS, byEventType: {} },
      attempts: NO_ATTEMPTS,
      latency: { push: null, poll: null },
      streams: { enabled: 0, paused: 0, disabled: 0, failing: 0 },
      queue: { pending: 0, held: 0, oldestPendingAt: null },
    });
  });

  it('count signals, SETs, attempts, streams and what waits, of one provider', async () => {
    const { provider, signal, receiver } = await connect(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    const paused = await api.createdStream({ delivery: { method: POLL } });
    await api.setStatus({ stream_id: paused.stream_id, status: 'paused' });
    const stranger = await connect(transmitter);
    receiver.behave(({ claims }) =>
      claims.txn === 'bad' ? { status: 400, body: { err: 'invalid_request' } } : { status: 202 },
    );
    await transmitter.admin.recordAll([
      signal(),
      signal({ txn: 'bad' }),
      signal({ type: 'password.changed' }),
      stranger.signal(),
    ]);
    const { jti } = (await receiver.next(({ claims }) => claims.txn === 'bad')).claims;
    await until('all are answered', async () => {
      const sets = await transmitter.admin.sets({ providerId: provider.id });
      return sets.filter(({ status }) => ['delivered', 'rejected'].includes(status)).length === 3;
    });

    const before = await stats({ providerId: provider.id });
    await transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' });
    await transmitter.admin.setWhen(
      jti,
      'rejected again',
      ({ status, attempts }) => status === 'rejected' && attempts.length === 3,
    );
    const after = await stats({ providerId: provider.id });

    expect(before).toMatchObject({
      signals: { recorded: 3, byType: { 'session.revoked': 2, 'password.changed': 1 } },
      sets: {
        made: 6,
        byStatus: { ...NO_SETS, held: 3, delivered: 2, rejected: 1 },
        byEventType: { [`${CAEP}/session-revoked`]: 4, [`${CAEP}/credential-change`]: 2 },
      },
      attempts: { ...NO_ATTEMPTS, delivered: 2, rejected: 1 },
      latency: { push: { count: 2 }, poll: null },
      streams: { enabled: 1, paused: 1, disabled: 0, failing: 0 },
      queue: { pending: 0, held: 3, oldestPendingAt: null },
    });
    expect(after.sets).toEqual(before.sets);
    expect(after.attempts).toEqual({ ...NO_ATTEMPTS, delivered: 2, rejected: 2, redelivered: 1 });
    expect((await stats()).signals.recorded).toBeGreaterThanOrEqual(4);
  });

  it('tell how many streams fail, and what has waited longest', async () => {
    const { provider, signal, receiver, stream } = await connect(transmitter);
    receiver.behave({ status: 503 });
    await transmitter.admin.record(signal());
    const { jti } = (await receiver.next()).claims;
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'backs off',
      ({ health }) => health.consecutiveFailures > 0,
    );

    const { streams, queue, attempts } = await stats({ providerId: provider.id });

    expect(streams).toEqual({ enabled: 1, paused: 0, disabled: 0, failing: 1 });
    expect(attempts).toEqual({ ...NO_ATTEMPTS, retry: 1 });
    const { createdAt } = await transmitter.admin.set(jti);
    expect(queue).toMatchObject({ pending: 1, held: 0 });
    expect(Math.abs(Date.parse(queue.oldestPendingAt ?? '') - Date.parse(createdAt))).toBeLessThan(5_000);
  });

  it('measure how soon receivers had their SETs, from the recording of the signal on', async () => {
    const provider = await createProvider(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    const stream = await api.createdStream({ delivery: { method: POLL } });
    await transmitter.admin.recordAll(Array.from({ length: 100 }, () => sessionRevoked(provider)));
    const jtis = await until('all SETs', async () => {
      const { sets } = (await api.poll(stream, {})).json<{ sets: object }>();
      await transmitter.database.query('update ssf.delivery set next_at = null');
      return Object.keys(sets).length === 100 && Object.keys(sets);
    });
    await api.poll(stream, { returnImmediately: true, ack: jtis });
    // long before those below are sent again
    await transmitter.database.query(
      `update ssf.signal set recorded_at = recorded_at - interval '1 minute' where provider_id = $1`,
      [provider.id],
    );
    // as if the n-th of them had taken n milliseconds
    await transmitter.database.query(
      `update ssf.attempt a set at = s.recorded_at + n * interval '1 millisecond'
         from unnest($1::uuid[]) with ordinality as u (jti, n)
         join ssf.security_event_token t using (jti) join ssf.signal s on s.id = t.signal_id
        where a.jti = t.jti`,
      [jtis],
    );
    for (const jti of jtis.slice(97)) {
      await transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' });
      await api.poll(stream, { returnImmediately: true, ack: [jti] });
    }

    const { latency } = await stats({ providerId: provider.id });

    expect(latency).toEqual({
      push: null,
      poll: { count: 100, p50Ms: 50, p95Ms: 95, p99Ms: 99 },
    });
  });

  it('are of the last hour unless a time is given, and of what was made in it', async () => {
    const provider = await createProvider(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    await api.createdStream({ delivery: { method: POLL } });
    await transmitter.admin.fannedOut(await transmitter.admin.record(sessionRevoked(provider)));
    const of = (query: Record<string, string>): Promise<Stats> =>
      stats({ providerId: provider.id, ...query });

    const now = await of({});
    const earlier = await of({ from: ago(2 * HOUR_MS), to: ago(HOUR_MS) });
    const week = await of({ from: ago(7 * DAY_MS - 60_000), to: ago(-HOUR_MS) });

    expect(Date.parse(now.to) - Date.parse(now.from)).toBe(HOUR_MS);
    expect(now).toMatchObject({ signals: { recorded: 1 }, sets: { made: 1 }, queue: { pending: 1 } });
    expect(earlier).toMatchObject({ signals: { recorded: 0 }, sets: { made: 0 }, queue: { pending: 1 } });
    expect(week).toMatchObject({ signals: { recorded: 1 }, sets: { made: 1 } });
    expect(Date.parse(week.to)).toBeLessThanOrEqual(Date.now());
  });

  it('answer 503 when they take too long, and work afterwards', async () => {
    const unlock = await transmitter.database.lock('ssf.attempt');
    const answer = ask();
    await until('a count that waits', () => transmitter.database.hasWaiting());
    await transmitter.database.query(
      `select pg_cancel_backend(pid) from pg_stat_activity
        where wait_event_type = 'Lock' and query like '%ssf.attempt%' and datname = current_database()`,
    );
    const { status, text } = await answer;
    await unlock();

    expect(status).toBe(503);
    expect(text).toContain('shorter');
    await stats();
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['a time that is none', { from: 'yesterday' }, ['from']],
    ['a from in the future', { from: ago(-HOUR_MS) }, ['from']],
    ['a to before from', { from: ago(HOUR_MS), to: ago(2 * HOUR_MS) }, ['to']],
    ['more than seven days', { from: ago(8 * DAY_MS) }, ['from']],
    ['an id that is none', { providerId: '7' }, ['providerId']],
    ['an unknown provider', { providerId: '019aa8e4-5d3c-7bb1-a4a1-6f3c1d2e4b5a' }, ['providerId']],
    ['an unknown member', { streamId: '7' }, ['streamId']],
  ])('refuse %s', async (_, query, members) => {
    const answer = await ask(query);

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(members);
  });

  it('are for administrators', async () => {
    expect((await transmitter.admin.call('/stats', { token: undefined })).status).toBe(401);
  });
});
