import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from '../../support/http.js';
import { OAuthClient, type TokenAnswer } from '../../support/oauth-client.js';
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

it('below a prefix, the authorization server is found, and its tokens work', async () => {
  const { provider, application, api } = await connect(transmitter);
  const client = await OAuthClient.register(transmitter, application, {
    method: 'private_key_jwt',
    issuer: `${transmitter.baseUrl}/idp/oauth`,
  });

  const answer = await client.requestToken({ resource: `${transmitter.baseUrl}/idp/ssf/${provider.slug}` });

  expect(client.server).toMatchObject({
    issuer: `${transmitter.baseUrl}/idp/oauth`,
    token_endpoint: `${transmitter.baseUrl}/idp/oauth/token`,
  });
  const { access_token: token } = answer.json<TokenAnswer>();
  expect((await api.readStreams({ token })).status).toBe(200);
  // an assertion may be addressed to the endpoint, wherever that is
  const toEndpoint = await client.requestToken({
    client_assertion: await client.assertion({ aud: client.server.token_endpoint }),
  });
  expect(toEndpoint.status).toBe(200);
  for (const path of ['/oauth/jwks', '/.well-known/oauth-authorization-server/oauth'])
    expect((await call(transmitter.baseUrl + path)).status).toBe(404);
});

it('below a prefix, bodies are read after the caller was judged', async () => {
  const answer = await call(`${transmitter.baseUrl}/idp/api/v1/providers`, {
    body: ';{ broken',
    token: 'wrong',
  });

  expect(answer.status).toBe(401);
});
