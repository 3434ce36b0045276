import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, Recovery, SetRecord, SetSummary } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { makeDue } from '../support/queue.js';
import { POLL } from '../support/receiver-client.js';
import {
  type Connection,
  connect,
  type ConnectOptions,
  createProvider,
  createReceiverApi,
  sessionRevoked,
  signals,
  userNumber,
} from '../support/scenario.js';
import { ACCEPTED, type ReceiverAnswer } from '../support/test-receiver.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const REJECTED: ReceiverAnswer = { status: 400, body: { err: 'invalid_request' } };
const NOW = { returnImmediately: true };
const HOUR_MS = 3_600_000;

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ sweepIntervalMs: 200 });
});

afterAll(() => transmitter.stop());

function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}

async function redeliver(jti: string): Promise<SetRecord> {
  const answer = await transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' });
  return expectStatus(answer, 202).json<SetRecord>();
}

async function refusal(path: string, body?: object): Promise<Problem> {
  const answer = await transmitter.admin.call(path, { method: 'POST', ...(body && { body }) });
  return expectStatus(answer, 409).json<Problem>();
}

async function ask(path: string, body: object): Promise<Recovery> {
  return expectStatus(await transmitter.admin.call(path, { body }), 202).json<Recovery>();
}

async function done({ id }: Recovery): Promise<Recovery> {
  return until(`the recovery ${id} is done`, async () => {
    const recovery = await transmitter.admin.recovery(id);
    return recovery.state === 'done' && recovery;
  });
}

async function recovered({ stream_id: id }: Connection['stream'], members: object = {}): Promise<Recovery> {
  return done(await ask(`/streams/${id}/recover`, { from: ago(HOUR_MS), ...members }));
}

function setStatus(streamId: string, status: string): Promise<unknown> {
  return transmitter.admin.call(`/streams/${streamId}/status`, { body: { status } });
}

/** A connection with one SET, which the receiver has answered. */
async function connectionWithSet(options: ConnectOptions = {}, answer: ReceiverAnswer = { status: 202 }) {
  const connection = await connect(transmitter, options);
  connection.receiver.behave(answer);
  await transmitter.admin.record(connection.signal());
  const sent = await connection.receiver.next();
  const { jti } = sent.claims;
  await transmitter.admin.setWhen(jti, 'ended', ({ status }) => status !== 'pending');
  connection.receiver.behave({ status: 202 });
  return { ...connection, jti, sent };
}

/** A connection whose receiver has rejected SETs, of one user each unless `user` says otherwise. */
async function connectionWithRejections(count: number, user: (index: number) => object = userNumber) {
  const connection = await connect(transmitter);
  connection.receiver.behave(REJECTED);
  await transmitter.admin.recordAll(
    signals(count, connection.signal, (index) => ({ ...user(index), txn: `n-${index}` })),
  );
  const { stream_id: streamId } = connection.stream;
  const sets = await until('all rejections', async () => {
    const rejected = await transmitter.admin.sets({ streamId, status: 'rejected' });
    return rejected.length === count && rejected;
  });
  connection.receiver.behave({ status: 202 });
  return { ...connection, streamId, jtis: sets.map(({ jti }) => jti).toReversed() };
}

/** A poll stream with SETs that its receiver has acknowledged. */
async function polled(count: number) {
  const provider = await createProvider(transmitter);
  const { api } = await createReceiverApi(transmitter, provider);
  const stream = await api.createdStream({ delivery: { method: POLL } });
  const poll = async (body: object = NOW): Promise<string[]> =>
    Object.keys(
      expectStatus(await api.poll(stream, body), 200).json<{ sets: Record<string, string> }>().sets,
    );
  await transmitter.admin.recordAll(signals(count, (each) => sessionRevoked(provider, each), userNumber));
  const jtis = await until('all SETs', async () => {
    const waiting = await transmitter.admin.sets({ streamId: stream.stream_id });
    return waiting.length === count && (await poll());
  });
  expect(await poll({ ...NOW, ack: jtis })).toEqual([]);
  return { stream, poll, jtis };
}

function pendingRows(jti: string): Promise<unknown[]> {
  return transmitter.database.query('select seq from ssf.delivery where jti = $1', [jti]);
}

describe('a SET that is redelivered', () => {
  it('arrives again with the same jti, claims and bytes', async () => {
    const { jti, receiver, sent } = await connectionWithSet({ provider: { signingAlgorithm: 'RS256' } });

    const answer = await redeliver(jti);
    const [, again] = await receiver.atLeast(2);

    expect(answer).toMatchObject({ jti, status: 'pending', claims: sent.claims });
    expect(again?.token).toBe(sent.token);
  });

  it('says in its history that it was redelivered, and counts its attempts on', async () => {
    const { jti } = await connectionWithSet({}, REJECTED);

    await redeliver(jti);
    const { attempts, ...record } = await transmitter.admin.setWithStatus(jti, 'delivered');

    expect(attempts).toMatchObject([
      { outcome: 'rejected', method: 'push', attempt: 1 },
      { outcome: 'redelivered', method: 'none', attempt: 1, description: 'an administrator' },
      { outcome: 'delivered', method: 'push', attempt: 2 },
    ]);
    expect(record.reason).toBeNull();
    expect(await transmitter.admin.sets({ jti, status: 'rejected' })).toEqual([]);
    expect(await transmitter.admin.sets({ jti, status: 'delivered' })).toHaveLength(1);
  });

  it('waits for the whole retention again', async () => {
    const { jti, stream } = await connectionWithSet({ provider: { eventRetentionDays: 3 } });
    await setStatus(stream.stream_id, 'paused');

    await redeliver(jti);

    const [row] = await transmitter.database.query<{ days: number }>(
      'select extract(epoch from expires_at - now()) / 86400 as days from ssf.delivery where jti = $1',
      [jti],
    );
    expect(Number(row?.days)).toBeCloseTo(3, 2);
  });

  it('has one row in the queue, however many ask for it at once', async () => {
    const { jti, stream, receiver } = await connectionWithSet();
    await setStatus(stream.stream_id, 'paused');

    const answers = await Promise.all(Array.from({ length: 12 }, () => redeliver(jti)));

    expect(answers.map(({ status }) => status)).toEqual(Array<string>(12).fill('held'));
    expect(await pendingRows(jti)).toHaveLength(1);
    const { attempts } = await transmitter.admin.set(jti);
    expect(attempts.filter(({ outcome }) => outcome === 'redelivered')).toHaveLength(1);
    await setStatus(stream.stream_id, 'enabled');
    await transmitter.admin.setWithStatus(jti, 'delivered');
    expect(receiver.received.filter(({ claims }) => claims.jti === jti)).toHaveLength(2);
  });

  it('stays as it is while it still waits for its first delivery', async () => {
    const { stream, receiver, signal } = await connect(transmitter);
    receiver.behave({ status: 503 });
    await transmitter.admin.record(signal());
    const { jti } = (await receiver.next()).claims;
    await transmitter.admin.setWhen(jti, 'tried', ({ attempts }) => attempts.length > 0);

    expect(await redeliver(jti)).toMatchObject({ status: 'pending', attempts: [{ outcome: 'retry' }] });

    expect(await pendingRows(jti)).toHaveLength(1);
    receiver.behave({ status: 202 });
    await makeDue(transmitter, stream.stream_id);
    await transmitter.admin.setWithStatus(jti, 'delivered');
  });

  it('waits for a poll receiver, which acknowledges it as before', async () => {
    const { jtis, poll } = await polled(2);
    const [first = ''] = jtis;

    expect(await redeliver(first)).toMatchObject({ status: 'pending' });

    expect(await poll()).toEqual([first]);
    await poll({ ...NOW, ack: [first] });
    const { status, attempts } = await transmitter.admin.set(first);
    expect(status).toBe('delivered');
    expect(attempts.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ['delivered', 1],
      ['redelivered', 1],
      ['delivered', 2],
    ]);
  });

  it('ends the long poll that waits for it', async () => {
    const { jtis, poll } = await polled(1);
    const [jti = ''] = jtis;
    const answer = poll({});
    await until('the poll waits', () => transmitter.logLines.some((line) => line.includes('poll.waiting')));

    await redeliver(jti);

    expect(await answer).toEqual([jti]);
  });

  it('is held while its stream is paused, and goes before what was made after it', async () => {
    const { jti, stream, receiver, signal } = await connectionWithSet();
    await setStatus(stream.stream_id, 'paused');
    const later = await transmitter.admin.record(signal());
    await transmitter.admin.fannedOut(later);

    expect(await redeliver(jti)).toMatchObject({ status: 'held' });
    await setStatus(stream.stream_id, 'enabled');
    await receiver.next(({ claims }) => claims.txn === later);

    const arrived = receiver.received.filter(({ claims }) => claims.txn !== undefined);
    expect(arrived.map(({ claims }) => claims.txn === later)).toEqual([false, false, true]);
  });

  it('goes before a backlog that is being sent, whatever was read of that', async () => {
    const { jti, receiver, signal } = await connectionWithSet();
    const release = receiver.hold();
    await transmitter.admin.recordAll(signals(300, signal, userNumber));
    await until('eight requests at once', () => receiver.inFlight === 8);

    await redeliver(jti);
    // so slow that where nobody rings the next look at the queue comes long before the end of the backlog
    receiver.behave(() => delay(20, ACCEPTED));
    release();
    await transmitter.admin.setWhen(jti, 'sent again', ({ attempts }) => attempts.length === 3);
    await receiver.atLeast(302);

    const place = receiver.received.findLastIndex(({ claims }) => claims.jti === jti);
    expect(place).toBeGreaterThanOrEqual(9);
    expect(place).toBeLessThan(150);
  });

  it('is refused with the reason when its stream is disabled', async () => {
    const { jti, stream } = await connectionWithSet();
    await setStatus(stream.stream_id, 'disabled');

    expect(await refusal(`/sets/${jti}/redeliver`)).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('disabled') as string,
    });
    expect(await pendingRows(jti)).toEqual([]);
    expect((await transmitter.admin.set(jti)).status).toBe('delivered');
  });

  it('is refused with the reason when its stream was deleted', async () => {
    const { jti, api, stream } = await connectionWithSet();
    await api.deleteStream(stream.stream_id);

    expect((await refusal(`/sets/${jti}/redeliver`)).detail).toContain('deleted');
    expect(await pendingRows(jti)).toEqual([]);
  });

  it('waits for a change of its stream that is under way', async () => {
    const { jti, stream } = await connectionWithSet();
    const release = await transmitter.database.hold(
      `update ssf.stream set status = 'disabled' where id = $1`,
      [stream.stream_id],
    );

    const answer = redeliver(jti);
    await until('it waits', () => transmitter.database.hasWaiting());
    expect(await pendingRows(jti)).toEqual([]);
    await release();

    expect(await answer).toMatchObject({ jti });
  });

  it('is not to be found when there is no such SET', async () => {
    for (const jti of ['019aa8e4-5d3c-7bb1-a4a1-6f3c1d2e4b5a', 'nonsense'])
      expect((await transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' })).status).toBe(404);
  });

  it('tells the status of its stream only while that is so', async () => {
    const { stream, receiver } = await connect(transmitter);
    await setStatus(stream.stream_id, 'paused');
    const { jti } = (await receiver.next()).claims;
    await transmitter.admin.setWithStatus(jti, 'delivered');

    expect((await redeliver(jti)).status).toBe('pending');
    await receiver.atLeast(2);
    await transmitter.admin.setWithStatus(jti, 'delivered');
    await setStatus(stream.stream_id, 'enabled');

    expect((await refusal(`/sets/${jti}/redeliver`)).detail).toContain('paused');
  });
});

describe('the recovery of a stream', () => {
  it('sends what was rejected since a time, in its order, and nothing else', async () => {
    const { stream, receiver, jtis, signal } = await connectionWithRejections(8, () => userNumber(0));
    const good = await transmitter.admin.record(signal(userNumber(0)));
    await transmitter.admin.setWithStatus(
      (await receiver.next(({ claims }) => claims.txn === good)).claims.jti,
      'delivered',
    );
    const before = receiver.received.length;
    await setStatus(stream.stream_id, 'paused');

    const recovery = await recovered(stream);
    await setStatus(stream.stream_id, 'enabled');
    await until('all of them', () => receiver.received.filter(isSignal).length === 17);
    const again = receiver.received.slice(before).filter(isSignal);

    expect(recovery).toMatchObject({
      streamId: stream.stream_id,
      state: 'done',
      progress: 1,
      statuses: ['rejected', 'dead', 'dropped'],
      redelivered: 8,
      skipped: 0,
    });
    expect(recovery.finishedAt).not.toBeNull();
    expect(again.map(({ claims }) => claims.jti)).toEqual(jtis);
    for (const jti of jtis) await transmitter.admin.setWithStatus(jti, 'delivered');
  });

  it('keeps the original order of a poll stream, also of what was delivered when that is asked for', async () => {
    const { stream, poll, jtis } = await polled(30);

    expect(await recovered(stream)).toMatchObject({ redelivered: 0 });
    expect(await recovered(stream, { statuses: ['delivered'] })).toMatchObject({
      redelivered: 30,
    });

    expect(await poll({ ...NOW, maxEvents: 20 })).toEqual(jtis.slice(0, 20));
    expect(await poll()).toEqual(jtis.slice(20));
  });

  it('takes only what was made from `from` on and before `to`', async () => {
    const { stream, jtis, poll } = await polled(3);
    const sets = await Promise.all(jtis.map((jti) => transmitter.admin.set(jti)));
    const madeAt = Date.parse(sets[0]?.createdAt ?? '');
    const statuses = ['delivered'];
    const at = (offset: number): string => new Date(madeAt + offset).toISOString();

    expect(await recovered(stream, { statuses, from: at(-HOUR_MS), to: at(0) })).toMatchObject({
      redelivered: 0,
    });
    expect(await recovered(stream, { statuses, from: at(1) })).toMatchObject({ redelivered: 0 });
    expect(await recovered(stream, { statuses, from: at(0), to: at(1) })).toMatchObject({
      redelivered: 3,
    });
    expect(await poll()).toEqual(jtis);
  });

  it('brings back what was dropped while the stream was disabled', async () => {
    const { stream, receiver, signal } = await connect(transmitter);
    await setStatus(stream.stream_id, 'paused');
    await transmitter.admin.fannedOut(await transmitter.admin.record(signal()));
    await setStatus(stream.stream_id, 'disabled');
    await setStatus(stream.stream_id, 'enabled');
    await until('three changes are told', () => receiver.received.length === 3);

    expect(await recovered(stream)).toMatchObject({ redelivered: 1 });

    const { claims } = await receiver.next(isSignal);
    await transmitter.admin.setWithStatus(claims.jti, 'delivered');
  });

  it('never sends what is about the stream itself', async () => {
    const { stream, receiver, api } = await connect(transmitter);
    receiver.behave(REJECTED);
    await api.verify({ stream_id: stream.stream_id, state: 'old' });
    const { jti } = (await receiver.next()).claims;
    await transmitter.admin.setWithStatus(jti, 'rejected');

    expect(await recovered(stream)).toMatchObject({ redelivered: 0, skipped: 0 });
  });

  it('queues nothing twice when two of them run at once', async () => {
    const { stream, jtis } = await connectionWithRejections(6);
    await setStatus(stream.stream_id, 'paused');

    const both = await Promise.all([recovered(stream), recovered(stream)]);

    expect(both.reduce((sum, { redelivered }) => sum + redelivered, 0)).toBe(6);
    for (const jti of jtis) expect(await pendingRows(jti)).toHaveLength(1);
  });

  it('goes on although a SET of it is queued by somebody else meanwhile', async () => {
    const { stream, jtis } = await connectionWithRejections(3);
    await setStatus(stream.stream_id, 'paused');
    await redeliver(jtis[1] ?? '');

    expect(await recovered(stream)).toMatchObject({ redelivered: 2 });
    for (const jti of jtis) expect(await pendingRows(jti)).toHaveLength(1);
  });

  it('is refused when the stream is disabled, and unknown when there is none', async () => {
    const { stream, api } = await connect(transmitter);
    const path = `/streams/${stream.stream_id}/recover`;
    await setStatus(stream.stream_id, 'disabled');

    expect((await refusal(path, { from: ago(HOUR_MS) })).detail).toContain('disabled');

    await api.deleteStream(stream.stream_id);
    expect((await transmitter.admin.call(path, { body: { from: ago(HOUR_MS) } })).status).toBe(404);
  });

  it('gives the same answer for the same Idempotency-Key', async () => {
    const { stream } = await connect(transmitter);
    const body = { from: ago(HOUR_MS) };
    const headers = { 'idempotency-key': stream.stream_id };
    const again = async (): Promise<Recovery> => {
      const path = `/streams/${stream.stream_id}/recover`;
      return expectStatus(await transmitter.admin.call(path, { body, headers }), 202).json<Recovery>();
    };

    const first = await again();

    expect((await again()).id).toBe(first.id);
  });
});

describe('SETs that a filter finds', () => {
  it('are dead letters of any stream, and those of others are not sent', async () => {
    const provider = await createProvider(transmitter);
    const [first, second] = [
      await connect(transmitter, { to: provider }),
      await connect(transmitter, { to: provider }),
    ];
    const stranger = await connect(transmitter);
    for (const { receiver } of [first, second, stranger]) receiver.behave({ status: 503 });
    for (const signal of [first.signal, stranger.signal]) await transmitter.admin.record(signal());
    const jtis = await Promise.all(
      [first, second, stranger].map(async ({ receiver }) => (await receiver.next()).claims.jti),
    );
    for (const jti of jtis) await letDie(jti);
    for (const { receiver, stream } of [first, second, stranger]) {
      receiver.behave({ status: 202 });
      await makeDue(transmitter, stream.stream_id);
    }
    expect(await transmitter.admin.sets({ providerId: provider.id, status: 'dead' })).toHaveLength(2);

    const recovery = await done(await ask('/sets/redeliver', { providerId: provider.id, status: 'dead' }));

    expect(recovery).toMatchObject({
      streamId: null,
      filter: { providerId: provider.id, hasSubject: false },
      statuses: ['dead'],
      redelivered: 2,
    });
    for (const jti of jtis.slice(0, 2)) await transmitter.admin.setWithStatus(jti, 'delivered');
    expect((await transmitter.admin.set(jtis[2] ?? '')).status).toBe('dead');
    expect(await transmitter.admin.sets({ providerId: provider.id, status: 'dead' })).toEqual([]);
  });

  it('are those of one subject, event type, signal, application and stream', async () => {
    const { stream, application, streamId, jtis } = await connectionWithRejections(4);
    await setStatus(stream.stream_id, 'paused');
    const { signalId, eventType } = await transmitter.admin.set(jtis[0] ?? '');
    const redelivered = async (filter: object): Promise<number> =>
      (await done(await ask('/sets/redeliver', filter))).redelivered;

    expect(await redelivered({ streamId, eventType: 'https://example.com/other' })).toBe(0);
    expect(await redelivered({ applicationId: application.id, status: 'delivered' })).toBe(0);
    expect(await redelivered({ signalId })).toBe(1);
    expect(await redelivered({ subject: 'user-1', applicationId: application.id })).toBe(1);
    expect(await redelivered({ txn: 'n-2', eventType })).toBe(1);
    expect(await redelivered({ streamId })).toBe(1);
    for (const jti of jtis) expect(await pendingRows(jti)).toHaveLength(1);
  });

  it('are skipped, and counted, when their stream is disabled or gone', async () => {
    const provider = await createProvider(transmitter);
    const [disabled, deleted] = [
      await connect(transmitter, { to: provider }),
      await connect(transmitter, { to: provider }),
    ];
    for (const { receiver } of [disabled, deleted]) receiver.behave(REJECTED);
    const rejected = (): Promise<SetSummary[]> =>
      transmitter.admin.sets({ providerId: provider.id, status: 'rejected' });
    await transmitter.admin.record(disabled.signal());
    await until('two rejections', async () => (await rejected()).length === 2);
    disabled.receiver.behave({ status: 202 });
    await setStatus(disabled.stream.stream_id, 'disabled');
    await deleted.api.deleteStream(deleted.stream.stream_id);

    const recovery = await done(await ask('/sets/redeliver', { providerId: provider.id }));

    expect(recovery).toMatchObject({ redelivered: 0, skipped: 2 });
    expect(await rejected()).toHaveLength(2);
  });
});

describe('a recovery is refused, naming the member, for', () => {
  const UNKNOWN = '019aa8e4-5d3c-7bb1-a4a1-6f3c1d2e4b5a';
  const recover: [string, object | undefined, string[] | undefined][] = [
    ['no body', undefined, ['from']],
    ['no from', {}, ['from']],
    ['a from that is no time', { from: 'yesterday' }, ['from']],
    ['a from without a zone', { from: '2026-01-01T00:00:00' }, ['from']],
    ['a from in the future', { from: ago(-HOUR_MS) }, ['from']],
    ['a from longer ago than events are kept', { from: ago(31 * 24 * HOUR_MS) }, ['from']],
    ['a to before from', { from: ago(HOUR_MS), to: ago(2 * HOUR_MS) }, ['to']],
    ['a to that is null', { from: ago(HOUR_MS), to: null }, ['to']],
    ['an unknown status', { from: ago(HOUR_MS), statuses: ['lost'] }, ['statuses']],
    ['a status of SETs that wait', { from: ago(HOUR_MS), statuses: ['dead', 'pending'] }, ['statuses']],
    ['no status at all', { from: ago(HOUR_MS), statuses: [] }, ['statuses']],
    ['statuses that are no list', { from: ago(HOUR_MS), statuses: 'dead' }, ['statuses']],
    ['an unknown member', { from: ago(HOUR_MS), speed: 1 }, ['speed']],
  ];
  const redeliverAll: [string, object, string[] | undefined][] = [
    ['no member', {}, undefined],
    ['an id that is none', { streamId: '7' }, ['streamId']],
    ['an unknown provider', { providerId: UNKNOWN }, ['providerId']],
    ['an unknown application', { applicationId: UNKNOWN }, ['applicationId']],
    ['an unknown stream', { streamId: UNKNOWN }, ['streamId']],
    ['a stream that is null', { streamId: null }, ['streamId']],
    ['a status of SETs that wait', { status: 'held' }, ['status']],
    ['a subject that is not valid JSON', { subject: '{' }, ['subject']],
    ['a from in the future', { status: 'dead', from: ago(-HOUR_MS) }, ['from']],
    ['a to before from', { from: ago(HOUR_MS), to: ago(2 * HOUR_MS) }, ['to']],
    ['an unknown member', { status: 'dead', jti: UNKNOWN }, ['jti']],
  ];

  async function expectRefusal(
    path: string,
    body: object | undefined,
    members: string[] | undefined,
  ): Promise<void> {
    const before = await transmitter.database.query('select id from ssf.recovery');
    const answer = await transmitter.admin.call(path, { method: 'POST', ...(body && { body }) });
    expect({ status: answer.status, body: answer.text }).toMatchObject({ status: 400 });
    expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(members);
    expect(await transmitter.database.query('select id from ssf.recovery')).toEqual(before);
  }

  it.each(recover)('a stream: %s', async (_, body, members) => {
    await expectRefusal(`/streams/${await streamOfAll()}/recover`, body, members);
  });

  it.each(redeliverAll)('a filter: %s', async (_, body, members) => {
    await expectRefusal('/sets/redeliver', body, members);
  });

  let streamId: Promise<string> | undefined;
  function streamOfAll(): Promise<string> {
    streamId ??= createProvider(transmitter)
      .then((provider) => createReceiverApi(transmitter, provider))
      .then(({ api }) => api.createdStream({ delivery: { method: POLL } }))
      .then((stream) => stream.stream_id);
    return streamId;
  }
});

describe('a recovery that no process has worked on yet', () => {
  let idle: Transmitter;

  beforeAll(async () => {
    idle = await startTransmitter({ delivery: false, sweepIntervalMs: 100 });
  });

  afterAll(() => idle.stop());

  async function askIdle(streamId: string): Promise<Recovery> {
    const answer = await idle.admin.call(`/streams/${streamId}/recover`, { body: { from: ago(HOUR_MS) } });
    return expectStatus(answer, 202).json<Recovery>();
  }

  it('is seen, can be cancelled, and else is carried out by the process that comes', async () => {
    const [{ stream }, other] = [await connect(idle), await connect(idle)];
    const path = `/streams/${stream.stream_id}/recoveries`;
    const [first, second] = [await askIdle(stream.stream_id), await askIdle(stream.stream_id)];

    await idle.admin.delete(`${path}/${first.id}`);
    await idle.admin.delete(`/recoveries/${first.id}`);

    expect(first).toMatchObject({ state: 'running', progress: 0, redelivered: 0, finishedAt: null });
    expect(expectStatus(await idle.admin.call(`${path}/${first.id}`), 200).json()).toMatchObject({
      state: 'cancelled',
      finishedAt: expect.any(String) as string,
    });
    for (const list of [path, '/recoveries'])
      expect((await idle.admin.all<Recovery>(list, 10)).flat().map(({ id }) => id)).toEqual([
        second.id,
        first.id,
      ]);
    const elsewhere = `/streams/${other.stream.stream_id}/recoveries/${second.id}`;
    for (const method of ['GET', 'DELETE'])
      expect((await idle.admin.call(elsewhere, { method })).status).toBe(404);

    const worker = await startReplica(idle, { delivery: true });
    await until('the second is done', async () => {
      const { state } = await idle.admin.recovery(second.id);
      return state === 'done';
    });
    expect(expectStatus(await idle.admin.call(`${path}/${first.id}`), 200).json()).toMatchObject({
      state: 'cancelled',
    });
    expect((await idle.admin.call(`/recoveries/${second.id}`, { method: 'DELETE' })).status).toBe(409);
    await worker.stop();
  });

  it('tells why it does not go on, and goes on', async () => {
    const { stream } = await connect(idle);
    const { id } = await askIdle(stream.stream_id);
    const read = (): Promise<Recovery> => idle.admin.recovery(id);
    await idle.database.query('alter table ssf.attempt rename to attempt_away');

    const worker = await startReplica(idle, { delivery: true });
    const failed = await until('an error', async () => {
      const recovery = await read();
      return recovery.error !== null && recovery;
    });
    await idle.database.query('alter table ssf.attempt_away rename to attempt');
    await idle.database.query(`update ssf.recovery set not_before = now()`);
    await until('it is done', async () => (await read()).state === 'done');

    expect(failed).toMatchObject({ state: 'running', error: expect.stringContaining('attempt') as string });
    expect((await read()).error).toBeNull();
    await worker.stop();
  });
});

/** It is given up, as a SET is whose time is over. */
async function letDie(jti: string): Promise<void> {
  await transmitter.database.query(
    `with gone as (delete from ssf.delivery where jti = $1 returning jti, stream_id, attempts)
     insert into ssf.attempt (jti, stream_id, attempt, method, outcome, err)
     select jti, stream_id, attempts, 'none', 'dead', 'expired' from gone`,
    [jti],
  );
  await transmitter.admin.setWithStatus(jti, 'dead');
}

function isSignal({ claims }: { claims: { txn?: string } }): boolean {
  return claims.txn !== undefined;
}
