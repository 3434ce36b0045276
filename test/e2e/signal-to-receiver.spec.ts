import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Application, Signal } from '../support/api-types.js';
import { connect } from '../support/scenario.js';
import { keysOf } from '../support/signing-keys.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
const OCCURRED_AT = '2026-01-01T00:00:00Z';
const TIMESTAMP = Date.parse(OCCURRED_AT) / 1000;

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

describe('a signal becomes a SET at the receiver', () => {
  it.each<{
    readonly type: Signal['type'];
    readonly members: Partial<Signal>;
    readonly eventType: string;
    readonly payload: object;
  }>([
    {
      type: 'logout',
      members: {},
      eventType: SESSION_REVOKED,
      payload: { initiating_entity: 'user', reason_admin: { en: 'The user signed out.' } },
    },
    {
      type: 'session.revoked',
      members: {
        initiatingEntity: 'admin',
        reasonAdmin: { en: 'Offboarding', de: 'Austritt' },
        reasonUser: { en: 'You were signed out.' },
      },
      eventType: SESSION_REVOKED,
      payload: {
        initiating_entity: 'admin',
        reason_admin: { en: 'Offboarding', de: 'Austritt' },
        reason_user: { en: 'You were signed out.' },
      },
    },
    {
      type: 'password.changed',
      members: { initiatingEntity: 'user' },
      eventType: CREDENTIAL_CHANGE,
      payload: {
        initiating_entity: 'user',
        reason_admin: { en: 'The password was changed.' },
        credential_type: 'password',
        change_type: 'update',
      },
    },
    {
      type: 'mfa.added',
      members: {
        details: {
          credentialType: 'fido2-roaming',
          friendlyName: 'Blue key',
          fido2Aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
        },
      },
      eventType: CREDENTIAL_CHANGE,
      payload: {
        reason_admin: { en: 'A second factor was added.' },
        credential_type: 'fido2-roaming',
        change_type: 'create',
        friendly_name: 'Blue key',
        fido2_aaguid: '2fc0579f-8113-47ea-b116-bb5a8db9202a',
      },
    },
    {
      type: 'mfa.removed',
      members: {},
      eventType: CREDENTIAL_CHANGE,
      payload: {
        reason_admin: { en: 'A second factor was removed.' },
        credential_type: 'app',
        change_type: 'delete',
      },
    },
  ])('$type arrives with exactly its claims', async ({ type, members, eventType, payload }) => {
    const { provider, application, receiver, stream, signal } = await connect(transmitter);
    const startedAt = Math.floor(Date.now() / 1000);

    const signalId = await transmitter.admin.record(signal({ type, occurredAt: OCCURRED_AT, ...members }));
    const set = await receiver.next();

    const { jti, iat } = set.claims;
    expect(set.claims).toEqual({
      iss: provider.issuer,
      aud: application.audience[0],
      jti,
      iat,
      txn: signalId,
      sub_id: { format: 'iss_sub', iss: provider.issuer, sub: 'u-31' },
      events: { [eventType]: { event_timestamp: TIMESTAMP, ...payload } },
    });
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(Number.isInteger(iat)).toBe(true);
    expect(iat).toBeGreaterThanOrEqual(startedAt - 1);
    expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
    const outcomes = (await transmitter.admin.fannedOut(signalId)).outcomes;
    expect(outcomes).toEqual([{ streamId: stream.stream_id, jti }]);
  });

  it('the SET is in the history, delivered with one attempt', async () => {
    const { receiver, signal, stream, application, provider } = await connect(transmitter);

    const signalId = await transmitter.admin.record(signal({ id: 'evt-1' }));
    const { claims, eventType } = await receiver.next();

    const record = await transmitter.admin.setWithStatus(claims.jti, 'delivered');
    expect(record).toMatchObject({
      jti: claims.jti,
      providerId: provider.id,
      applicationId: application.id,
      streamId: stream.stream_id,
      signalId,
      eventType,
      txn: signalId,
      status: 'delivered',
      reason: null,
      claims,
    });
    expect(record.endedAt).toMatch(/Z$/);
    expect(record.attempts).toEqual([
      {
        attempt: 1,
        at: record.endedAt,
        method: 'push',
        outcome: 'delivered',
        httpStatus: 202,
        err: null,
        description: null,
        durationMs: expect.any(Number) as number,
      },
    ]);
  });

  it('every other 2xx is delivered too, and not sent again', async () => {
    const { receiver, signal } = await connect(transmitter);
    receiver.behave({ status: 200, body: 'thanks' });

    await transmitter.admin.record(signal());
    const { claims } = await receiver.next();

    const { attempts } = await transmitter.admin.setWithStatus(claims.jti, 'delivered');
    expect(attempts).toMatchObject([{ outcome: 'delivered', httpStatus: 200 }]);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('the push request', () => {
  it('is a POST of the SET alone, with the headers of RFC 8935 and the header of the receiver verbatim', async () => {
    const authorization = 'Custom  scheme="x", Bearer=Sm9obg== ~!';
    const { receiver, signal } = await connect(transmitter, {
      delivery: { authorization_header: authorization },
    });

    await transmitter.admin.record(signal());
    const { method, path, headers, token } = await receiver.next();

    expect(method).toBe('POST');
    expect(path).toBe('/events');
    expect(headers['content-type']).toBe('application/secevent+jwt');
    expect(headers.accept).toBe('application/json');
    expect(headers.authorization).toBe(authorization);
    expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(headers['content-length']).toBe(String(token.length));
  });

  it('has no Authorization when the receiver gave none', async () => {
    const { receiver, signal } = await connect(transmitter);

    await transmitter.admin.record(signal());
    const { headers } = await receiver.next();

    expect(headers).not.toHaveProperty('authorization');
  });

  it('goes to the endpoint with its query', async () => {
    const { receiver, signal, api, stream } = await connect(transmitter);
    await api.deleteStream(stream.stream_id);
    const endpoint = `${receiver.origin}/a%20b?tenant=1&x=%C3%A4`;
    await api.createdStream({ delivery: { method: 'urn:ietf:rfc:8935', endpoint_url: endpoint } });

    await transmitter.admin.record(signal());
    const { path } = await receiver.next();

    expect(path).toBe('/a%20b?tenant=1&x=%C3%A4');
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
    'is signed with %s and names a published key',
    async (signingAlgorithm) => {
      const { receiver, signal, provider } = await connect(transmitter, { provider: { signingAlgorithm } });

      await transmitter.admin.record(signal());
      const { header } = await receiver.next();

      const keys = await keysOf(transmitter, provider);
      expect(keys).toMatchObject([{ status: 'active' }]);
      expect(header).toEqual({ typ: 'secevent+jwt', alg: signingAlgorithm, kid: keys[0]?.kid });
    },
  );

  it('is signed with an RSA key of 2048 bits when no algorithm was chosen', async () => {
    const { receiver, signal, provider } = await connect(transmitter, {
      provider: { signingAlgorithm: undefined },
    });

    await transmitter.admin.record(signal());
    const { header } = await receiver.next();

    const { keys } = (await (await fetch(provider.jwksUri)).json()) as { keys: { n: string; kty: string }[] };
    expect(header.alg).toBe('RS256');
    expect(keys[0]?.kty).toBe('RSA');
    expect(Buffer.from(keys[0]?.n ?? '', 'base64url')).toHaveLength(256);
  });
});

describe('the subject of a SET', () => {
  const user = {
    id: 'u-31',
    email: 'ana@acme.test',
    phoneNumber: '+15550100',
    account: 'acct:ana@acme.test',
    did: 'did:example:ana',
    uri: 'https://people.acme.test/ana',
  };

  it.each<[Application['subjectFormat'], object]>([
    ['email', { format: 'email', email: 'ana@acme.test' }],
    ['opaque', { format: 'opaque', id: 'u-31' }],
    ['phone_number', { format: 'phone_number', phone_number: '+15550100' }],
    ['account', { format: 'account', uri: 'acct:ana@acme.test' }],
    ['did', { format: 'did', url: 'did:example:ana' }],
    ['uri', { format: 'uri', uri: 'https://people.acme.test/ana' }],
  ])('is in the format of the application: %s', async (subjectFormat, subId) => {
    const { receiver, signal } = await connect(transmitter, { application: { subjectFormat } });

    await transmitter.admin.record(signal({ subject: { user } }));
    const { claims } = await receiver.next();

    expect(claims.sub_id).toEqual(subId);
  });

  it('names all its parts in the complex format', async () => {
    const { receiver, signal, provider } = await connect(transmitter, {
      application: { subjectFormat: 'complex' },
    });

    await transmitter.admin.record(
      signal({
        subject: {
          user,
          session: { id: 's-77' },
          device: { id: 'd-9' },
          tenant: { id: 't-1' },
          orgUnit: { id: 'o' },
        },
      }),
    );
    const { claims } = await receiver.next();

    expect(claims.sub_id).toEqual({
      format: 'complex',
      user: { format: 'iss_sub', iss: provider.issuer, sub: 'u-31' },
      session: { format: 'opaque', id: 's-77' },
      device: { format: 'opaque', id: 'd-9' },
      tenant: { format: 'opaque', id: 't-1' },
      org_unit: { format: 'opaque', id: 'o' },
    });
  });

  it('is the subId of the signal as it stands, whatever the format of the application', async () => {
    const { receiver, signal } = await connect(transmitter, { application: { subjectFormat: 'email' } });
    const subId: Signal['subject']['subId'] = {
      format: 'aliases',
      identifiers: [
        { format: 'opaque', id: '1' },
        { format: 'opaque', id: '2' },
      ],
    };

    await transmitter.admin.record(signal({ subject: { subId } }));
    const { claims } = await receiver.next();

    expect(claims.sub_id).toEqual(subId);
  });

  it('survives every letter that JSON can carry', async () => {
    const { receiver, signal } = await connect(transmitter, { application: { subjectFormat: 'opaque' } });
    const id = 'Ünï "cödé" \\ \u2028 \t 😀 漢字';

    await transmitter.admin.record(signal({ subject: { user: { id } }, reasonAdmin: { 'zh-Hant': id } }));
    const { claims, payload } = await receiver.next();

    expect(claims.sub_id).toEqual({ format: 'opaque', id });
    expect(payload.reason_admin).toEqual({ 'zh-Hant': id });
  });
});

describe('the audience of a SET', () => {
  it('is a list when the application has several', async () => {
    const audience = ['https://one.test', 'https://two.test'];
    const { receiver, signal, stream } = await connect(transmitter, { application: { audience } });

    await transmitter.admin.record(signal());
    const { claims } = await receiver.next();

    expect(stream.aud).toEqual(audience);
    expect(claims.aud).toEqual(audience);
  });
});
