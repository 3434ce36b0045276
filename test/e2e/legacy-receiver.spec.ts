import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, createProvider, createReceiverApi, startReceiver } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { call, expectStatus } from '../support/http.js';
import type { StreamConfiguration } from '../support/api-types.js';

const LEGACY_PUSH = 'https://schemas.openid.net/secevent/risc/delivery-method/push';
const LEGACY_POLL = 'https://schemas.openid.net/secevent/risc/delivery-method/poll';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

describe('a receiver from before SSF 1.0', () => {
  it('is spoken to in its own terms: delivery URIs, format and the audience of its choice', async () => {
    const provider = await createProvider(transmitter, { legacyDeliveryUris: true, specVersion: '1_0-ID2' });
    const { api } = await createReceiverApi(transmitter, provider, {
      legacyProfile: true,
      subjectFormat: 'email',
    });
    const receiver = await startReceiver();
    const aud = 'https://federation.receiver.test';
    receiver.believe({ ...provider, audience: aud });

    const stream = await api.createdStream({
      delivery: { method: LEGACY_PUSH, endpoint_url: receiver.url },
      aud,
      format: 'iss_sub',
    });

    expect(api.metadata).toMatchObject({
      spec_version: '1_0-ID2',
      delivery_methods_supported: expect.arrayContaining([LEGACY_PUSH, LEGACY_POLL]) as unknown,
    });
    expect(stream).toMatchObject({ aud, format: 'iss_sub', delivery: { method: LEGACY_PUSH } });
    const subject = { user: { id: 'u-31', email: 'ana@acme.test' } };
    await transmitter.admin.record({ provider: provider.slug, type: 'password.changed', subject });
    const { claims, payload } = await receiver.next();
    expect(claims).toMatchObject({ aud, sub_id: { format: 'email', email: 'ana@acme.test' } });
    expect(payload).toMatchObject({ subject: { user: claims.sub_id } });

    const polled = expectStatus(
      await api.patchStream({ stream_id: stream.stream_id, delivery: { method: LEGACY_POLL } }),
      200,
    ).json<StreamConfiguration>();
    expect(polled.delivery.method).toBe(LEGACY_POLL);
    expect((await api.poll(polled, { returnImmediately: true })).status).toBe(200);
  });

  it('has none of that without the legacy profile', async () => {
    const { api, receiver, signal, stream } = await connect(transmitter, {
      stream: { aud: ['https://mine.test'], format: 'x' },
    });
    const { status_endpoint: status, configuration_endpoint: streams } = api.metadata;

    const answer = await api.createStream({ delivery: { method: LEGACY_PUSH, endpoint_url: receiver.url } });

    expect(answer.status).toBe(400);
    expect(stream.aud).not.toBe('https://mine.test');
    expect(stream).not.toHaveProperty('format');
    expect((await call(status, { token: api.token })).status).toBe(400);
    expect((await api.verify({})).status).toBe(400);
    expect((await call(streams, { token: api.token, method: 'DELETE' })).status).toBe(400);
    expect((await api.readStreams()).json()).toEqual([stream]);
    await transmitter.admin.record(signal());
    expect((await receiver.next()).payload).not.toHaveProperty('subject');
  });
});
