import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus } from '../support/http.js';
import { POLL, PUSH } from '../support/receiver-client.js';
import {
  connect,
  createReceiverApi,
  createProvider,
  sessionRevoked,
  signals,
  startReceiver,
  userNumber,
} from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const STREAM_UPDATED = 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated';
const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

function byAdministrator(streamId: string, status: string, reason?: string) {
  return transmitter.admin.call(`/streams/${streamId}/status`, {
    body: { status, ...(reason && { reason }) },
  });
}

describe('the status endpoint', () => {
  it('answers the new status with its reason, and reads it back', async () => {
    const { api, stream } = await connect(transmitter);
    const body = { stream_id: stream.stream_id, status: 'paused', reason: 'maintenance' };

    const answer = await api.setStatus(body);

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual(body);
    expect((await api.readStatus(stream.stream_id)).json()).toEqual(body);
  });

  it('clears the reason with a change that has none, and takes the present status again', async () => {
    const { api, stream } = await connect(transmitter);
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused', reason: 'maintenance' });

    const answer = await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ stream_id: stream.stream_id, status: 'paused' });
  });

  it.each([
    ['no status', {}],
    ['an unknown status', { status: 'stopped' }],
    ['a status in upper case', { status: 'PAUSED' }],
    ['a reason that is no string', { status: 'paused', reason: { en: 'x' } }],
    ['a stream_id that is no string', { status: 'paused', stream_id: 7 }],
  ])('refuses %s with 400 and changes nothing', async (_, members) => {
    const { api, stream } = await connect(transmitter);

    const answer = await api.setStatus({ stream_id: stream.stream_id, ...members });

    expect(answer.status).toBe(400);
    expect((await api.readStatus(stream.stream_id)).json()).toMatchObject({ status: 'enabled' });
  });

  it("answers 404 for another receiver's stream", async () => {
    const { stream } = await connect(transmitter);
    const stranger = await createReceiverApi(transmitter, await createProvider(transmitter));

    const answer = await stranger.api.setStatus({ stream_id: stream.stream_id, status: 'disabled' });

    expect(answer.status).toBe(404);
  });
});

describe('a paused stream', () => {
  it('holds what comes and sends it in order when it is enabled again, without a word on what the receiver asked', async () => {
    const { api, stream, receiver, signal } = await connect(transmitter);
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });
    const ids = signals(5, signal, (index) => ({ txn: `op-${index}` }));
    const recorded = await transmitter.admin.recordAll(ids);
    const { outcomes } = await transmitter.admin.fannedOut(recorded[4]?.id ?? '');
    const [held] = outcomes;
    expect(await transmitter.admin.setWithStatus(held?.jti ?? '', 'held')).toMatchObject({ attempts: [] });
    expect(receiver.received).toEqual([]);

    await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });

    const received = await receiver.atLeast(5);
    expect(received.map(({ claims }) => claims.txn)).toEqual(['op-0', 'op-1', 'op-2', 'op-3', 'op-4']);
    expect(received.every(({ eventType }) => eventType === SESSION_REVOKED)).toBe(true);
  });

  it('holds a verification event too', async () => {
    const { api, stream, receiver } = await connect(transmitter);
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });

    expect((await api.verify({ stream_id: stream.stream_id, state: 'later' })).status).toBe(204);
    await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });

    expect(await receiver.next()).toMatchObject({ eventType: VERIFICATION, payload: { state: 'later' } });
  });
});

describe('a disabled stream', () => {
  it('drops what waits and what comes, with the reason', async () => {
    const { api, stream, receiver, signal } = await connect(transmitter);
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });
    const waiting = await transmitter.admin.fannedOut(await transmitter.admin.record(signal()));

    await api.setStatus({ stream_id: stream.stream_id, status: 'disabled' });
    const later = await transmitter.admin.fannedOut(await transmitter.admin.record(signal()));

    expect(await transmitter.admin.set(waiting.outcomes[0]?.jti ?? '')).toMatchObject({
      status: 'dropped',
      reason: 'status_disabled',
    });
    expect(later.outcomes).toEqual([{ streamId: stream.stream_id, reason: 'status_disabled' }]);
    await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });
    await transmitter.admin.record(signal({ txn: 'afterwards' }));
    expect((await receiver.next()).claims.txn).toBe('afterwards');
  });
});

describe("an administrator's change", () => {
  it('tells a push receiver before the stream stops', async () => {
    const { stream, receiver, signal } = await connect(transmitter);

    const answer = await byAdministrator(stream.stream_id, 'paused', 'maintenance');
    await transmitter.admin.record(signal());

    expect(expectStatus(answer, 200).json()).toMatchObject({ status: 'paused', statusReason: 'maintenance' });
    const set = await receiver.next();
    expect(set).toMatchObject({
      eventType: STREAM_UPDATED,
      payload: { status: 'paused', reason: 'maintenance' },
    });
    expect(set.claims.sub_id).toEqual({ format: 'opaque', id: stream.stream_id });
  });

  it('tells it on enabling again before what was held', async () => {
    const { stream, receiver, signal } = await connect(transmitter);
    await byAdministrator(stream.stream_id, 'paused');
    await receiver.next();
    await transmitter.admin.recordAll(signals(20, signal, userNumber));

    await byAdministrator(stream.stream_id, 'enabled');

    const [, enabled, ...held] = await receiver.atLeast(22);
    expect(enabled).toMatchObject({ eventType: STREAM_UPDATED, payload: { status: 'enabled' } });
    expect(held.every(({ eventType }) => eventType === SESSION_REVOKED)).toBe(true);
  });

  it('tells a receiver that is down when it is up again, all changes in order', async () => {
    const { stream, receiver } = await connect(transmitter);
    const release = receiver.hold();
    await byAdministrator(stream.stream_id, 'paused');
    await byAdministrator(stream.stream_id, 'disabled');
    await byAdministrator(stream.stream_id, 'enabled');

    release();

    const updates = await receiver.atLeast(3);
    expect(updates.map(({ payload }) => payload.status)).toEqual(['paused', 'disabled', 'enabled']);
  });

  it('says nothing when the status stays', async () => {
    const { stream, receiver, signal } = await connect(transmitter);

    await byAdministrator(stream.stream_id, 'enabled');
    await transmitter.admin.record(signal());

    expect((await receiver.next()).eventType).toBe(SESSION_REVOKED);
  });

  it('stays to be fetched by a poll receiver, the only thing that a paused stream gives', async () => {
    const provider = await createProvider(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    const stream = await api.createdStream({ delivery: { method: POLL } });
    await transmitter.admin.fannedOut(await transmitter.admin.record(sessionRevoked(provider)));
    await byAdministrator(stream.stream_id, 'paused', 'maintenance');

    const answer = await api.poll(stream, { returnImmediately: true });
    const { sets } = expectStatus(answer, 200).json<{ sets: Record<string, string> }>();
    const [set = '', ...others] = Object.values(sets);
    expect(others).toEqual([]);
    expect(decodeJwt(set).events).toEqual({ [STREAM_UPDATED]: { status: 'paused', reason: 'maintenance' } });

    const again = await api.poll(stream, { returnImmediately: true, ack: Object.keys(sets) });
    expect(again.json()).toEqual({ sets: {} });
  });

  it('refuses an unknown status and an unknown stream', async () => {
    const { stream } = await connect(transmitter);

    expect((await byAdministrator(stream.stream_id, 'off')).status).toBe(400);
    expect((await byAdministrator('01a1ffad-b397-7000-8000-02731b88c95d', 'paused')).status).toBe(404);
  });
});

describe('what an administrator set', () => {
  it('stays when it is disabled, whatever the receiver asks', async () => {
    const { api, stream } = await connect(transmitter);
    const { stream_id: id } = stream;
    await byAdministrator(id, 'disabled', 'leaked events');

    const refused = [
      await api.setStatus({ stream_id: id, status: 'enabled' }),
      await api.setStatus({ stream_id: id, status: 'paused' }),
    ];
    const same = await api.setStatus({ stream_id: id, status: 'disabled', reason: 'of my own' });

    expect(refused.map(({ status }) => status)).toEqual([403, 403]);
    expect(refused[0]?.json()).toMatchObject({ err: 'forbidden' });
    expect(same.status).toBe(200);
    expect(same.json()).toEqual({ stream_id: id, status: 'disabled', reason: 'leaked events' });
    expect(await transmitter.admin.stream(id)).toMatchObject({ status: 'disabled', statusLocked: true });
  });

  it('is the receiver’s again once an administrator enabled it', async () => {
    const { api, stream } = await connect(transmitter);
    const { stream_id: id } = stream;
    await byAdministrator(id, 'disabled');
    await byAdministrator(id, 'enabled');

    expect((await api.setStatus({ stream_id: id, status: 'disabled' })).status).toBe(200);
    expect((await api.setStatus({ stream_id: id, status: 'enabled' })).status).toBe(200);
  });

  it.each([
    ['a pause', { status: 'paused' }, 200],
    ['a pause that is locked', { status: 'paused', locked: true }, 403],
    ['a disabled stream that is not locked', { status: 'disabled', locked: false }, 200],
  ])('%s may be lifted by the receiver, or not', async (_, body, status) => {
    const { api, stream } = await connect(transmitter);
    await transmitter.admin.call(`/streams/${stream.stream_id}/status`, { body });

    expect((await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' })).status).toBe(status);
  });

  it('is locked by a second change to the same status, too', async () => {
    const { api, stream } = await connect(transmitter);
    const { stream_id: id } = stream;
    await api.setStatus({ stream_id: id, status: 'paused' });

    await transmitter.admin.call(`/streams/${id}/status`, { body: { status: 'paused', locked: true } });

    expect((await api.setStatus({ stream_id: id, status: 'enabled' })).status).toBe(403);
  });
});

describe('a change while the receiver moves', () => {
  it('sends what is in flight and the rest to the new endpoint', async () => {
    const { api, stream, receiver, signal, provider } = await connect(transmitter);
    receiver.behave({ status: 503 });
    await transmitter.admin.record(signal());
    await receiver.next();
    const moved = await startReceiver();
    moved.believe({
      configurationUrl: provider.configurationUrl,
      issuer: provider.issuer,
      audience: stream.aud,
    });

    await api.patchStream({
      stream_id: stream.stream_id,
      delivery: { method: PUSH, endpoint_url: moved.url },
    });

    expect((await moved.next()).claims.jti).toBe(receiver.received[0]?.claims.jti);
  });
});
