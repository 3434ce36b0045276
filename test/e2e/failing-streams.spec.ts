import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminStream } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { housekeepingRound, makeDue } from '../support/queue.js';
import { type Connection, connect, signals, userNumber } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const STREAM_UPDATED = 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated';
// successes are noted at every sixth of a lease
const ENGINE = { sweepIntervalMs: 100, housekeepingIntervalMs: 40, leaseSeconds: 2, pushTimeoutMs: 900 };
const WINDOW_HOURS = 120;

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter(ENGINE);
});

afterAll(() => transmitter.stop());

/** A stream that has failed once, and waits for its next try. */
async function failing(): Promise<Connection> {
  const connection = await connect(transmitter);
  connection.receiver.behave({ status: 503 });
  await transmitter.admin.recordAll(signals(3, connection.signal, userNumber));
  await failed(connection);
  return connection;
}

function failed({ stream }: Connection, times = 1): Promise<AdminStream> {
  return transmitter.admin.streamWhen(
    stream.stream_id,
    `has failed ${times} times`,
    ({ health }) => health.consecutiveFailures === times && health.retryAt !== null,
  );
}

/** The last failure came so long after the first. */
async function makeFailingFor({ stream }: Connection, hours: number): Promise<void> {
  await transmitter.database.query(
    `update ssf.stream_queue set first_failure_at = last_failure_at - make_interval(mins => $2) where stream_id = $1`,
    [stream.stream_id, Math.round(hours * 60)],
  );
}

interface Alert {
  readonly level: string;
  readonly percent: number;
  readonly err: string;
  readonly failingSince: string;
  readonly pausesAt: string;
}

function alerts({ stream }: Connection, lines: readonly string[] = transmitter.logLines): Alert[] {
  return lines
    .filter((line) => line.includes('"stream.failure_alert"') && line.includes(stream.stream_id))
    .map((line) => JSON.parse(line) as Alert);
}

function streamOf({ stream }: Connection): Promise<AdminStream> {
  return transmitter.admin.stream(stream.stream_id);
}

function paused({ stream }: Connection): Promise<AdminStream> {
  return transmitter.admin.streamWhen(stream.stream_id, 'is paused', ({ status }) => status === 'paused');
}

describe('a stream whose pushes do nothing but fail', () => {
  it('is told of once at each step of the time that it may', async () => {
    const connection = await failing();
    const told: number[][] = [];

    for (const share of [0.49, 0.51, 0.6, 0.71, 0.91]) {
      await makeFailingFor(connection, share * WINDOW_HOURS);
      await housekeepingRound(transmitter, 'failing-streams');
      await housekeepingRound(transmitter, 'failing-streams');
      told.push(alerts(connection).map(({ percent }) => percent));
    }

    expect(told).toEqual([[], [50], [50], [50, 70], [50, 70, 90]]);
    const [first] = alerts(connection);
    expect(first).toMatchObject({ level: 'warn', err: 'http_503' });
    const hours = (Date.parse(first?.pausesAt ?? '') - Date.parse(first?.failingSince ?? '')) / 3_600_000;
    expect(hours).toBe(WINDOW_HOURS);
    expect((await streamOf(connection)).status).toBe('enabled');
  });

  it('is told of again when it fails anew after a success', async () => {
    const connection = await failing();
    const { receiver, stream, signal } = connection;
    await makeFailingFor(connection, 0.6 * WINDOW_HOURS);
    await until('the first alert', () => alerts(connection).length === 1);

    receiver.behave({ status: 202 });
    await makeDue(transmitter, stream.stream_id);
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'has recovered',
      ({ health }) => health.failingSince === null && health.pendingCount === 0,
    );
    receiver.behave({ status: 503 });
    await transmitter.admin.record(signal());
    await failed(connection);
    await housekeepingRound(transmitter, 'failing-streams');
    expect(alerts(connection)).toHaveLength(1);
    await makeFailingFor(connection, 0.5 * WINDOW_HOURS);

    await until('the second alert', () => alerts(connection).length === 2);
  });

  it('is paused when the time is over: the receiver is told first when it is back, and the rest is held', async () => {
    const connection = await failing();
    const { receiver, stream } = connection;

    await makeFailingFor(connection, WINDOW_HOURS);
    const { statusReason } = await paused(connection);

    expect(statusReason).toBe('every push has failed for 120 hours, the last one with http_503');
    const [noted] = await transmitter.admin.auditLog({ streamId: stream.stream_id });
    expect(noted).toMatchObject({
      action: 'stream.status_changed',
      actor: { kind: 'system', id: 'failing-push' },
      before: { status: 'enabled' },
      after: { status: 'paused', statusReason },
    });
    expect(alerts(connection).map(({ percent }) => percent)).toEqual([50, 70, 90, 100]);
    const sets = await transmitter.admin.sets({ streamId: stream.stream_id, status: 'held' });
    expect(sets).toHaveLength(3);
    const update = await receiver.next(({ eventType }) => eventType === STREAM_UPDATED);
    expect(update.payload).toEqual({ status: 'paused', reason: statusReason });
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'waits for its next try',
      ({ health }) => health.retryAt !== null,
    );
    const before = receiver.received.length;
    receiver.behave({ status: 202 });
    await makeDue(transmitter, stream.stream_id);
    const { jti } = update.claims;
    await transmitter.admin.setWithStatus(jti, 'delivered');
    expect(receiver.received.slice(before).map(({ claims }) => claims.jti)).toEqual([jti]);
  });

  it('may be enabled again by its receiver, and then has the whole time anew', async () => {
    const connection = await failing();
    const { api, receiver, stream } = connection;
    await makeFailingFor(connection, WINDOW_HOURS);
    await paused(connection);

    receiver.behave({ status: 503 });
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' }), 200);
    await failed(connection);
    await housekeepingRound(transmitter, 'failing-streams');

    expect((await streamOf(connection)).status).toBe('enabled');
    receiver.behave({ status: 202 });
    await makeDue(transmitter, stream.stream_id);
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'has sent all',
      ({ health }) => health.pendingCount === 0,
    );
  });

  it('is not paused for time in which nobody tried', async () => {
    const connection = await failing();
    await transmitter.database.query(
      `update ssf.stream_queue set first_failure_at = first_failure_at - interval '10 days',
              last_failure_at = last_failure_at - interval '10 days' where stream_id = $1`,
      [connection.stream.stream_id],
    );

    await housekeepingRound(transmitter, 'failing-streams');

    expect((await streamOf(connection)).status).toBe('enabled');
    expect(alerts(connection)).toEqual([]);
  });

  it('is not paused while it is being served: the success may not be noted yet', async () => {
    const connection = await failing();
    const { receiver, stream } = connection;
    const release = receiver.hold();
    await makeDue(transmitter, stream.stream_id);
    await until('the probe', () => receiver.inFlight === 1);

    await makeFailingFor(connection, WINDOW_HOURS);
    await housekeepingRound(transmitter, 'failing-streams');
    release();
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'has recovered',
      ({ health }) => health.failingSince === null && health.pendingCount === 0,
    );
    await housekeepingRound(transmitter, 'failing-streams');

    expect((await streamOf(connection)).status).toBe('enabled');
  });

  it('is told of and paused once, however many processes there are', async () => {
    const first = await startReplica(transmitter, ENGINE);
    const second = await startReplica(transmitter, ENGINE);
    try {
      const connection = await failing();

      await makeFailingFor(connection, WINDOW_HOURS);
      await paused(connection);
      await housekeepingRound(transmitter, 'failing-streams');
      await housekeepingRound(transmitter, 'failing-streams');

      // the processes share their log here
      expect(alerts(connection, transmitter.logLines).map(({ percent }) => percent)).toEqual([
        50, 70, 90, 100,
      ]);
      const updates = await transmitter.admin.sets({
        streamId: connection.stream.stream_id,
        eventType: STREAM_UPDATED,
      });
      expect(updates).toHaveLength(1);
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  });
});

describe('with a time of zero', () => {
  it('no stream is paused', async () => {
    const replica = await startTransmitter({ ...ENGINE, pauseFailingStreamsAfterHours: 0 });
    const before = transmitter;
    transmitter = replica;
    try {
      const connection = await failing();
      await makeFailingFor(connection, 1_000);
      await housekeepingRound(replica, 'failing-streams');

      expect((await streamOf(connection)).status).toBe('enabled');
    } finally {
      transmitter = before;
      await replica.stop();
    }
  });
});
