import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from '../../support/http.js';
import { connect } from '../../support/scenario.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ routePrefix: 'idp' });
});

afterAll(() => transmitter.stop());

it('below a prefix, a stream is found by discovery at the root and works', async () => {
  const { provider, api, receiver, signal } = await connect(transmitter);

  await transmitter.admin.record(signal());

  const { claims } = await receiver.next();
  expect(claims.iss).toBe(`${transmitter.baseUrl}/idp/ssf/${provider.slug}`);
  expect(provider.configurationUrl).toBe(
    `${transmitter.baseUrl}/.well-known/ssf-configuration/idp/ssf/${provider.slug}`,
  );
  expect(api.metadata.configuration_endpoint).toBe(`${transmitter.baseUrl}/idp/ssf/${provider.slug}/streams`);
});

it('below a prefix, nothing is where it would be without it', async () => {
  const { provider } = await connect(transmitter);

  const answers = [
    await call(`${transmitter.baseUrl}/api/v1/providers`, { token: transmitter.adminToken }),
    await call(`${transmitter.baseUrl}/ssf/${provider.slug}/jwks.json`),
    await call(`${transmitter.baseUrl}/.well-known/ssf-configuration/ssf/${provider.slug}`),
    await call(`${transmitter.baseUrl}/idp/.well-known/ssf-configuration/idp/ssf/${provider.slug}`),
  ];

  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
});

it('below a prefix, bodies are read after the caller was judged', async () => {
  const answer = await call(`${transmitter.baseUrl}/idp/api/v1/providers`, {
    body: ';{ broken',
    token: 'wrong',
  });

  expect(answer.status).toBe(401);
});
