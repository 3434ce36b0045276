import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamConfiguration } from '../support/api-types.js';
import { POLL, PUSH } from '../support/receiver-client.js';
import {
  connect,
  createProvider,
  createReceiverApi,
  sessionRevoked,
  signals,
  startReceiver,
  userNumber,
} from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
const ENDPOINT = 'http://127.0.0.1:9/in';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

async function receiverApi(application: object = {}) {
  return createReceiverApi(transmitter, await createProvider(transmitter), {
    verifyOnCreate: false,
    ...application,
  });
}

function push(members: object = {}): object {
  return { delivery: { method: PUSH, endpoint_url: ENDPOINT }, ...members };
}

describe('creating a stream', () => {
  it('answers 201 with the whole configuration', async () => {
    const { api, application } = await receiverApi();
    const requested = [SESSION_REVOKED, CREDENTIAL_CHANGE];

    const answer = await api.createStream(push({ events_requested: requested, description: 'Production' }));

    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const stream = answer.json<StreamConfiguration>();
    expect(stream).toEqual({
      stream_id: stream.stream_id,
      iss: api.metadata.issuer,
      aud: application.audience[0],
      delivery: { method: PUSH, endpoint_url: ENDPOINT },
      events_supported: expect.arrayContaining(requested) as unknown,
      events_requested: requested,
      events_delivered: requested,
      min_verification_interval: expect.any(Number) as number,
      description: 'Production',
    });
    expect(stream.stream_id).toMatch(/^[\w.~-]+$/);
    expect((await api.readStatus(stream.stream_id)).json()).toEqual({
      stream_id: stream.stream_id,
      status: 'enabled',
    });
  });

  it('never gives the authorization_header back', async () => {
    const { api } = await receiverApi();
    const delivery = { method: PUSH, endpoint_url: ENDPOINT, authorization_header: 'Bearer s3cret-of-mine' };

    const created = await api.createStream({ delivery });
    const id = created.json<StreamConfiguration>().stream_id;
    const answers = [
      created,
      await api.readStream(id),
      await api.readStreams(),
      await transmitter.admin.call(`/streams/${id}`),
      await transmitter.admin.call('/streams'),
    ];

    for (const { text } of answers) {
      expect(text).not.toContain('s3cret-of-mine');
      expect(text).not.toContain('authorization');
    }
  });

  it('delivers everything supported when no events are requested, and says nothing of a request', async () => {
    const { api } = await receiverApi();

    const stream = await api.createdStream(push());

    expect(stream).not.toHaveProperty('events_requested');
    expect(stream).not.toHaveProperty('description');
    expect(stream.events_delivered).toEqual(stream.events_supported);
    expect(stream.events_delivered.length).toBeGreaterThan(10);
  });

  it('delivers nothing when an empty list is requested', async () => {
    const { api } = await receiverApi();

    const stream = await api.createdStream(push({ events_requested: [] }));

    expect(stream.events_requested).toEqual([]);
    expect(stream.events_delivered).toEqual([]);
  });

  it('echoes unknown events and duplicates, and delivers what is known once', async () => {
    const { api } = await receiverApi();
    const requested = [SESSION_REVOKED, 'urn:acme:unknown', SESSION_REVOKED];

    const stream = await api.createdStream(push({ events_requested: requested }));

    expect(stream.events_requested).toEqual(requested);
    expect(stream.events_delivered).toEqual([SESSION_REVOKED]);
    expect(stream.events_supported).not.toContain('urn:acme:unknown');
  });

  it('supports what the application may have', async () => {
    const { api } = await receiverApi({ allowedEvents: [CREDENTIAL_CHANGE] });

    const stream = await api.createdStream(push({ events_requested: [SESSION_REVOKED, CREDENTIAL_CHANGE] }));

    expect(stream.events_supported).toEqual([CREDENTIAL_CHANGE]);
    expect(stream.events_delivered).toEqual([CREDENTIAL_CHANGE]);
  });

  it('ignores the members that the transmitter supplies, and unknown ones', async () => {
    const { api, application } = await receiverApi();

    const stream = await api.createdStream(
      push({
        stream_id: 'mine',
        iss: 'https://evil.test',
        aud: 'https://evil.test',
        events_delivered: [],
        events_supported: ['urn:x'],
        min_verification_interval: 1,
        status: 'disabled',
        format: 'email',
        colour: 'red',
      }),
    );

    expect(stream.stream_id).not.toBe('mine');
    expect(stream.iss).toBe(api.metadata.issuer);
    expect(stream.aud).toBe(application.audience[0]);
    expect(stream.events_delivered.length).toBeGreaterThan(0);
    for (const member of ['status', 'format', 'colour']) expect(stream).not.toHaveProperty(member);
  });

  it('takes an audience that the application may have', async () => {
    const audience = ['https://one.test', 'https://two.test'];
    const { api } = await receiverApi({ audience });

    const stream = await api.createdStream(push({ aud: 'https://two.test' }));

    expect(stream.aud).toBe('https://two.test');
  });

  it('reads a description of 255 characters back as it was', async () => {
    const { api } = await receiverApi();
    const description = `${'Beschreibung '.repeat(19)}漢字 😀`;

    const stream = await api.createdStream(push({ description }));

    expect(stream.description).toBe(description);
  });

  it('gives as many streams as the application may have, then 409', async () => {
    const { api } = await receiverApi({ maxStreams: 2 });
    await api.createdStream(push());
    const second = await api.createdStream(push());

    const third = await api.createStream(push());
    await api.deleteStream(second.stream_id);

    expect(third.status).toBe(409);
    expect(third.json()).toMatchObject({ err: 'conflict' });
    expect((await api.createStream(push())).status).toBe(201);
  });

  it('gives no more than that when many are asked for at once', async () => {
    const { api } = await receiverApi({ maxStreams: 3 });

    const answers = await Promise.all(Array.from({ length: 8 }, () => api.createStream(push())));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  });

  it('is refused for a delivery method that the application may not have', async () => {
    const { api } = await receiverApi({ allowedDeliveryMethods: ['push'] });

    const answer = await api.createStream({ delivery: { method: POLL } });

    expect(answer.status).toBe(400);
    expect(answer.json<{ description: string }>().description).toContain('delivery.method:');
  });
});

describe('the list of push URLs that an application may name', () => {
  const pushUrlAllowList = ['http://127.0.0.1:9/exact', 'http://127.0.0.1:9/prefix/*'];

  it.each(['http://127.0.0.1:9/exact', 'http://127.0.0.1:9/prefix/', 'http://127.0.0.1:9/prefix/a/b?c=d'])(
    'lets %s pass',
    async (url) => {
      const { api } = await receiverApi({ pushUrlAllowList });

      const answer = await api.createStream({ delivery: { method: PUSH, endpoint_url: url } });

      expect(answer.status).toBe(201);
    },
  );

  it.each([
    'http://127.0.0.1:9/exact/more',
    'http://127.0.0.1:9/exact?x',
    'http://127.0.0.1:9/other',
    'http://127.0.0.1:99/exact',
    'http://127.0.0.1:9/prefix/../other',
    'http://127.0.0.1:9/prefix/%2e%2e/other',
    'http://127.0.0.1:9/prefix',
  ])('refuses %s', async (url) => {
    const { api } = await receiverApi({ pushUrlAllowList });

    const answer = await api.createStream({ delivery: { method: PUSH, endpoint_url: url } });

    expect(answer.status).toBe(400);
    expect(answer.json<{ description: string }>().description).toContain('delivery.endpoint_url:');
  });

  it('refuses every URL when it is empty', async () => {
    const { api } = await receiverApi({ pushUrlAllowList: [] });

    expect((await api.createStream(push())).status).toBe(400);
  });
});

describe('reading streams', () => {
  it('gives one with its id, and all of the receiver without', async () => {
    const { api } = await receiverApi();
    const [one, two] = [await api.createdStream(push()), await api.createdStream(push())];

    const single = await api.readStream(two.stream_id);
    const all = await api.readStreams();

    expect(single.json()).toEqual(two);
    expect(single.headers.get('cache-control')).toBe('no-store');
    expect(all.json()).toEqual([one, two]);
    expect(all.headers.get('cache-control')).toBe('no-store');
  });

  it('gives a list of one for one, and an empty list for none', async () => {
    const { api } = await receiverApi();

    const none = await api.readStreams();
    const stream = await api.createdStream(push());

    expect(none.status).toBe(200);
    expect(none.json()).toEqual([]);
    expect((await api.readStreams()).json()).toEqual([stream]);
  });

  it('is possible for an administrator, with its health', async () => {
    const { api, application } = await receiverApi();
    const { stream_id: id } = await api.createdStream(push({ description: 'Production' }));

    expect(await transmitter.admin.stream(id)).toMatchObject({
      id,
      providerId: application.providerId,
      applicationId: application.id,
      managedBy: 'receiver',
      status: 'enabled',
      statusReason: null,
      deliveryMethod: 'push',
      endpointUrl: ENDPOINT,
      audience: application.audience,
      eventsRequested: null,
      description: 'Production',
      health: {
        pendingCount: 0,
        oldestPendingAt: null,
        lastSuccessAt: null,
        lastFailureAt: null,
        lastError: null,
        consecutiveFailures: 0,
        retryAt: null,
      },
    });
  });
});

describe('deleting a stream', () => {
  it('answers 204, and from then on 404', async () => {
    const { api } = await receiverApi();
    const { stream_id: id } = await api.createdStream(push());

    // many clients send the header with every request
    const deleted = await api.deleteStream(id, { headers: { 'content-type': 'application/json' } });

    expect(deleted.status).toBe(204);
    expect(deleted.text).toBe('');
    expect(deleted.headers.get('cache-control')).toBe('no-store');
    const later = [
      await api.deleteStream(id),
      await api.readStream(id),
      await api.readStatus(id),
      await api.verify({ stream_id: id }),
    ];
    expect(later.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await api.readStreams()).json()).toEqual([]);
  });

  it('drops what waits, with the reason, and sends nothing more', async () => {
    const { api, stream, receiver, signal } = await connect(transmitter);
    receiver.behave({ status: 503 });
    await transmitter.admin.recordAll(signals(20, signal, userNumber));
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'backs off',
      ({ health }) => health.consecutiveFailures > 0 && health.pendingCount === 20,
    );
    const sent = receiver.received.length;

    await api.deleteStream(stream.stream_id);

    const sets = await transmitter.admin.sets({ streamId: stream.stream_id });
    expect(sets).toHaveLength(20);
    expect(new Set(sets.map(({ status, reason }) => `${status} ${reason}`))).toEqual(
      new Set(['dropped stream_deleted']),
    );
    const { attempts } = await transmitter.admin.set(sets.at(-1)?.jti ?? '');
    expect(attempts.at(-1)).toMatchObject({ method: 'none', outcome: 'dropped', err: 'stream_deleted' });
    expect(receiver.received).toHaveLength(sent);
  });

  it('lets what is under way end, and sends nothing after it', async () => {
    const { api, stream, receiver, signal, provider } = await connect(transmitter);
    const release = receiver.hold();
    await transmitter.admin.recordAll(signals(5, signal, () => ({})));
    await receiver.next();

    await api.deleteStream(stream.stream_id);
    // when another stream is through, the transmitter has looked at its queues again
    const witness = await connect(transmitter, { to: provider });
    await transmitter.admin.record(signal());
    await witness.receiver.next();
    release();
    await until('the request to end', () => receiver.inFlight === 0);
    await transmitter.admin.record(signal({ txn: 'last' }));
    await witness.receiver.next(({ claims }) => claims.txn === 'last');

    expect(receiver.received).toHaveLength(1);
    expect(await transmitter.admin.sets({ streamId: stream.stream_id, status: 'pending' })).toEqual([]);
  });

  it('makes later signals ignore it', async () => {
    const { api, stream, provider } = await connect(transmitter);
    await api.deleteStream(stream.stream_id);

    const signalId = await transmitter.admin.record(sessionRevoked(provider));

    expect((await transmitter.admin.fannedOut(signalId)).outcomes).toEqual([]);
  });

  it('is possible for an administrator', async () => {
    const { api, stream } = await connect(transmitter);

    await transmitter.admin.delete(`/streams/${stream.stream_id}`);

    expect((await api.readStream(stream.stream_id)).status).toBe(404);
  });

  it('happens with its provider, whose tokens and documents go too', async () => {
    const { api, provider, stream, receiver, signal } = await connect(transmitter);
    receiver.behave({ status: 503 });
    await transmitter.admin.record(signal());
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'backs off',
      ({ health }) => health.consecutiveFailures > 0,
    );

    await transmitter.admin.deleteAll(`/providers/${provider.id}`);

    expect((await api.readStreams()).status).toBe(401);
    expect((await fetch(provider.configurationUrl)).status).toBe(404);
    expect((await fetch(provider.jwksUri)).status).toBe(404);
    const sets = await transmitter.admin.sets({ streamId: stream.stream_id });
    expect(sets).toMatchObject([{ status: 'dropped', reason: 'stream_deleted' }]);
  });
});

describe('a stream of a receiver from before 1.0', () => {
  it('may use the older names, which are echoed', async () => {
    const { api } = await receiverApi({ legacyProfile: true });
    const receiver = await startReceiver();
    const method = 'https://schemas.openid.net/secevent/risc/delivery-method/push';

    const stream = await api.createdStream({
      delivery: { method, endpoint_url: receiver.url },
      aud: 'https://older.test',
      format: 'email',
    });

    expect(stream).toMatchObject({ aud: 'https://older.test', format: 'email', delivery: { method } });
  });
});
