import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application, Provider, Signal, StreamConfiguration } from '../support/api-types.js';
import { AuthorizationServer } from '../support/authorization-server.js';
import { type Answer, call, type Call, expectStatus } from '../support/http.js';
import { createApplication, createProvider, startReceiver } from '../support/scenario.js';
import type { ReceivedSet, TestReceiver } from '../support/test-receiver.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

// Apple Business Manager as a receiver. Its requests are those that others saw of it (docs/receivers says who): the
// delivery URI, `format`, `iss` and an `aud` of its own in the create request, which the drafts before SSF 1.0 have, and
// no `stream_id` where those drafts have none.

const PUSH = 'https://schemas.openid.net/secevent/risc/delivery-method/push';
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
const ACCOUNT_DISABLED = 'https://schemas.openid.net/secevent/risc/event-type/account-disabled';
const VERIFICATION = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

const CLIENT = 'apple-business-manager';
/** Apple pushes to, and is the audience by, one and the same URL; here they differ, as nothing is at its URL. */
const FEED =
  'https://federation.receiver.test/feeds/business/caep/20344/7f122ed0-326e-4159-a155-b8e5623c3b4f';
const ANA = { user: { id: 'u-31', email: 'ana@acme.test' } };

let transmitter: Transmitter;
let identityProvider: AuthorizationServer;

beforeAll(async () => {
  [transmitter, identityProvider] = await Promise.all([startTransmitter(), AuthorizationServer.start()]);
});

afterAll(async () => {
  await transmitter.stop();
  await identityProvider.stop();
});

interface AppleMetadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly configuration_endpoint: string;
  readonly status_endpoint: string;
  readonly verification_endpoint: string;
}

/** What an administrator prepares, as docs/receivers/apple-business-manager.md has it. */
async function prepare(): Promise<{ provider: Provider; application: Application }> {
  const provider = await createProvider(transmitter, {
    legacyDeliveryUris: true,
    specVersion: '1_0-ID2',
    signingAlgorithm: 'RS256',
    trustedIssuers: [{ issuer: identityProvider.issuer, audience: CLIENT }],
  });
  const application = await createApplication(transmitter, provider, {
    legacyProfile: true,
    subjectFormat: 'email',
    clientId: CLIENT,
    allowedDeliveryMethods: ['push'],
    verifyOnCreate: true,
  });
  return { provider, application };
}

/** Apple's side of a connection: it knows the two URLs, the client id and the secret of the form. */
class AppleBusinessManager {
  private constructor(
    readonly metadata: AppleMetadata,
    readonly receiver: TestReceiver,
  ) {}

  static async connect(ssfConfigUrl: string): Promise<AppleBusinessManager> {
    const metadata = expectStatus(await call(ssfConfigUrl), 200).json<AppleMetadata>();
    const receiver = await startReceiver();
    receiver.believe({ configurationUrl: ssfConfigUrl, issuer: metadata.issuer, audience: FEED });
    return new AppleBusinessManager(metadata, receiver);
  }

  createStream(events: string[] = [CREDENTIAL_CHANGE, SESSION_REVOKED, ACCOUNT_DISABLED]): Promise<Answer> {
    return this.call(this.metadata.configuration_endpoint, {
      body: {
        iss: this.metadata.issuer,
        aud: [FEED],
        delivery: { method: PUSH, endpoint_url: this.receiver.url },
        events_requested: events,
        format: 'iss_sub',
      },
    });
  }

  readStream(): Promise<Answer> {
    return this.call(this.metadata.configuration_endpoint);
  }

  status(options: Call = {}): Promise<Answer> {
    return this.call(this.metadata.status_endpoint, options);
  }

  verify(options: Call = {}): Promise<Answer> {
    return this.call(this.metadata.verification_endpoint, { method: 'POST', ...options });
  }

  deleteStream(options: Call = {}): Promise<Answer> {
    return this.call(this.metadata.configuration_endpoint, { method: 'DELETE', ...options });
  }

  next(eventType: string, isIt: (set: ReceivedSet) => boolean = () => true): Promise<ReceivedSet> {
    return this.receiver.next((set) => set.eventType === eventType && isIt(set));
  }

  /** Each time with an access token of the code flow, which a refresh token renews: about a user, for the client. */
  private async call(url: string, options: Call = {}): Promise<Answer> {
    const token = await identityProvider.token(
      {
        aud: CLIENT,
        azp: CLIENT,
        sub: 'the-administrator',
        scope: 'openid profile offline_access ssf.manage ssf.read',
      },
      { typ: 'JWT' },
    );
    return call(url, { token, ...options });
  }
}

async function connected(): Promise<{
  apple: AppleBusinessManager;
  provider: Provider;
  application: Application;
}> {
  const { provider, application } = await prepare();
  const apple = await AppleBusinessManager.connect(provider.configurationUrl);
  return { apple, provider, application };
}

describe('Apple Business Manager', () => {
  it('lives its whole life in its own terms', async () => {
    const { apple, provider, application } = await connected();
    const signal = (type: Signal['type'], members: Partial<Signal> = {}): Promise<string> =>
      transmitter.admin.record({ provider: provider.slug, type, subject: ANA, ...members });

    // 1. discovery
    expect(apple.metadata).toMatchObject({
      spec_version: '1_0-ID2',
      delivery_methods_supported: expect.arrayContaining([PUSH]) as unknown,
      authorization_schemes: expect.arrayContaining([{ spec_urn: 'urn:ietf:rfc:6749' }]) as unknown,
    });

    // 2. a stream, answered with what it sent
    const created = expectStatus(await apple.createStream(), 201).json<StreamConfiguration>();
    const { events_supported: supported, ...rest } = created;
    expect(rest).toEqual({
      stream_id: expect.any(String) as unknown,
      iss: apple.metadata.issuer,
      aud: [FEED],
      delivery: { method: PUSH, endpoint_url: apple.receiver.url },
      events_requested: [CREDENTIAL_CHANGE, SESSION_REVOKED, ACCOUNT_DISABLED],
      events_delivered: [SESSION_REVOKED, CREDENTIAL_CHANGE, ACCOUNT_DISABLED],
      min_verification_interval: 10,
      format: 'iss_sub',
    });
    expect(supported).toEqual(expect.arrayContaining(created.events_delivered));

    // 3. it waits for a verification that it did not ask for
    const first = await apple.next(VERIFICATION);
    expect(first.header).toMatchObject({ typ: 'secevent+jwt', alg: 'RS256' });
    expect(first.payload).toEqual({});
    expect(first.claims).toMatchObject({ aud: [FEED], sub_id: { format: 'opaque', id: created.stream_id } });
    expect(first.headers).not.toHaveProperty('authorization');

    // 4. the stream, its status and a verification with a state, none of them by an id
    expect(expectStatus(await apple.readStream(), 200).json()).toEqual(created);
    expect((await apple.status()).json()).toEqual({ stream_id: created.stream_id, status: 'enabled' });
    expect((await apple.verify({ body: { state: 'c3RhdGU=' } })).status).toBe(204);
    await apple.next(VERIFICATION, ({ payload }) => payload.state === 'c3RhdGU=');

    // 5. events, with the subject where the drafts have it, and where SSF 1.0 has it
    const subId = { format: 'email', email: 'ana@acme.test' };
    await signal('password.changed', { initiatingEntity: 'user' });
    const changed = await apple.next(CREDENTIAL_CHANGE);
    expect(changed.claims).toMatchObject({ iss: apple.metadata.issuer, aud: [FEED], sub_id: subId });
    expect(changed.payload).toMatchObject({
      subject: { user: subId },
      credential_type: 'password',
      change_type: 'update',
      initiating_entity: 'user',
      reason_admin: expect.any(Object) as unknown,
      event_timestamp: expect.any(Number) as unknown,
    });

    await signal('session.revoked', { subject: { ...ANA, session: { id: 's-77' } } });
    expect((await apple.next(SESSION_REVOKED)).payload).toMatchObject({ subject: { user: subId } });

    await signal('account.disabled', { details: { reason: 'hijacking' } });
    expect((await apple.next(ACCOUNT_DISABLED)).payload).toEqual({ subject: subId, reason: 'hijacking' });

    // 6. the administrator sees that all were taken
    const sets = await transmitter.admin.sets({ applicationId: application.id });
    for (const { jti } of sets) await transmitter.admin.setWithStatus(jti, 'delivered');
    expect(sets).toHaveLength(5);

    // 7. paused it gets nothing, enabled it gets what was held
    expect((await apple.status({ body: { status: 'paused' } })).json()).toMatchObject({ status: 'paused' });
    const signalId = await signal('mfa.added', { details: { credentialType: 'app' } });
    const { outcomes } = await transmitter.admin.fannedOut(signalId);
    await transmitter.admin.setWithStatus(outcomes[0]?.jti ?? '', 'held');
    await apple.status({ body: { status: 'enabled' } });
    expect(
      (await apple.next(CREDENTIAL_CHANGE, ({ payload }) => payload.change_type === 'create')).claims.jti,
    ).toBe(outcomes[0]?.jti);

    // 8. the end
    expect((await apple.deleteStream()).status).toBe(204);
    expect((await apple.status()).status).toBe(404);
    expect((await apple.verify()).status).toBe(404);
    expect((await apple.readStream()).json()).toEqual([]);
  });

  it.each([
    ['in the body', (id: string) => ({ body: { stream_id: id } })],
    [
      'not at all, with a Content-Type and no body',
      () => ({ headers: { 'content-type': 'application/json' } }),
    ],
  ])('names the stream that it deletes %s', async (_how, options) => {
    const { apple } = await connected();
    const { stream_id: id } = expectStatus(await apple.createStream(), 201).json<StreamConfiguration>();

    expect((await apple.deleteStream(options(id))).status).toBe(204);
    expect((await apple.deleteStream(options(id))).status).toBe(404);
  });

  it('asks for a verification with an empty request', async () => {
    const { apple } = await connected();
    await apple.createStream();

    expect((await apple.verify({ headers: { 'content-type': 'application/json' } })).status).toBe(204);
    await apple.receiver.atLeast(2);
  });

  it('has to name one of several streams', async () => {
    const { apple } = await connected();
    const first = expectStatus(await apple.createStream(), 201).json<StreamConfiguration>();
    await apple.createStream();

    const answers = [await apple.status(), await apple.verify(), await apple.deleteStream()];

    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect(answer.json()).toMatchObject({
        err: 'invalid_request',
        description: 'stream_id: is required, since this receiver has several streams',
      });
    }
    expect((await apple.readStream()).json()).toHaveLength(2);
    expect((await apple.deleteStream({ body: { stream_id: first.stream_id } })).status).toBe(204);
    expect((await apple.status()).status).toBe(200);
  });
});
