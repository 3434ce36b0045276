import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewApplication, StreamConfiguration } from '../support/api-types.js';
import { call, expectStatus } from '../support/http.js';
import {
  abandonablePoll,
  answerOf,
  disconnects,
  jtisOf,
  NOW,
  pollStream as pollStreamOf,
  waits,
} from '../support/polling.js';
import { makeDue, makeVisible } from '../support/queue.js';
import { POLL, PUSH } from '../support/receiver-client.js';
import { connect, createReceiverApi, createToken, startReceiver } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

const pollStream = (members?: Partial<NewApplication>) => pollStreamOf(transmitter, members);

describe('a poll stream', () => {
  it('is what a create request without delivery makes, with a URL of its own', async () => {
    const { api } = await pollStream();

    const [first, second] = [await api.createdStream({}), await api.createdStream({})];

    expect(first.delivery.method).toBe(POLL);
    expect(first.delivery.endpoint_url).not.toBe(second.delivery.endpoint_url);
  });

  it('gives signed SETs by their jti', async () => {
    const { api, stream, provider, record } = await pollStream();
    await record(1);

    const answer = await api.poll(stream, NOW);

    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const [[jti, set] = ['', '']] = Object.entries(answerOf(answer).sets);
    expect(decodeJwt(set)).toMatchObject({ jti, iss: provider.issuer, aud: stream.aud });
    expect(decodeProtectedHeader(set).typ).toBe('secevent+jwt');
  });

  it('answers an empty object when there is nothing', async () => {
    const { api, stream } = await pollStream();

    expect(answerOf(await api.poll(stream, NOW))).toEqual({ sets: {} });
  });

  it('returns at most maxEvents, oldest first, and says that there is more', async () => {
    const { api, stream, record } = await pollStream();
    await record(3);

    const first = answerOf(await api.poll(stream, { ...NOW, maxEvents: 2 }));
    const second = answerOf(await api.poll(stream, { ...NOW, maxEvents: 2 }));

    expect(Object.keys(first.sets)).toHaveLength(2);
    expect(first.moreAvailable).toBe(true);
    expect(Object.keys(second.sets)).toHaveLength(1);
    expect(second).not.toHaveProperty('moreAvailable');
    const subjects = [first, second].flatMap(({ sets }) =>
      Object.values(sets).map((set) => (decodeJwt(set).sub_id as { sub: string }).sub),
    );
    expect(subjects).toEqual(['user-0', 'user-1', 'user-2']);
  });

  it('never returns more than 100 at a time', async () => {
    const { api, stream, record } = await pollStream();
    await record(101);

    const answer = answerOf(await api.poll(stream, NOW));

    expect(Object.keys(answer.sets)).toHaveLength(100);
    expect(answer.moreAvailable).toBe(true);
  });

  it('does not return what is acknowledged in the same request, nor ever again', async () => {
    const { api, stream, record } = await pollStream();
    await record(2);
    const [first = ''] = await jtisOf(api, stream, { ...NOW, maxEvents: 1 });

    const next = await jtisOf(api, stream, { ...NOW, ack: [first] });
    await makeVisible(transmitter, stream.stream_id);
    const later = await jtisOf(api, stream);

    expect(next).not.toContain(first);
    expect(later).toEqual(next);
    expect(await transmitter.admin.set(first)).toMatchObject({
      status: 'delivered',
      attempts: [{ method: 'poll', outcome: 'delivered', attempt: 1 }],
    });
  });

  it('only acknowledges with maxEvents 0', async () => {
    const { api, stream, record } = await pollStream();
    await record(2);
    const [first = ''] = await jtisOf(api, stream, { ...NOW, maxEvents: 1 });

    const answer = answerOf(await api.poll(stream, { ...NOW, maxEvents: 0, ack: [first] }));

    expect(answer).toEqual({ sets: {}, moreAvailable: true });
    expect((await transmitter.admin.set(first)).status).toBe('delivered');
  });

  it('takes a SET that setErrs names as rejected, with its code, even when ack names it too', async () => {
    const { api, stream, record } = await pollStream();
    await record(1);
    const [jti = ''] = await jtisOf(api, stream);

    const answer = await api.poll(
      stream,
      { ...NOW, ack: [jti], setErrs: { [jti]: { err: 'invalid_audience', description: 'not for us' } } },
      { headers: { 'content-language': 'en' } },
    );

    expect(answerOf(answer)).toEqual({ sets: {} });
    expect(await transmitter.admin.set(jti)).toMatchObject({
      status: 'rejected',
      reason: 'invalid_audience',
      attempts: [{ description: 'not for us' }],
    });
  });

  it('ignores jtis that are unknown, no jtis at all, or of another stream', async () => {
    const one = await pollStream();
    const other = await one.api.createdStream({});
    await one.record(1);
    const [jti = ''] = await jtisOf(one.api, one.stream);

    const ack = [jti, 'nonsense', '01a1ffad-b397-7000-8000-02731b88c95d'];
    expect((await one.api.poll(other, { ...NOW, ack })).status).toBe(200);

    expect((await transmitter.admin.set(jti)).status).toBe('pending');
  });

  it('gives a SET that is not acknowledged again, and never to two polls at once', async () => {
    const { api, stream, record } = await pollStream();
    await record(20);

    const polls = await Promise.all([1, 2, 3, 4].map(() => jtisOf(api, stream, { ...NOW, maxEvents: 5 })));
    const hidden = await jtisOf(api, stream);
    await makeVisible(transmitter, stream.stream_id);
    const again = await jtisOf(api, stream);

    expect(new Set(polls.flat()).size).toBe(polls.flat().length);
    expect(hidden.length + polls.flat().length).toBe(20);
    expect(new Set(again)).toEqual(new Set([...polls.flat(), ...hidden]));
  });

  it('holds a long poll until there is a SET', async () => {
    const { api, stream, record } = await pollStream();
    const held = jtisOf(api, stream, {});
    await waits(transmitter, stream);

    await record(1);

    expect(await held).toHaveLength(1);
  });

  it('answers a long poll whose stream is deleted, and later ones with 404', async () => {
    const { api, stream } = await pollStream();
    const held = api.poll(stream, {});
    await waits(transmitter, stream);

    expect((await api.deleteStream(stream.stream_id)).status).toBe(204);

    expect(answerOf(await held)).toEqual({ sets: {} });
    expect((await api.poll(stream, NOW)).status).toBe(404);
  });

  it('waits with maxEvents 0 too, and answers that there is something; what it acknowledges counts at once', async () => {
    const { api, stream, record } = await pollStream();
    await record(1);
    const [first = ''] = await jtisOf(api, stream);

    const held = api.poll(stream, { maxEvents: 0, ack: [first] });
    await waits(transmitter, stream);
    const acknowledged = await transmitter.admin.set(first);
    await record(1);

    expect(acknowledged.status).toBe('delivered');
    expect(answerOf(await held)).toEqual({ sets: {}, moreAvailable: true });
    expect(await jtisOf(api, stream)).toHaveLength(1);
  });

  it('gives a SET to one of several long polls, and the next one to the next', async () => {
    const { api, stream, record } = await pollStream();
    const held = [jtisOf(api, stream, {}), jtisOf(api, stream, {})];
    await waits(transmitter, stream, 2);

    await record(1);
    const first = await Promise.race(held);
    await record(1);

    const answers = await Promise.all(held);
    expect(answers.map((jtis) => jtis.length)).toEqual([1, 1]);
    expect(new Set(answers.flat()).size).toBe(2);
    expect(answers).toContainEqual(first);
  });

  it('answers a poll that does not wait, although another one does', async () => {
    const { api, stream, record } = await pollStream();
    const held = jtisOf(api, stream, {});
    await waits(transmitter, stream);

    const answers = await Promise.all([1, 2, 3].map(() => jtisOf(api, stream)));
    await record(1);

    expect(answers).toEqual([[], [], []]);
    expect(await held).toHaveLength(1);
  });

  it('hands nothing out to a client that went away while it waited', async () => {
    const { api, stream, record } = await pollStream();
    const left = abandonablePoll(api, stream, {});
    await waits(transmitter, stream);
    const stays = jtisOf(api, stream, {});
    await waits(transmitter, stream, 2);

    left.abandon();
    expect(await left.ended).toBe('abandoned');
    await disconnects(transmitter, stream);
    await record(1);

    expect(await stays).toHaveLength(1);
  });

  it('takes back at once what a client did not wait for', async () => {
    const { api, stream, record } = await pollStream();
    await record(1);
    // what was handed out before is read from the table
    await jtisOf(api, stream, NOW);
    await transmitter.database.query('update ssf.delivery set next_at = null');
    const unlock = await transmitter.database.lock('ssf.security_event_token');
    const left = abandonablePoll(api, stream, NOW);
    await until('the poll is half way', () => transmitter.database.hasWaiting());

    left.abandon();
    await disconnects(transmitter, stream);
    await unlock();

    const [jti = ''] = await jtisOf(api, stream, {});
    await api.poll(stream, { ...NOW, ack: [jti] });
    expect(await transmitter.admin.set(jti)).toMatchObject({ attempts: [{ attempt: 2 }] });
  });

  it('is told of the same SETs by several requests at once, in any order', async () => {
    const { api, stream, record } = await pollStream();
    await record(100);
    const jtis = await jtisOf(api, stream);

    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        api.poll(stream, { ...NOW, ack: index % 2 === 0 ? jtis : jtis.toReversed() }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const attempts = await transmitter.database.query(
      `select from ssf.attempt where stream_id = $1 and outcome = 'delivered'`,
      [stream.stream_id],
    );
    expect(attempts).toHaveLength(100);
  });

  it.each([
    ['a body that is no object', []],
    ['a negative maxEvents', { maxEvents: -1 }],
    ['a maxEvents that is no integer', { maxEvents: 1.5 }],
    ['a maxEvents that is a string', { maxEvents: '1' }],
    ['an ack that is no array', { ack: 'x' }],
    ['an ack of numbers', { ack: [1] }],
    ['setErrs that are no object', { setErrs: [] }],
    ['a returnImmediately that is no boolean', { returnImmediately: 1 }],
  ])('refuses %s with 400', async (_, body) => {
    const { api, stream } = await pollStream();

    expect((await api.poll(stream, body)).status).toBe(400);
  });

  it('takes POST only', async () => {
    const { api, stream } = await pollStream();

    const answer = await call(stream.delivery.endpoint_url, { token: api.token });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('may be polled with ssf.read, by its own application only', async () => {
    const { api, application, stream, provider } = await pollStream();
    const reader = await createToken(transmitter, application, ['ssf.read']);
    const stranger = await createReceiverApi(transmitter, provider);

    expect((await api.poll(stream, NOW, { token: reader })).status).toBe(200);
    expect((await stranger.api.poll(stream, NOW)).status).toBe(404);
    expect((await api.poll(stream, NOW, { token: 'ssf_wrong' })).status).toBe(401);
  });

  it('sends a verification event like any SET', async () => {
    const { api, stream } = await pollStream();
    await api.verify({ stream_id: stream.stream_id, state: 'x y' });

    const { sets } = answerOf(await api.poll(stream, {}));

    const [set = ''] = Object.values(sets);
    expect(decodeJwt(set).events).toEqual({
      'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: 'x y' },
    });
  });
});

describe('a SET that is handed out again', () => {
  it('is the same bytes, which an administrator can see until it is acknowledged', async () => {
    const { api, stream, record, provider } = await pollStream();
    await record(2);
    const { sets } = answerOf(await api.poll(stream, NOW));
    const [jti = ''] = Object.keys(sets);
    await makeVisible(transmitter, stream.stream_id);

    const again = answerOf(await api.poll(stream, NOW));
    const pending = await transmitter.admin.set(jti);
    await api.poll(stream, { ...NOW, ack: [jti] });

    // ES256 never gives the same signature twice
    expect(provider.signingAlgorithm).toBe('ES256');
    expect(again.sets).toEqual(sets);
    expect(pending.signed).toBe(sets[jti]);
    expect((await transmitter.admin.set(jti)).signed).toBeNull();
  });
});

describe('swapping push and poll', () => {
  it('keeps what is queued, with its jti', async () => {
    const { api, stream, receiver, provider, signal } = await connect(transmitter);
    receiver.behave({ status: 503 });
    const id = await transmitter.admin.record(signal());
    const pushed = await receiver.next();
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'backs off',
      ({ health }) => health.retryAt !== null,
    );

    const polled = expectStatus(
      await api.patchStream({ stream_id: stream.stream_id, delivery: { method: POLL } }),
      200,
    ).json<StreamConfiguration>();
    const jtis = await jtisOf(api, polled, {});
    const back = await startReceiver();
    back.believe({
      configurationUrl: provider.configurationUrl,
      issuer: provider.issuer,
      audience: stream.aud,
    });
    expectStatus(
      await api.patchStream({
        stream_id: stream.stream_id,
        delivery: { method: PUSH, endpoint_url: back.url },
      }),
      200,
    );
    await makeVisible(transmitter, stream.stream_id);
    await makeDue(transmitter, stream.stream_id);

    expect(jtis).toEqual([pushed.claims.jti]);
    expect((await back.next()).claims.jti).toBe(pushed.claims.jti);
    const { outcomes } = await transmitter.admin.fannedOut(id);
    expect(outcomes).toEqual([{ streamId: stream.stream_id, jti: pushed.claims.jti }]);
  });
});
