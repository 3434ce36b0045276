import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamConfiguration } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { POLL, PUSH, type ReceiverClient } from '../support/receiver-client.js';
import { connect, createProvider, createReceiverApi } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
const UNKNOWN = 'https://nobody.test/event';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

async function pushStream(
  members: object = {},
): Promise<{ api: ReceiverClient; stream: StreamConfiguration }> {
  const { api, stream } = await connect(transmitter, {
    stream: { events_requested: [SESSION_REVOKED], description: 'first', ...members },
    delivery: { authorization_header: 'Bearer one' },
  });
  return { api, stream };
}

async function read(api: ReceiverClient, stream: StreamConfiguration): Promise<StreamConfiguration> {
  return expectStatus(await api.readStream(stream.stream_id), 200).json<StreamConfiguration>();
}

describe('PATCH', () => {
  it('changes what is there, keeps what is not, and answers the whole configuration', async () => {
    const { api, stream } = await pushStream();

    const answer = await api.patchStream({ stream_id: stream.stream_id, description: 'second' });

    expect(expectStatus(answer, 200).json()).toEqual({ ...stream, description: 'second' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await read(api, stream)).toEqual({ ...stream, description: 'second' });
  });

  it('echoes unknown event types and delivers the known ones', async () => {
    const { api, stream } = await pushStream();

    const answer = await api.patchStream({
      stream_id: stream.stream_id,
      events_requested: [CREDENTIAL_CHANGE, UNKNOWN],
    });

    expect(answer.json()).toMatchObject({
      events_requested: [CREDENTIAL_CHANGE, UNKNOWN],
      events_delivered: [CREDENTIAL_CHANGE],
    });
  });

  it.each([
    ['iss', { iss: 'https://elsewhere.test' }],
    ['aud', { aud: 'https://elsewhere.test' }],
    ['events_supported', { events_supported: [] }],
    ['events_delivered', { events_delivered: [CREDENTIAL_CHANGE] }],
    ['min_verification_interval', { min_verification_interval: 1 }],
    ['inactivity_timeout', { inactivity_timeout: 1 }],
    ['events_requested', { events_requested: 'all' }],
    ['description', { description: 7 }],
    ['delivery.method', { delivery: { method: 'urn:nothing' } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH } }],
    ['delivery.endpoint_url', { delivery: { method: PUSH, endpoint_url: 'http://10.0.0.1/in' } }],
    ['delivery.endpoint_url', { delivery: { method: POLL, endpoint_url: 'https://elsewhere.test' } }],
  ])('refuses a wrong %s with 400 and changes nothing', async (member, members) => {
    const { api, stream } = await pushStream();

    const answer = await api.patchStream({ stream_id: stream.stream_id, description: 'changed', ...members });

    expect(answer.status).toBe(400);
    expect(answer.json<{ description: string }>().description).toContain(member);
    expect(await read(api, stream)).toEqual(stream);
  });

  it('takes transmitter-supplied members that have their value, arrays in any order', async () => {
    const { api, stream } = await pushStream();

    const answer = await api.patchStream({
      ...stream,
      aud: [stream.aud].flat(),
      events_supported: [...stream.events_supported].reverse(),
    });

    expect(answer.status).toBe(200);
  });

  it('answers 400 without a stream_id, 404 for one that is not ours', async () => {
    const { api } = await pushStream();
    const other = await pushStream();

    expect((await api.patchStream({ description: 'x' })).status).toBe(400);
    expect((await api.patchStream({ stream_id: other.stream.stream_id })).status).toBe(404);
  });

  it.each([
    ['keeps the authorization header with the same URL', {}, 'Bearer one'],
    ['changes the authorization header', { authorization_header: 'Bearer two' }, 'Bearer two'],
    ['removes the authorization header that is empty', { authorization_header: '' }, undefined],
  ])('%s', async (_, members, expected) => {
    const { api, stream, receiver, signal } = await connect(transmitter, {
      delivery: { authorization_header: 'Bearer one' },
    });

    const delivery = { method: PUSH, endpoint_url: receiver.url, ...members };
    expectStatus(await api.patchStream({ stream_id: stream.stream_id, delivery }), 200);
    await transmitter.admin.record(signal());

    expect((await receiver.next()).headers.authorization).toBe(expected);
  });

  it('removes the authorization header with another URL', async () => {
    const { api, stream, receiver, signal } = await connect(transmitter, {
      delivery: { authorization_header: 'Bearer one' },
    });

    const delivery = { method: PUSH, endpoint_url: `${receiver.origin}/other` };
    expectStatus(await api.patchStream({ stream_id: stream.stream_id, delivery }), 200);
    await transmitter.admin.record(signal());

    expect(await receiver.next()).toMatchObject({ path: '/other' });
    expect(receiver.received[0]?.headers.authorization).toBeUndefined();
  });

  it('of many at once leaves one of them, whole', async () => {
    const { api, stream } = await pushStream();
    const changes = [1, 2, 3, 4, 5, 6].map((number) => ({
      stream_id: stream.stream_id,
      description: `change ${number}`,
      events_requested: [`${UNKNOWN}/${number}`],
    }));

    const answers = await Promise.all(changes.map((change) => api.patchStream(change)));

    expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
    const { description, events_requested: requested } = await read(api, stream);
    expect(changes).toContainEqual({ stream_id: stream.stream_id, description, events_requested: requested });
  });
});

describe('PUT', () => {
  it('takes what GET gave, with another events_requested', async () => {
    const { api, stream } = await pushStream();

    const answer = await api.replaceStream({ ...stream, events_requested: [CREDENTIAL_CHANGE] });

    expect(expectStatus(answer, 200).json()).toEqual({
      ...stream,
      events_requested: [CREDENTIAL_CHANGE],
      events_delivered: [CREDENTIAL_CHANGE],
    });
  });

  it('deletes what is absent: no delivery is poll, no events_requested is every event', async () => {
    const { api, stream } = await pushStream();

    const answer = await api.replaceStream({ stream_id: stream.stream_id });

    const replaced = expectStatus(answer, 200).json<StreamConfiguration>();
    expect(replaced).not.toHaveProperty('description');
    expect(replaced).not.toHaveProperty('events_requested');
    expect(replaced.delivery.method).toBe(POLL);
    expect(replaced.delivery.endpoint_url).toContain(stream.stream_id);
    expect(new Set(replaced.events_delivered)).toEqual(new Set(stream.events_supported));
  });

  it('refuses a wrong member with 400 and changes nothing', async () => {
    const { api, stream } = await pushStream();

    const answer = await api.replaceStream({
      ...stream,
      description: undefined,
      iss: 'https://elsewhere.test',
    });

    expect(answer.status).toBe(400);
    expect(await read(api, stream)).toEqual(stream);
  });

  it('needs ssf.manage', async () => {
    const { stream } = await pushStream();
    const { api } = await createReceiverApi(transmitter, await createProvider(transmitter));

    expect((await api.replaceStream(stream, { token: 'ssf_wrong' })).status).toBe(401);
  });
});
