import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as samples from '../../src/signals/sources/source-samples.fixture.js';
import { taken } from '../support/admin-client.js';
import type {
  NewSource,
  Problem,
  Provider,
  Source,
  SourceOutcome,
  StoredSignal,
} from '../support/api-types.js';
import { type Answer, call, type Call } from '../support/http.js';
import {
  connect,
  createApplication,
  createProvider,
  createSource as sourceOf,
  createToken,
} from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const SECRET = 'the-secret-of-the-webhook';
const SIGNAL_DATA = { subject: { user: { id: 'u-31' } } };
const SIGNAL = { type: 'logout', id: 'evt-1', subject: { user: { id: 'u-31' } } };

let transmitter: Transmitter;
let provider: Provider;

beforeAll(async () => {
  transmitter = await startTransmitter();
  provider = await createProvider(transmitter);
});

afterAll(() => transmitter.stop());

function createSource(members: Partial<NewSource> = {}, of: Provider = provider): Promise<Source> {
  return sourceOf(transmitter, of, members);
}

function send(
  { id, token }: Pick<Source, 'id' | 'token'>,
  body: unknown,
  options: Call = {},
): Promise<Answer> {
  return call(`${transmitter.baseUrl}/api/v1/sources/${id}/events`, { token, body, ...options });
}

function outcomes(answer: Answer): SourceOutcome[] {
  return answer.json<{ data: SourceOutcome[] }>().data;
}

function signature(header: string, body: unknown, secret = SECRET): Call {
  return { headers: { [header]: createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex') } };
}

function stored(of: Provider): Promise<StoredSignal[]> {
  return transmitter.admin.signals({ providerId: of.id });
}

async function unmapped({ id }: Source): Promise<object[]> {
  const params = { path: { id } };
  return (await taken(transmitter.admin.api.GET('/api/v1/sources/{id}/unmapped', { params }))).data;
}

function renewToken({ id }: Source): Promise<{ token: string; scope: string }> {
  return taken(transmitter.admin.api.POST('/api/v1/sources/{id}/token', { params: { path: { id } } }));
}

describe('what a source sends is a signal of its provider', () => {
  it('with a SET, once, whoever else has the same id', async () => {
    const { provider: own, receiver } = await connect(transmitter);
    const [one, other] = [await createSource({}, own), await createSource({}, own)];

    const first = await send(one, SIGNAL);
    const [again, others] = [await send(one, { ...SIGNAL, provider: own.slug }), await send(other, [SIGNAL])];

    expect([first, again, others].map((answer) => outcomes(answer)[0]?.status)).toEqual([
      'accepted',
      'duplicate',
      'accepted',
    ]);
    await receiver.next(({ claims }) => claims.txn === outcomes(first)[0]?.id);
    expect((await stored(own)).map(({ externalId }) => externalId)).toEqual([
      `${other.slug}/evt-1`,
      `${one.slug}/evt-1`,
    ]);
  });

  it('as a CloudEvent in each mode', async () => {
    const source = await createSource({ profile: 'cloudevents' });
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/idp',
      type: 'logout',
      data: { subject: SIGNAL.subject },
    };
    const as = (type: string): Call => ({ headers: { 'content-type': type } });
    const binary = { 'ce-specversion': '1.0', 'ce-id': '2', 'ce-source': '/idp', 'ce-type': 'logout' };

    const answers = [
      await send(source, event, as('application/cloudevents+json')),
      await send(source, [event], as('application/cloudevents-batch+json')),
      await send(source, event.data, { headers: binary }),
    ];

    expect(answers.map((answer) => outcomes(answer)[0]?.status)).toEqual([
      'accepted',
      'duplicate',
      'accepted',
    ]);
    const [latest] = await stored(provider);
    expect(latest?.externalId).toBe(`${source.slug}//idp 2`);
  });

  it.each<[NewSource['profile'], unknown, string]>([
    ['authentik', samples.AUTHENTIK_LOGIN, 'session.established'],
    ['keycloak', samples.KEYCLOAK_LOGOUT, 'logout'],
    ['logto', samples.LOGTO_SUSPENDED, 'account.disabled'],
  ])('as a webhook of %s, which is one signal when it comes again', async (profile, event, type) => {
    const own = await createProvider(transmitter);
    const source = await createSource({ profile }, own);

    const answers = [await send(source, event), await send(source, event)];

    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers.map((answer) => outcomes(answer)[0]?.status)).toEqual(['accepted', 'duplicate']);
    expect(await stored(own)).toMatchObject([{ type }]);
  });
});

describe('a webhook that is no signal', () => {
  const nothing = { ...samples.KEYCLOAK_LOGOUT, type: 'access.LOGIN_ERROR' };
  const malformed = { ...samples.KEYCLOAK_LOGOUT, time: 4102444800000 };

  it('is listed with the reason, and how often it came', async () => {
    const source = await createSource({ profile: 'keycloak' });

    for (const event of [nothing, malformed, nothing]) {
      const answer = await send(source, event);
      expect([answer.status, outcomes(answer)[0]?.status]).toEqual([202, 'unmapped']);
    }

    expect(await unmapped(source)).toMatchObject([
      {
        eventType: 'access.LOGIN_ERROR',
        reason: 'the profile maps no access.LOGIN_ERROR of this kind',
        count: 2,
      },
      { eventType: 'access.LOGOUT', reason: 'occurredAt: must not be in the future', count: 1 },
    ]);
  });

  it('is listed with the reason of the last of its kind', async () => {
    const source = await createSource({ profile: 'keycloak' });

    for (const event of [malformed, { ...malformed, time: 'noon' }]) await send(source, event);

    expect(await unmapped(source)).toMatchObject([{ count: 2, reason: "time: must be the event's time" }]);
  });

  it('is refused with the reason, when the source says so', async () => {
    const source = await createSource({ profile: 'keycloak', unmapped: 'refuse' });

    const answers = [await send(source, nothing), await send(source, malformed)];

    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(answers.map((answer) => answer.json<Problem>().detail)).toEqual([
      'the profile maps no access.LOGIN_ERROR of this kind',
      'occurredAt: must not be in the future',
    ]);
    expect(await unmapped(source)).toEqual([]);
  });

  it('has 200 rows at most, whatever it is called', async () => {
    const source = await createSource({ profile: 'authentik' });
    await transmitter.database.query(
      `insert into ssf.unmapped_event (source_id, event_type, reason)
       select $1, 'custom_' || i, '' from generate_series(1, 199) i`,
      [source.id],
    );

    for (const action of ['custom_7', 'one more', 'x'.repeat(300)]) await send(source, { action });

    const rows = await unmapped(source);
    expect(rows).toHaveLength(200);
    expect(rows.slice(0, 2)).toMatchObject([
      { eventType: '(others)', count: 2 },
      { eventType: 'custom_7', count: 2 },
    ]);
  });
});

describe('a source shows who it is', () => {
  it('by its own token alone, which is worth nothing elsewhere', async () => {
    const [source, other] = [await createSource(), await createSource()];
    const application = await createToken(transmitter, await createApplication(transmitter, provider));
    const { adminToken } = transmitter;

    const answers = [
      await send(source, SIGNAL, { token: other.token }),
      await send(source, SIGNAL, { token: application }),
      await send(source, SIGNAL, { token: adminToken }),
      await send(source, SIGNAL, { token: undefined }),
      await send({ ...source, id: 'nothing' }, SIGNAL),
      await transmitter.admin.call('/signals', { token: source.token }),
      await transmitter.admin.call('/sources', { token: source.token }),
      await call(`${transmitter.baseUrl}/ssf/${provider.slug}/streams`, { token: source.token }),
    ];

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect(transmitter.logLines.join()).not.toContain(source.token);
  });

  it.each<[NewSource['profile'], string, object]>([
    ['keycloak', 'x-keycloak-signature', samples.KEYCLOAK_LOGOUT],
    ['logto', 'logto-signature-sha-256', samples.LOGTO_SIGN_IN],
  ])('by the signature of %s, once it has the secret', async (profile, header, event) => {
    const source = await createSource({ profile, signingSecret: SECRET });

    const answers = [
      await send(source, event, signature(header, { ...event, userId: 'u-1' })),
      await send(source, event, signature(header, event, 'another-secret-of-theirs')),
      await send(source, event),
      await send(source, event, signature(header, event)),
    ];

    expect(source).toMatchObject({ authentication: 'signature' });
    expect(source).not.toHaveProperty('token');
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 202]);
    expect(transmitter.logLines.join()).not.toContain(SECRET);
  });

  it('by the signature of the bytes that it sent, and not of what they say', async () => {
    const source = await createSource({ profile: 'logto', signingSecret: SECRET });
    const body = `${JSON.stringify({ ...samples.LOGTO_SIGN_IN, note: 'Größe' }, null, 2).replace('ö', '\\u00f6')}\n`;
    const sign = (text: string): Call => ({
      headers: { 'logto-signature-sha-256': createHmac('sha256', SECRET).update(text).digest('hex') },
    });

    const answers = [
      await send(source, body, sign(JSON.stringify(JSON.parse(body)))),
      await send(source, body, sign(body)),
      await send(source, body, { headers: { 'logto-signature-sha-256': '' } }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 202, 401]);
  });

  it('by what it was given last', async () => {
    const source = await createSource({ profile: 'logto' });
    const path = `/sources/${source.id}`;
    const event = samples.LOGTO_SIGN_IN;
    const signed = signature('logto-signature-sha-256', event);

    const patched = await transmitter.admin.call(path, { method: 'PATCH', body: { signingSecret: SECRET } });
    const afterwards = [await send(source, event), await send(source, event, signed)];
    const renewed = await renewToken(source);
    const atLast = [
      await send(source, event, { ...signed, token: undefined }),
      await send({ ...source, ...renewed }, event),
    ];

    expect(patched.text).not.toContain(SECRET);
    expect(renewed.scope).toBe('ssf.emit');
    expect([...afterwards, ...atLast].map(({ status }) => status)).toEqual([401, 202, 401, 202]);
  });

  it('until it is deleted, or its provider is', async () => {
    const own = await createProvider(transmitter);
    const [one, two] = [await createSource({}, own), await createSource({}, own)];
    await send(one, SIGNAL);

    await transmitter.admin.delete(`/sources/${one.id}`);
    expect((await send(one, SIGNAL)).status).toBe(401);
    expect(await stored(own)).toHaveLength(1);

    await transmitter.admin.delete(`/providers/${own.id}`);
    expect((await send(two, SIGNAL)).status).toBe(401);
  });
});

describe('refused, with nothing changed, is', () => {
  it.each<[string, NewSource['profile'], unknown, Call, string[] | undefined]>([
    ['a signal of another provider', 'signal', { ...SIGNAL, provider: 'other' }, {}, ['provider']],
    ['one of several', 'signal', [SIGNAL, { ...SIGNAL, type: 'x' }], {}, ['[1].type']],
    ['a number', 'signal', 7, {}, ['']],
    [
      'a CloudEvent of another provider',
      'cloudevents',
      {
        specversion: '1.0',
        id: '1',
        source: '/',
        type: 'logout',
        data: { provider: 'x', subject: SIGNAL.subject },
      },
      { headers: { 'content-type': 'application/cloudevents+json' } },
      ['data.provider'],
    ],
    ['a signal of a source of CloudEvents', 'cloudevents', SIGNAL, {}, undefined],
    ['a CloudEvent of a source of signals', 'signal', {}, { headers: { 'ce-id': '1' } }, undefined],
    ['what is not JSON', 'keycloak', '{', {}, undefined],
  ])('%s', async (_what, profile, body, options, members) => {
    const source = await createSource({ profile });
    const before = await stored(provider);

    const answer = await send(source, body, options);

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors?.map(({ member }) => member)).toEqual(members);
    expect(await stored(provider)).toEqual(before);
  });

  it.each<[string, object, string, number]>([
    ['an unknown provider', { providerId: '0195d1b2-0000-7000-8000-000000000000' }, 'providerId', 400],
    ['an unknown profile', { profile: 'okta' }, 'profile', 400],
    ['a short secret', { profile: 'logto', signingSecret: 'short' }, 'signingSecret', 400],
    [
      'a secret for what does not sign',
      { profile: 'authentik', signingSecret: SECRET },
      'signingSecret',
      400,
    ],
    ['a list of what is a signal or wrong', { profile: 'signal', unmapped: 'list' }, 'unmapped', 400],
    ['a null', { unmapped: null }, 'unmapped', 400],
    ['an unknown member', { colour: 'red' }, 'colour', 400],
    ['a slug that is taken', { slug: 'taken' }, 'slug', 409],
  ])('a source with %s', async (_what, members, member, status) => {
    if (status === 409) await createSource({ slug: 'taken' });
    const valid = { providerId: provider.id, slug: 'new', name: 'New', profile: 'keycloak' };

    const answer = await transmitter.admin.call('/sources', { body: { ...valid, ...members } });

    expect([answer.status, answer.json<Problem>().detail]).toEqual([
      status,
      expect.stringContaining(`${member}: `),
    ]);
  });

  it('a change of what cannot be changed', async () => {
    const { id } = await createSource();

    const answer = await transmitter.admin.call(`/sources/${id}`, {
      method: 'PATCH',
      body: { slug: 'x', profile: 'logto', name: '' },
    });

    expect(
      answer
        .json<Problem>()
        .errors?.map(({ member }) => member)
        .toSorted(),
    ).toEqual(['name', 'profile', 'slug']);
    expect((await transmitter.admin.call('/sources/nothing')).status).toBe(404);
  });
});

it('sources are listed page by page, without what they keep secret', async () => {
  const own = await createProvider(transmitter);
  const sources = [await createSource({}, own), await createSource({}, own), await createSource({}, own)];

  const pages = await transmitter.admin.all<Source>(`/sources?providerId=${own.id}`, 2);

  expect(pages.map((page) => page.map(({ id }) => id))).toEqual([
    sources.slice(0, 2).map(({ id }) => id),
    sources.slice(2).map(({ id }) => id),
  ]);
  expect(Object.keys(pages[0]?.[0] ?? {}).toSorted()).toEqual(
    [
      'id',
      'providerId',
      'slug',
      'name',
      'profile',
      'unmapped',
      'authentication',
      'createdAt',
      'updatedAt',
    ].toSorted(),
  );
});

describe('the token of a source', () => {
  function record(token: string | undefined, body: unknown, options: Call = {}): Promise<Answer> {
    return call(`${transmitter.baseUrl}/api/v1/signals`, { token, body, ...options });
  }

  it('records signals of its provider, as the administrator does, and CloudEvents', async () => {
    const own = await createProvider(transmitter);
    const { token } = await createSource({}, own);
    const cloudEvent = { specversion: '1.0', id: 'e-1', source: 'idp', type: 'logout', data: SIGNAL_DATA };

    const answers = [
      await record(token, SIGNAL),
      await record(token, [{ ...SIGNAL, id: 'evt-2', provider: own.slug }]),
      await record(token, cloudEvent, { headers: { 'content-type': 'application/cloudevents+json' } }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(await stored(own)).toHaveLength(3);
  });

  it('records for no other provider, does not import, and opens nothing else', async () => {
    const { token } = await createSource();
    const [elsewhere, product] = [
      await createProvider(transmitter),
      await createSource({ profile: 'keycloak' }),
    ];
    const ndjson = { headers: { 'content-type': 'application/x-ndjson' } };

    const refused = [
      await record(token, { ...SIGNAL, provider: elsewhere.slug }),
      await record(token, `${JSON.stringify({ ...SIGNAL, provider: elsewhere.slug })}\n`, ndjson),
      await record(product.token, SIGNAL),
      await record(`${token}x`, SIGNAL),
      await record(token, undefined, { method: 'GET' }),
      await call(`${transmitter.baseUrl}/api/v1/signals/preview`, { token, body: SIGNAL }),
    ];

    expect(refused.map(({ status }) => status)).toEqual([400, 403, 403, 401, 401, 401]);
    expect(refused[0]?.json<Problem>().errors?.map(({ member }) => member)).toEqual(['provider']);
    expect(await stored(elsewhere)).toEqual([]);
  });

  it('is worth nothing once there is a new one', async () => {
    const source = await createSource();
    await renewToken(source);

    expect((await record(source.token, SIGNAL)).status).toBe(401);
  });

  it('gets no answer that was given to somebody else under the same Idempotency-Key', async () => {
    const { token } = await createSource();
    const body = { ...SIGNAL, id: 'evt-shared', provider: provider.slug };
    const options = { headers: { 'idempotency-key': `key-of-${provider.slug}` } };
    expect((await record(transmitter.adminToken, body, options)).status).toBe(202);

    expect((await record(token, body, options)).status).toBe(409);
  });
});
