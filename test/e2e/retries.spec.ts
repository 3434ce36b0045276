import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminStream, SetStatus, SetSummary } from '../support/api-types.js';
import { makeDue } from '../support/queue.js';
import { type Connection, connect, signals, userNumber } from '../support/scenario.js';
import type { ReceiverAnswer } from '../support/test-receiver.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const PUSH_TIMEOUT_MS = 3_000;
const REFUSED: ReceiverAnswer = {
  status: 400,
  body: { err: 'invalid_audience', description: 'not for us' },
};

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({
    sweepIntervalMs: 150,
    leaseSeconds: 12,
    pushTimeoutMs: PUSH_TIMEOUT_MS,
  });
});

afterAll(() => transmitter.stop());

/** The stream once it has failed so often in a row. */
function failing({ stream }: Connection, times = 1): Promise<AdminStream> {
  return transmitter.admin.streamWhen(
    stream.stream_id,
    `has failed ${times} times`,
    ({ health }) => health.consecutiveFailures === times && health.retryAt !== null,
  );
}

/** How long the stream waits after its last failure. */
function backOffSeconds({ health }: AdminStream): number {
  return (Date.parse(health.retryAt ?? '') - Date.parse(health.lastFailureAt ?? '')) / 1000;
}

async function onlySet({ stream }: Connection): Promise<SetSummary> {
  const [set] = await until('a SET in the history', async () => {
    const sets = await transmitter.admin.sets({ streamId: stream.stream_id });
    return sets.length > 0 && sets;
  });
  if (!set) throw new Error('no SET');
  return set;
}

describe('a push that fails for a while', () => {
  it('is sent again after the back-off, with the same jti and the same bytes', async () => {
    const connection = await connect(transmitter);
    const { receiver, signal, stream } = connection;
    receiver.answerInTurn({ status: 503, body: 'later' });

    await transmitter.admin.record(signal());
    await failing(connection);
    await makeDue(transmitter, stream.stream_id);
    const [first, second] = await receiver.atLeast(2);

    // ES256: another signature of the same claims would differ
    expect(second?.token).toBe(first?.token);
    const jti = first?.claims.jti ?? '';
    const { attempts } = await transmitter.admin.setWithStatus(jti, 'delivered');
    expect(attempts).toMatchObject([
      { attempt: 1, method: 'push', outcome: 'retry', httpStatus: 503, err: 'http_503' },
      { attempt: 2, method: 'push', outcome: 'delivered', httpStatus: 202, err: null },
    ]);
  });

  it('shows in the health of the stream until it succeeds', async () => {
    const connection = await connect(transmitter);
    const { receiver, signal, stream } = connection;
    receiver.answerInTurn({ status: 503, body: { err: 'overloaded' } });

    await transmitter.admin.record(signal());
    const { health } = await failing(connection);

    expect(health).toMatchObject({ pendingCount: 1, consecutiveFailures: 1, lastError: 'overloaded' });
    expect(health.oldestPendingAt).not.toBeNull();
    expect(health.lastSuccessAt).toBeNull();
    await makeDue(transmitter, stream.stream_id);
    const recovered = await transmitter.admin.streamWhen(
      stream.stream_id,
      'has recovered',
      // the time is noted apart from what was sent
      (each) => each.health.lastSuccessAt !== null && each.health.pendingCount === 0,
    );
    expect(recovered.health).toMatchObject({
      pendingCount: 0,
      oldestPendingAt: null,
      consecutiveFailures: 0,
      lastError: null,
      retryAt: null,
    });
  });

  it('is pending meanwhile', async () => {
    const connection = await connect(transmitter);
    connection.receiver.behave({ status: 503 });

    await transmitter.admin.record(connection.signal());
    await failing(connection);

    expect(await onlySet(connection)).toMatchObject({ status: 'pending', reason: null, endedAt: null });
  });

  it.each<{ what: string; answer: ReceiverAnswer; err: string; httpStatus: number | null }>([
    { what: '500', answer: { status: 500 }, err: 'http_500', httpStatus: 500 },
    { what: '429', answer: { status: 429 }, err: 'http_429', httpStatus: 429 },
    { what: '408', answer: { status: 408 }, err: 'http_408', httpStatus: 408 },
    { what: 'a receiver that hangs', answer: 'hang', err: 'timeout', httpStatus: null },
    { what: 'a connection that is reset', answer: 'reset', err: 'connection_reset', httpStatus: null },
  ])('backs off from five seconds: $what', async ({ answer, err, httpStatus }) => {
    const connection = await connect(transmitter);
    connection.receiver.behave(answer);

    await transmitter.admin.record(connection.signal());
    const stream = await failing(connection);

    expect(backOffSeconds(stream)).toBeGreaterThanOrEqual(4);
    expect(backOffSeconds(stream)).toBeLessThanOrEqual(6);
    expect(stream.health.lastError).toBe(err);
    const { attempts } = await transmitter.admin.set((await onlySet(connection)).jti);
    expect(attempts).toMatchObject([{ outcome: 'retry', err, httpStatus }]);
  });

  it('backs off from five seconds: a refused connection', async () => {
    const connection = await connect(transmitter);
    await connection.receiver.close();

    await transmitter.admin.record(connection.signal());
    const stream = await failing(connection);

    expect(backOffSeconds(stream)).toBeLessThanOrEqual(6);
    expect(stream.health.lastError).toBe('connection_refused');
  });

  it('waits longer with each failure', async () => {
    const connection = await connect(transmitter);
    connection.receiver.behave({ status: 503 });
    await transmitter.admin.record(connection.signal());

    const first = await failing(connection, 1);
    await makeDue(transmitter, first.id);
    const second = await failing(connection, 2);
    await makeDue(transmitter, first.id);
    const third = await failing(connection, 3);

    expect(backOffSeconds(second)).toBeGreaterThanOrEqual(24);
    expect(backOffSeconds(second)).toBeLessThanOrEqual(36);
    expect(backOffSeconds(third)).toBeGreaterThanOrEqual(96);
    expect(backOffSeconds(third)).toBeLessThanOrEqual(144);
  });

  it.each([
    ['seconds', () => '120'],
    ['a date', () => new Date(Date.now() + 120_000).toUTCString()],
  ])('heeds Retry-After in %s', async (_form, retryAfter) => {
    const connection = await connect(transmitter);
    connection.receiver.behave(() => ({ status: 503, headers: { 'retry-after': retryAfter() } }));

    await transmitter.admin.record(connection.signal());
    const stream = await failing(connection);

    expect(backOffSeconds(stream)).toBeGreaterThan(117);
    expect(backOffSeconds(stream)).toBeLessThan(122);
  });
});

describe('a push that somebody has to repair', () => {
  it.each([
    { status: 401, body: undefined, err: 'http_401' },
    { status: 403, body: undefined, err: 'http_403' },
    { status: 404, body: undefined, err: 'http_404' },
    { status: 410, body: undefined, err: 'http_410' },
    { status: 400, body: { err: 'authentication_failed' }, err: 'authentication_failed' },
    { status: 400, body: { err: 'invalid_key' }, err: 'invalid_key' },
    { status: 400, body: { err: 'access_denied' }, err: 'access_denied' },
  ])('backs off slowly and is kept: $status $err', async ({ status, body, err }) => {
    const connection = await connect(transmitter);
    connection.receiver.behave({ status, ...(body && { body }) });

    await transmitter.admin.record(connection.signal());
    const stream = await failing(connection);

    expect(backOffSeconds(stream)).toBeGreaterThanOrEqual(48);
    expect(backOffSeconds(stream)).toBeLessThanOrEqual(72);
    expect(stream.health.lastError).toBe(err);
    expect(await onlySet(connection)).toMatchObject({ status: 'pending' });
  });

  it('does not follow redirects', async () => {
    const connection = await connect(transmitter);
    const { receiver } = connection;
    receiver.behave({ status: 307, headers: { location: `${receiver.origin}/elsewhere` } });

    await transmitter.admin.record(connection.signal());
    const stream = await failing(connection);

    expect(stream.health.lastError).toBe('http_307');
    expect(backOffSeconds(stream)).toBeGreaterThanOrEqual(48);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/events']);
  });
});

describe('a SET that the receiver refuses', () => {
  it('is rejected with its reason, is not sent again, and the next one goes on', async () => {
    const connection = await connect(transmitter);
    const { receiver, signal } = connection;
    receiver.answerInTurn(REFUSED);

    await transmitter.admin.recordAll([signal({ txn: 'first' }), signal({ txn: 'second' })]);
    const second = await receiver.next(({ claims }) => claims.txn === 'second');

    const first = await receiver.next(({ claims }) => claims.txn === 'first');
    const rejected = await transmitter.admin.setWithStatus(first.claims.jti, 'rejected');
    expect(rejected.reason).toBe('invalid_audience');
    expect(rejected.attempts).toMatchObject([
      {
        attempt: 1,
        outcome: 'rejected',
        httpStatus: 400,
        err: 'invalid_audience',
        description: 'not for us',
      },
    ]);
    await transmitter.admin.setWithStatus(second.claims.jti, 'delivered');
    expect(receiver.received).toHaveLength(2);
  });

  it.each<{ what: string; answer: ReceiverAnswer; err: string }>([
    { what: 'an unknown code', answer: { status: 400, body: { err: 'too_blue' } }, err: 'too_blue' },
    { what: 'no body', answer: { status: 400 }, err: 'http_400' },
    { what: 'HTML', answer: { status: 400, body: '<html>no</html>' }, err: 'http_400' },
    {
      what: 'a body without end',
      answer: { status: 400, body: { err: 'x'.repeat(3_000_000) } },
      err: 'http_400',
    },
    { what: '413', answer: { status: 413 }, err: 'http_413' },
  ])('is rejected whatever the answer looks like: $what', async ({ answer, err }) => {
    const connection = await connect(transmitter);
    connection.receiver.behave(answer);

    await transmitter.admin.record(connection.signal());
    const { jti } = await onlySet(connection);

    expect(await transmitter.admin.setWithStatus(jti, 'rejected')).toMatchObject({ reason: err });
  });

  it('makes the stream back off when ten are refused in a row, so that the rest is kept', async () => {
    const connection = await connect(transmitter);
    const { receiver, signal, stream } = connection;
    const ended = (status: SetStatus): Promise<SetSummary[]> =>
      transmitter.admin.sets({ streamId: stream.stream_id, status, limit: 250 });
    receiver.behave(REFUSED);

    await transmitter.admin.recordAll(signals(40, signal, userNumber));
    await failing(connection);

    const rejected = await until('what was under way is written down', async () => {
      const { length } = await ended('rejected');
      const { health } = await transmitter.admin.stream(stream.stream_id);
      return length + health.pendingCount === 40 && length;
    });
    expect(rejected).toBeGreaterThanOrEqual(10);
    // those that were under way with the tenth
    expect(rejected).toBeLessThan(10 + 8);
    const { health } = await transmitter.admin.stream(stream.stream_id);
    expect(health.lastError).toBe('invalid_audience');

    // one probe, which is refused too
    await makeDue(transmitter, stream.stream_id);
    await failing(connection, 2);
    await until('one more is refused', async () => (await ended('rejected')).length > rejected);
    expect(await ended('rejected')).toHaveLength(rejected + 1);

    receiver.behave({ status: 202 });
    await makeDue(transmitter, stream.stream_id);
    await until('the rest is delivered', async () => (await ended('pending')).length === 0);
    expect(await ended('delivered')).toHaveLength(40 - rejected - 1);
  });

  it('does not count to ten across a success', async () => {
    const connection = await connect(transmitter);
    const { receiver, signal, stream } = connection;
    let count = 0;
    receiver.behave(() => ((count += 1) % 8 === 0 ? { status: 202 } : REFUSED));

    // of one subject, so one after the other
    await transmitter.admin.recordAll(signals(40, signal, () => ({})));
    await until('all are sent', () => receiver.received.length >= 40);

    const health = (await transmitter.admin.stream(stream.stream_id)).health;
    expect(health.consecutiveFailures).toBe(0);
  });
});

describe('after a back-off', () => {
  it('a single probe goes first, and with its success the rest', async () => {
    const connection = await connect(transmitter);
    const { receiver, signal, stream, provider } = connection;
    receiver.behave({ status: 503 });
    await transmitter.admin.recordAll(signals(20, signal, userNumber));
    await failing(connection);
    const before = receiver.received.length;
    expect(before).toBeLessThanOrEqual(8);

    const release = receiver.hold();
    await makeDue(transmitter, stream.stream_id);
    await until('the probe', () => receiver.inFlight === 1);
    // whatever else would be sent with it has had its time when another stream is through
    const other = await connect(transmitter, { to: provider });
    await transmitter.admin.recordAll(signals(20, other.signal, userNumber));
    await other.receiver.atLeast(20);

    expect(receiver.inFlight).toBe(1);
    expect(receiver.received).toHaveLength(before + 1);
    release();
    await until('everything is delivered', async () => {
      const { health } = await transmitter.admin.stream(stream.stream_id);
      return health.pendingCount === 0;
    });
  });
});

describe('a receiver that does not answer', () => {
  it('holds up nobody else', async () => {
    const dead = await connect(transmitter);
    const alive = await connect(transmitter, { to: dead.provider });
    dead.receiver.behave('hang');

    await transmitter.admin.recordAll(signals(30, dead.signal, userNumber));
    await until('the dead receiver is asked', () => dead.receiver.inFlight === 8);
    const askedAt = Math.max(...dead.receiver.received.map(({ at }) => at));
    const sets = await alive.receiver.atLeast(30);

    const last = sets.at(-1)?.at ?? 0;
    expect(last - askedAt).toBeLessThan(PUSH_TIMEOUT_MS);
  });
});
