import { describe, expect, it, onTestFinished } from 'vitest';
import type { SsfOptions } from '../../../src/platform/config/ssf-options.js';
import { newToken } from '../../../src/platform/secrets/token.js';
import { createApp } from '../../../src/server/create-app.js';
import { dataSourceOptions } from '../../../src/server/standalone.js';
import type { StreamConfiguration } from '../../support/api-types.js';
import { call, expectStatus } from '../../support/http.js';
import { createProvider, createReceiverApi } from '../../support/scenario.js';
import { startTransmitterOn, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

/** The server as it stands behind a proxy. */
async function startBehind(
  trustProxy?: boolean | number | string,
  options: Partial<SsfOptions> = {},
): Promise<Transmitter> {
  const transmitter = await startTransmitterOn(async ({ port, database, ssf, logger }) => {
    const dataSource = dataSourceOptions({ databaseUrl: undefined }, { connection: database.connection });
    const app = await createApp({ dataSource, ssf: { ...ssf, ...options }, logger, trustProxy });
    await app.listen(port, '127.0.0.1');
    return { stop: () => app.close() };
  });
  onTestFinished(() => transmitter.stop());
  return transmitter;
}

async function statusFrom({ admin }: Transmitter, address: string, token: string): Promise<number> {
  const headers = { 'x-forwarded-for': address };
  return (await admin.call('/providers', { token, headers })).status;
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

  it('decides whose wrong tokens are counted together', async () => {
    const transmitter = await startBehind(1, { failedAuthenticationsPerMinute: 2 });
    const { adminToken } = transmitter;
    const from = (address: string, token: string): Promise<number> => statusFrom(transmitter, address, token);
    const guesses = async (address: string): Promise<number[]> => [
      await from(address, 'wrong'),
      await from(address, 'wrong'),
      await from(address, 'wrong'),
    ];

    expect(await guesses('203.0.113.9')).toEqual([401, 401, 429]);
    // from there the token of the settings is compared no more, right or wrong
    expect(await from('203.0.113.9', adminToken)).toBe(429);
    expect(await from('203.0.113.10', adminToken)).toBe(200);
    // nor from its neighbours, if it is IPv6; but where it was used before it is not locked out
    expect(await from('2001:db8:0:1::1', adminToken)).toBe(200);
    expect(await guesses('2001:db8:0:1::2')).toEqual([401, 401, 429]);
    expect(await from('2001:db8:0:1::3', adminToken)).toBe(200);
    expect(await guesses('2001:db8:0:2::1')).toEqual([401, 401, 429]);
    expect(await from('2001:db8:0:2::2', adminToken)).toBe(429);
  });

  it('locks nobody out who has a token that cannot be guessed, such as the one that the server made', async () => {
    const adminToken = newToken('ssf_admin_');
    const transmitter = await startBehind(1, { failedAuthenticationsPerMinute: 1, adminToken });

    expect(await statusFrom(transmitter, '203.0.113.9', 'wrong')).toBe(401);
    expect(await statusFrom(transmitter, '203.0.113.9', newToken('ssf_admin_'))).toBe(429);
    expect(await statusFrom(transmitter, '203.0.113.9', adminToken)).toBe(200);
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
