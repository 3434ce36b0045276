import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamConfiguration } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { answerOf, NOW, pollStream } from '../support/polling.js';
import { connect, createProvider, createReceiverApi } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const STREAM_UPDATED = 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated';
const TIMEOUT_SECONDS = 600;
const TIMED = { inactivityTimeoutSeconds: TIMEOUT_SECONDS };
const REASON = `inactivity_timeout: no request in ${TIMEOUT_SECONDS} seconds`;

let transmitter: Transmitter;

beforeAll(async () => {
  // streams are looked at every ten sweeps
  transmitter = await startTransmitter({ sweepIntervalMs: 10 });
});

afterAll(() => transmitter.stop());

/** Nothing happened to the stream, nor to its application, in the last so many seconds. */
async function age({ stream_id: id }: StreamConfiguration, seconds: number): Promise<void> {
  await transmitter.database.query(
    `with aged as (
       update ssf.stream set last_activity_at = now() - make_interval(secs => $2), updated_at = now() - make_interval(secs => $2)
        where id = $1 returning application_id)
     update ssf.application set updated_at = now() - make_interval(secs => $2) where id in (select application_id from aged)`,
    [id, seconds],
  );
}

async function secondsSinceActivity({ stream_id: id }: StreamConfiguration): Promise<number> {
  const [row] = await transmitter.database.query<{ seconds: number }>(
    'select extract(epoch from now() - last_activity_at)::float8 as seconds from ssf.stream where id = $1',
    [id],
  );
  return row?.seconds ?? NaN;
}

function isPaused({ stream_id: id }: StreamConfiguration) {
  return transmitter.admin.streamWhen(id, 'is paused', ({ status }) => status === 'paused');
}

/** When a stream that was inactive is paused, all others were looked at, too. */
async function othersAreLookedAt(): Promise<void> {
  const { stream } = await pollStream(transmitter, TIMED);
  await age(stream, 10 * TIMEOUT_SECONDS);
  await isPaused(stream);
}

describe('the inactivity timeout', () => {
  it('is in the configuration of streams whose application has one, and nowhere else', async () => {
    const { application, api, stream } = await pollStream(transmitter, TIMED);
    const { stream: other } = await pollStream(transmitter);

    await transmitter.admin.call(`/applications/${application.id}`, {
      method: 'PATCH',
      body: { inactivityTimeoutSeconds: null },
    });

    expect(stream.inactivity_timeout).toBe(TIMEOUT_SECONDS);
    expect(other).not.toHaveProperty('inactivity_timeout');
    expect((await api.readStream(stream.stream_id)).json()).not.toHaveProperty('inactivity_timeout');
  });

  it('is the transmitter’s: an update may repeat it, and not change it', async () => {
    const { api, stream } = await pollStream(transmitter, TIMED);
    const { stream_id: id } = stream;

    const answers = [
      await api.replaceStream(stream),
      await api.patchStream({ stream_id: id, inactivity_timeout: TIMEOUT_SECONDS + 1 }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  });

  it.each([299, 31_536_001, 600.5, '600', true])('cannot be %j', async (inactivityTimeoutSeconds) => {
    const { id: providerId } = await createProvider(transmitter);

    const answer = await transmitter.admin.call('/applications', {
      body: { providerId, slug: 'a', name: 'A', inactivityTimeoutSeconds },
    });

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('inactivityTimeoutSeconds');
  });
});

describe('a stream that was inactive for too long', () => {
  it('is paused, its receiver is told why, and finds what was held', async () => {
    const { api, stream, receiver, signal } = await connect(transmitter, { application: TIMED });
    await age(stream, 2 * TIMEOUT_SECONDS);

    const told = await receiver.next();
    await transmitter.admin.fannedOut(await transmitter.admin.record(signal({ txn: 'held' })));
    const status = await api.readStatus(stream.stream_id);
    await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });

    expect(told).toMatchObject({ eventType: STREAM_UPDATED, payload: { status: 'paused', reason: REASON } });
    expect(status.json()).toEqual({ stream_id: stream.stream_id, status: 'paused', reason: REASON });
    const actors = (await transmitter.admin.auditLog({ streamId: stream.stream_id })).map(
      (each) => each.actor,
    );
    expect(actors[1]).toEqual({ kind: 'system', id: 'inactivity', name: null });
    expect((await receiver.atLeast(2))[1]?.claims.txn).toBe('held');
  });

  it('tells a poll receiver when it comes back', async () => {
    const { api, stream } = await pollStream(transmitter, TIMED);
    await age(stream, 2 * TIMEOUT_SECONDS);
    await isPaused(stream);

    const { sets } = answerOf(await api.poll(stream, NOW));

    expect(Object.values(sets).map((set) => decodeJwt(set).events)).toEqual([
      { [STREAM_UPDATED]: { status: 'paused', reason: REASON } },
    ]);
  });

  it('is so although SETs are pushed to it', async () => {
    const { stream, receiver, signal } = await connect(transmitter, { application: TIMED });
    await transmitter.admin.record(signal());
    await receiver.next();
    await age(stream, TIMEOUT_SECONDS);
    await transmitter.admin.record(signal());
    await receiver.atLeast(2);

    expect(await secondsSinceActivity(stream)).toBeGreaterThanOrEqual(TIMEOUT_SECONDS);
    await age(stream, 2 * TIMEOUT_SECONDS);
    await isPaused(stream);
  });

  it('is paused once, however many processes look', async () => {
    const replicas = await Promise.all([1, 2].map(() => startReplica(transmitter)));
    const polled = await Promise.all(Array.from({ length: 10 }, () => pollStream(transmitter, TIMED)));
    await Promise.all(polled.map(({ stream }) => age(stream, 2 * TIMEOUT_SECONDS)));
    await Promise.all(polled.map(({ stream }) => isPaused(stream)));

    await Promise.all(replicas.map((replica) => replica.stop()));

    const told = await Promise.all(
      polled.map(({ stream: { stream_id: streamId } }) => transmitter.admin.sets({ streamId })),
    );
    expect(told.map((sets) => sets.length)).toEqual(polled.map(() => 1));
  });
});

describe('a stream that is not inactive, or whose inactivity is no matter,', () => {
  const about = ({ stream_id }: StreamConfiguration) => ({ stream_id });
  const subject = { format: 'email', email: 'ana@acme.test' };
  type Call = (polled: Awaited<ReturnType<typeof pollStream>>) => Promise<{ status: number }>;
  const calls: [string, number, Call][] = [
    ['reading its configuration', 200, ({ api, stream }) => api.readStream(stream.stream_id)],
    ['changing it', 200, ({ api, stream }) => api.patchStream({ ...about(stream), description: 'x' })],
    ['trying to change it', 400, ({ api, stream }) => api.patchStream({ ...about(stream), iss: 'x' })],
    ['reading its status', 200, ({ api, stream }) => api.readStatus(stream.stream_id)],
    ['setting its status', 200, ({ api, stream }) => api.setStatus({ ...about(stream), status: 'enabled' })],
    ['adding a subject', 200, ({ api, stream }) => api.addSubject({ ...about(stream), subject })],
    ['removing a subject', 204, ({ api, stream }) => api.removeSubject({ ...about(stream), subject })],
    ['asking for verification', 204, ({ api, stream }) => api.verify(about(stream))],
    ['a poll', 200, ({ api, stream }) => api.poll(stream, NOW)],
  ];

  it.each(calls)('is kept by %s', async (_, status, request) => {
    const polled = await pollStream(transmitter, TIMED);
    await age(polled.stream, TIMEOUT_SECONDS);

    expect((await request(polled)).status).toBe(status);

    expect(await secondsSinceActivity(polled.stream)).toBeLessThan(60);
  });

  it('is not kept by another receiver’s request, nor by a list of all streams', async () => {
    const { api, stream, provider } = await pollStream(transmitter, TIMED);
    const stranger = await createReceiverApi(transmitter, provider, TIMED);
    await age(stream, TIMEOUT_SECONDS);

    expect((await stranger.api.readStream(stream.stream_id)).status).toBe(404);
    expectStatus(await api.readStreams(), 200);

    expect(await secondsSinceActivity(stream)).toBeGreaterThanOrEqual(TIMEOUT_SECONDS);
  });

  it('is kept by a request that comes at the last moment', async () => {
    const { api, stream } = await pollStream(transmitter, TIMED);
    const unlock = await transmitter.database.lock('ssf.provider', 'share row exclusive');
    await age(stream, 2 * TIMEOUT_SECONDS);
    await until('the stream is about to be paused', () => transmitter.database.hasWaiting());

    expectStatus(await api.readStatus(stream.stream_id), 200);
    await unlock();
    await othersAreLookedAt();

    expect((await transmitter.admin.stream(stream.stream_id)).status).toBe('enabled');
  });

  it('is not written to at every request', async () => {
    const { api, stream } = await pollStream(transmitter, TIMED);
    await age(stream, 60);

    for (let polls = 0; polls < 3; polls++) await api.poll(stream, NOW);

    // a note is at most an eighth of the timeout old
    expect(await secondsSinceActivity(stream)).toBeGreaterThanOrEqual(60);
  });

  it('stays enabled', async () => {
    const { stream: untimed } = await pollStream(transmitter);
    const late = await pollStream(transmitter);
    const { stream: enabledAgain } = await pollStream(transmitter, TIMED);
    const { stream: almost } = await pollStream(transmitter, TIMED);
    for (const stream of [untimed, late.stream, enabledAgain]) await age(stream, 10 * TIMEOUT_SECONDS);
    // what was noted may be an eighth of the timeout older than the last request
    await age(almost, 1.1 * TIMEOUT_SECONDS);
    await isPaused(enabledAgain);

    // the time begins when the timeout is set, and when an administrator enables the stream
    await transmitter.admin.call(`/applications/${late.application.id}`, { method: 'PATCH', body: TIMED });
    await transmitter.admin.call(`/streams/${enabledAgain.stream_id}/status`, {
      body: { status: 'enabled' },
    });
    await othersAreLookedAt();

    for (const { stream_id: id } of [untimed, late.stream, enabledAgain, almost])
      expect((await transmitter.admin.stream(id)).status).toBe('enabled');
  });
});
