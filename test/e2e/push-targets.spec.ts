import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StreamConfiguration } from '../support/api-types.js';
import type { Answer } from '../support/http.js';
import { PUSH } from '../support/receiver-client.js';
import { createProvider, createReceiverApi } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;

// a production installation: the flag for development is off
beforeAll(async () => {
  transmitter = await startTransmitter({
    insecurePushTargets: undefined,
    pushAllowedCidrs: ['10.20.0.0/16'],
    pushBlockedPorts: [9090],
  });
});

afterAll(() => transmitter.stop());

async function create(endpointUrl: string): Promise<{ status: number; description: string }> {
  const { api } = await createReceiverApi(transmitter, await createProvider(transmitter));
  const answer = await api.createStream({ delivery: { method: PUSH, endpoint_url: endpointUrl } });
  const { description } = answer.json<{ description?: string }>();
  return { status: answer.status, description: description ?? '' };
}

it.each([
  ['http', 'http://93.184.216.34/in'],
  ['loopback', 'https://127.0.0.1/in'],
  ['loopback by name', 'https://localhost/in'],
  ['loopback in another notation', 'https://2130706433/in'],
  ['loopback of IPv6', 'https://[::1]/in'],
  ['loopback as IPv6', 'https://[::ffff:127.0.0.1]/in'],
  ['no address', 'https://0.0.0.0/in'],
  ['a private network', 'https://192.168.1.1/in'],
  ['a private network of which another part is allowed', 'https://10.21.0.1/in'],
  ['a link-local address', 'https://169.254.169.254/latest/meta-data'],
  ['a link-local address of IPv6', 'https://[fe80::1]/in'],
  ['a unique local address of IPv6', 'https://[fd00::1]/in'],
  ['a name that does not resolve', 'https://nowhere.invalid/in'],
  ['a port of the service in a network that is allowed', 'https://10.20.30.40:9090/in'],
])('an endpoint at %s is refused', async (_what, url) => {
  const { status, description } = await create(url);

  expect(status).toBe(400);
  expect(description).toMatch(/^delivery\.endpoint_url: /);
});

it.each([
  ['a public address', 'https://93.184.216.34/in'],
  ['a private address that is allowed', 'https://10.20.30.40:8443/in'],
  ['a public address, on a port that the service has, too', 'https://93.184.216.34:9090/in'],
])('an endpoint at %s is taken', async (_what, url) => {
  expect(await create(url)).toMatchObject({ status: 201 });
});

it('what is refused when a stream is created is refused in an update, in a replacement and from an administrator', async () => {
  const provider = await createProvider(transmitter);
  const { api, application } = await createReceiverApi(transmitter, provider);
  const stream = await api.createdStream({
    delivery: { method: PUSH, endpoint_url: 'https://93.184.216.34/in' },
  });
  const delivery = { method: PUSH, endpoint_url: 'https://169.254.169.254/in' };
  const change = { stream_id: stream.stream_id, delivery };

  const answers = [
    await api.patchStream(change),
    await api.replaceStream(change),
    await transmitter.admin.call('/streams', { body: { applicationId: application.id, delivery } }),
  ];

  const reasonOf = (answer: Answer): string | undefined => {
    const { description, detail } = answer.json<{ description?: string; detail?: string }>();
    return description ?? detail;
  };
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
  for (const answer of answers) expect(reasonOf(answer)).toMatch(/^delivery\.endpoint_url: .* not allowed/);
  expect((await api.readStream(stream.stream_id)).json<StreamConfiguration>()).toEqual(stream);
});
