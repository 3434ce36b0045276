import { describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src/server/create-app.js';
import { dataSourceOptions } from '../../../src/server/standalone.js';
import type { StreamConfiguration } from '../../support/api-types.js';
import { call, expectStatus } from '../../support/http.js';
import { createProvider, createReceiverApi } from '../../support/scenario.js';
import { startTransmitterOn, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

/** The server as it stands behind a proxy. */
async function startBehind(trustProxy?: boolean | number | string): Promise<Transmitter> {
  const transmitter = await startTransmitterOn(async ({ port, database, ssf, logger }) => {
    const dataSource = dataSourceOptions({ databaseUrl: undefined }, { connection: database.connection });
    const app = await createApp({ dataSource, ssf, logger, trustProxy });
    await app.listen(port, '127.0.0.1');
    return { stop: () => app.close() };
  });
  onTestFinished(() => transmitter.stop());
  return transmitter;
}

describe('SSF_TRUST_PROXY', () => {
  it.each([
    ['is unset', undefined, '127.0.0.1'],
    ['is one hop', 1, '203.0.113.9'],
    ['names the proxy and the one before it', '127.0.0.1,203.0.113.0/24', '198.51.100.7'],
  ])('decides which address is logged when it %s', async (_what, trustProxy, address) => {
    const { baseUrl, logLines } = await startBehind(trustProxy);

    await call(`${baseUrl}/ssf/nowhere/jwks.json`, {
      headers: { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' },
    });

    const line = await until('the line of the request', () =>
      logLines.find((each) => each.includes('/ssf/nowhere/jwks.json')),
    );
    expect(JSON.parse(line)).toMatchObject({ clientAddress: address });
  });

  it('lets no header of a proxy into an issuer or a URL', async () => {
    const transmitter = await startBehind(true);
    const provider = await createProvider(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    const headers = {
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '444',
      'x-forwarded-prefix': '/evil',
      forwarded: 'for=198.51.100.7;host=evil.test;proto=https',
    };

    const metadata = await call(provider.configurationUrl, { headers });
    const refused = await api.readStreams({ token: undefined, headers });
    const stream = expectStatus(await api.createStream({}, { headers }), 201);
    const admin = await transmitter.admin.call(`/providers/${provider.id}`, { headers });

    expect(metadata.json()).toEqual(api.metadata);
    expect(refused.headers.get('www-authenticate')).toContain(`resource_metadata="${transmitter.baseUrl}/`);
    expect(stream.json<StreamConfiguration>()).toMatchObject({
      iss: provider.issuer,
      delivery: {
        endpoint_url: expect.stringMatching(`^${api.metadata.configuration_endpoint}/`) as unknown,
      },
    });
    expect(admin.json()).toMatchObject({
      issuer: provider.issuer,
      configurationUrl: provider.configurationUrl,
    });
  });
});
