import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import type { StreamConfiguration } from '../support/api-types.js';
import { PUSH } from '../support/receiver-client.js';
import { createProvider, createReceiverApi, sessionRevoked, startReceiver } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

describe('a stream that an administrator creates', () => {
  it('is found by its receiver and delivers', async () => {
    const provider = await createProvider(transmitter);
    const { application, api } = await createReceiverApi(transmitter, provider);
    const receiver = await startReceiver();
    receiver.believe({ ...provider, audience: application.audience });

    const created = await taken(
      transmitter.admin.api.POST('/api/v1/streams', {
        body: {
          applicationId: application.id,
          delivery: { method: PUSH, endpoint_url: receiver.url, authorization_header: 'Bearer rx' },
          description: 'provisioned',
        },
      }),
    );

    expect(created).toMatchObject({
      managedBy: 'administrator',
      deliveryMethod: 'push',
      description: 'provisioned',
    });
    const [found] = (await api.readStreams()).json<StreamConfiguration[]>();
    expect(found).toMatchObject({ stream_id: created.id, description: 'provisioned' });
    await transmitter.admin.record(sessionRevoked(provider));
    expect((await receiver.next()).headers.authorization).toBe('Bearer rx');
  });

  it.each([
    ['applicationId', {}],
    ['applicationId', { applicationId: '01a1ffad-b397-7000-8000-02731b88c95d' }],
    ['status', { status: 'paused' }],
    ['delivery.endpoint_url', { delivery: { method: PUSH, endpoint_url: 'http://10.0.0.1/' } }],
  ])('is refused with a problem that names %s', async (member, members) => {
    const provider = await createProvider(transmitter);
    const { application, api } = await createReceiverApi(transmitter, provider);
    const body = member === 'applicationId' ? members : { applicationId: application.id, ...members };

    const answer = await transmitter.admin.call('/streams', { body });

    expect(answer.status).toBe(400);
    expect(answer.json<{ errors: { member: string }[] }>().errors).toMatchObject([{ member }]);
    expect((await api.readStreams()).json()).toEqual([]);
  });
});
