import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExpressHost, startExpressHost } from '../../support/express-host.js';
import { call } from '../../support/http.js';
import { postForm } from '../../support/oauth-client.js';
import { createProvider } from '../../support/scenario.js';
import { type SsfOverrides, startTransmitterOn, type Transmitter } from '../../support/transmitter.js';

describe.each<[string, SsfOverrides]>([
  ['is switched off', { authorizationServer: false }],
  // known only when the factory has answered, so the routes are there
  [
    'would give tokens that nothing takes',
    { receiverAuthenticator: { authenticate: () => Promise.resolve(undefined) } },
  ],
])('an authorization server that %s', (_what, overrides) => {
  let transmitter: Transmitter & { readonly host: ExpressHost };

  beforeAll(async () => {
    transmitter = await startTransmitterOn(startExpressHost, overrides);
  });

  afterAll(() => transmitter.stop());

  it('is not there', async () => {
    const answers = [
      await call(`${transmitter.baseUrl}/.well-known/oauth-authorization-server/oauth`),
      await call(`${transmitter.baseUrl}/oauth/jwks`),
      await postForm(`${transmitter.baseUrl}/oauth/token`, { grant_type: 'client_credentials' }),
      await postForm(`${transmitter.baseUrl}/oauth/introspection`, { token: 'x' }),
      await postForm(`${transmitter.baseUrl}/oauth/revocation`, { token: 'x' }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  });

  it('is not named', async () => {
    const { slug } = await createProvider(transmitter);

    const answer = await call(`${transmitter.baseUrl}/.well-known/oauth-protected-resource/ssf/${slug}`);

    expect(answer.status).toBe(200);
    expect(answer.json()).not.toHaveProperty('authorization_servers');
  });

  it('is not described', () => {
    const { receiver } = transmitter.host.documents;

    expect(Object.keys(receiver.paths)).toContain('/ssf/{slug}/streams');
    expect(Object.keys(receiver.components?.securitySchemes ?? {})).toEqual([
      'receiver',
      'pushAuthorization',
    ]);
    expect(Object.keys(receiver.paths).filter((path) => path.startsWith('/oauth'))).toEqual([]);
    // no operation asks for it
    expect(JSON.stringify(receiver.paths)).not.toContain('"oauth"');
  });
});
