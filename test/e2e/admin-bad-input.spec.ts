import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import type { Application, Problem, Provider } from '../support/api-types.js';
import type { Call } from '../support/http.js';
import { connect, createApplication, createProvider, issueToken } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const TOO_LARGE = JSON.stringify({ name: 'x'.repeat(4 * 1024 * 1024) });

let transmitter: Transmitter;
let provider: Provider;
let application: Application;

beforeAll(async () => {
  transmitter = await startTransmitter();
  provider = await createProvider(transmitter);
  application = await createApplication(transmitter, provider);
});

afterAll(() => transmitter.stop());

/** Everything that an administrator can make. */
async function stored(): Promise<unknown> {
  return transmitter.database.query(
    `select (select count(*) from ssf.provider) as providers, (select count(*) from ssf.signing_key) as keys,
            (select count(*) from ssf.application) as applications, (select count(*) from ssf.application_token) as tokens,
            (select count(*) from ssf.signal) as signals, (select count(*) from ssf.signal_identity) as identities,
            (select json_agg(p order by id) from (select id, name, config_version from ssf.provider) p) as configuration`,
  );
}

/** The call is refused, nothing is stored, and the problem is told in RFC 9457's form. */
async function refused(path: string, call: Call, status = 400): Promise<Problem> {
  const before = await stored();
  const answer = await transmitter.admin.call(path, call);
  expect({ status: answer.status, body: answer.text }).toEqual({
    status,
    body: expect.any(String) as string,
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = answer.json<Problem>();
  expect(problem).toMatchObject({
    type: 'about:blank',
    status,
    title: expect.any(String) as string,
    code: expect.any(String) as string,
    detail: expect.any(String) as string,
  });
  expect(await stored()).toEqual(before);
  return problem;
}

function membersOf(problem: Problem): string[] | undefined {
  return problem.errors?.map(({ member }) => member);
}

describe('POST /providers refuses', () => {
  const valid = { slug: 'acme', name: 'Acme' };

  it.each<[string, object, string[]]>([
    ['an unknown member', { ...valid, colour: 'red' }, ['colour']],
    ['no member at all', {}, ['slug', 'name']],
    ['a slug that is no string', { ...valid, slug: 7 }, ['slug']],
    ['a slug in capitals', { ...valid, slug: 'Acme' }, ['slug']],
    ['a slug with a slash', { ...valid, slug: 'a/b' }, ['slug']],
    ['a slug of 64 characters', { ...valid, slug: 'a'.repeat(64) }, ['slug']],
    ['an empty name', { ...valid, name: '' }, ['name']],
    ['a name of 101 characters', { ...valid, name: 'x'.repeat(101) }, ['name']],
    ['a name that is an object', { ...valid, name: {} }, ['name']],
    ['an issuer that is no URL', { ...valid, issuer: 'acme' }, ['issuer']],
    ['an http issuer', { ...valid, issuer: 'http://idp.acme.test' }, ['issuer']],
    ['an issuer with a query', { ...valid, issuer: 'https://idp.acme.test/?t=1' }, ['issuer']],
    ['an issuer with a fragment', { ...valid, issuer: 'https://idp.acme.test/#t' }, ['issuer']],
    ['an issuer with credentials', { ...valid, issuer: 'https://a:b@idp.acme.test/' }, ['issuer']],
    ['an issuer below /.well-known', { ...valid, issuer: 'https://acme.test/.well-known/x' }, ['issuer']],
    ['an issuer that is null', { ...valid, issuer: null }, ['issuer']],
    ['an unknown algorithm', { ...valid, signingAlgorithm: 'HS256' }, ['signingAlgorithm']],
    ['unknown default subjects', { ...valid, defaultSubjects: 'SOME' }, ['defaultSubjects']],
    ['a retention of nothing', { ...valid, eventRetentionDays: 0 }, ['eventRetentionDays']],
    ['a retention of half days', { ...valid, eventRetentionDays: 1.5 }, ['eventRetentionDays']],
    ['a retention in words', { ...valid, eventRetentionDays: '30' }, ['eventRetentionDays']],
    ['a version with a dot', { ...valid, specVersion: '1.0' }, ['specVersion']],
    ['a flag that is none', { ...valid, legacyDeliveryUris: 'yes' }, ['legacyDeliveryUris']],
    ['trusted issuers that are no list', { ...valid, trustedIssuers: {} }, ['trustedIssuers']],
    [
      'an unknown member of a trusted issuer',
      { ...valid, trustedIssuers: [{ issuer: 'https://login.test', audience: 'x', colour: 'red' }] },
      ['trustedIssuers[0].colour'],
    ],
    [
      'a trusted issuer that is no URL',
      { ...valid, trustedIssuers: [{ issuer: 'nowhere', audience: 'x' }] },
      ['trustedIssuers[0].issuer'],
    ],
  ])('%s', async (_what, body, members) => {
    const problem = await refused('/providers', { body });

    expect(membersOf(problem)?.toSorted()).toEqual(members.toSorted());
    expect(problem.code).toBe('invalid_request');
  });

  it('a slug that another provider has, with 409', async () => {
    const problem = await refused('/providers', { body: { slug: provider.slug, name: 'Again' } }, 409);

    expect(problem.code).toBe('conflict');
  });

  it('an issuer that another provider has, with 409', async () => {
    const body = { slug: 'other', name: 'Other', issuer: provider.issuer };

    await refused('/providers', { body }, 409);
  });
});

describe('PATCH /providers/{id} refuses', () => {
  it.each<[string, object, string[]]>([
    ['the slug, which cannot be changed', { slug: 'other' }, ['slug']],
    ['the issuer, which cannot be changed', { issuer: 'https://idp.acme.test' }, ['issuer']],
    ['an unknown member', { colour: 'red' }, ['colour']],
    ['a wrong value', { eventRetentionDays: 'many' }, ['eventRetentionDays']],
    ['a name that is null', { name: null }, ['name']],
    ['default subjects that are null', { defaultSubjects: null }, ['defaultSubjects']],
    ['a retention that is null', { eventRetentionDays: null }, ['eventRetentionDays']],
  ])('%s', async (_what, body, members) => {
    const problem = await refused(`/providers/${provider.id}`, { method: 'PATCH', body });

    expect(membersOf(problem)).toEqual(members);
  });

  it('nothing when there is nothing to change', async () => {
    const answer = await transmitter.admin.call(`/providers/${provider.id}`, { method: 'PATCH', body: {} });

    expect(answer.status).toBe(200);
    expect(answer.json<Provider>().name).toBe(provider.name);
  });
});

describe('POST /applications refuses', () => {
  const valid = { slug: 'mail', name: 'Mail' };

  it.each<[string, object, string[]]>([
    ['an unknown member', { colour: 'red' }, ['colour']],
    ['a provider that is no uuid', { providerId: 'acme' }, ['providerId']],
    ['an unknown provider', { providerId: randomUUID() }, ['providerId']],
    ['an unknown event type', { allowedEvents: ['urn:acme:unknown'] }, ['allowedEvents[0]']],
    ['events that are no list', { allowedEvents: 'all' }, ['allowedEvents']],
    ['an unknown delivery method', { allowedDeliveryMethods: ['pigeon'] }, ['allowedDeliveryMethods[0]']],
    ['an unknown subject format', { subjectFormat: 'nickname' }, ['subjectFormat']],
    ['an audience of numbers', { audience: [7] }, ['audience']],
    ['an empty audience', { audience: [] }, ['audience']],
    ['an audience that is an object', { audience: {} }, ['audience']],
    ['groups that are no list', { allowedGroups: 'staff' }, ['allowedGroups']],
    ['a flag that is none', { verifyOnCreate: 1 }, ['verifyOnCreate']],
    ['no stream at all', { maxStreams: 0 }, ['maxStreams']],
    ['a flag that is null', { pairwiseSubjects: null }, ['pairwiseSubjects']],
    ...['email', 'phone_number', 'account', 'did', 'uri'].map((subjectFormat): [string, object, string[]] => [
      `pairwise subjects in the format ${subjectFormat}`,
      { pairwiseSubjects: true, subjectFormat },
      ['subjectFormat'],
    ]),
  ])('%s', async (_what, members, names) => {
    const body = { providerId: provider.id, ...valid, ...members };

    const problem = await refused('/applications', { body });

    expect(membersOf(problem)).toEqual(names);
  });

  it('a slug that another application of the provider has, with 409', async () => {
    const body = { providerId: provider.id, slug: application.slug, name: 'Again' };

    await refused('/applications', { body }, 409);
  });
});

describe('PATCH /applications/{id} refuses', () => {
  it.each<[string, object, string[]]>([
    ['the slug, which cannot be changed', { slug: 'other' }, ['slug']],
    ['the provider, which cannot be changed', { providerId: randomUUID() }, ['providerId']],
    ['a name that is null', { name: null }, ['name']],
    ['a subject format that is null', { subjectFormat: null }, ['subjectFormat']],
    ['an audience that is null', { audience: null }, ['audience']],
    ['a flag that is null', { verifyOnCreate: null }, ['verifyOnCreate']],
  ])('%s', async (_what, body, members) => {
    const problem = await refused(`/applications/${application.id}`, { method: 'PATCH', body });

    expect(membersOf(problem)).toEqual(members);
  });

  it.each<[string, object, object, string[]]>([
    ['a format', { pairwiseSubjects: true }, { subjectFormat: 'email' }, ['subjectFormat']],
    ['pairwise subjects', { subjectFormat: 'did' }, { pairwiseSubjects: true }, ['pairwiseSubjects']],
    ['both', {}, { subjectFormat: 'uri', pairwiseSubjects: true }, ['subjectFormat']],
  ])('%s that would give pairwise subjects away', async (_what, before, body, members) => {
    const { id } = await createApplication(transmitter, provider, before);

    const problem = await refused(`/applications/${id}`, { method: 'PATCH', body });

    expect(membersOf(problem)).toEqual(members);
    const params = { path: { id } };
    const found = await taken(transmitter.admin.api.GET('/api/v1/applications/{id}', { params }));
    expect(found).toMatchObject({
      subjectFormat: 'iss_sub',
      pairwiseSubjects: false,
      ...before,
    });
  });
});

describe('GET /applications/{id}/pairwise-subject refuses', () => {
  it.each(['', '?userId=', '?user=u-31', '?userId=1&userId=2'])('the query %j', async (query) => {
    const { id } = await createApplication(transmitter, provider, { pairwiseSubjects: true });

    await refused(`/applications/${id}/pairwise-subject${query}`, {});
  });

  it('an application without pairwise subjects, with 404', async () => {
    await refused(`/applications/${application.id}/pairwise-subject?userId=u-31`, {}, 404);
  });
});

describe('POST /applications/{id}/tokens refuses', () => {
  it.each<[string, object, string[]]>([
    ['no scopes', {}, ['scopes']],
    ['an empty list of scopes', { scopes: [] }, ['scopes']],
    ['an unknown scope', { scopes: ['ssf.root'] }, ['scopes']],
    ['a scope twice', { scopes: ['ssf.read', 'ssf.read'] }, ['scopes']],
    ['an end that is no time', { scopes: ['ssf.read'], expiresAt: 'soon' }, ['expiresAt']],
    ['a token of the caller', { scopes: ['ssf.read'], token: 'mine' }, ['token']],
  ])('%s', async (_what, body, members) => {
    const problem = await refused(`/applications/${application.id}/tokens`, { body });

    expect(membersOf(problem)).toEqual(members);
  });

  it('an unknown application, with 404', async () => {
    const problem = await refused(
      `/applications/${randomUUID()}/tokens`,
      { body: { scopes: ['ssf.read'] } },
      404,
    );

    expect(problem.code).toBe('not_found');
  });
});

describe('POST /signals refuses', () => {
  const user = { user: { id: 'u-31' } };

  it.each<[string, object, string[]]>([
    ['an unknown member', { colour: 'red' }, ['colour']],
    ['an unknown provider', { provider: 'nobody' }, ['provider']],
    ['a provider that is no string', { provider: 7 }, ['provider']],
    ['an unknown type', { type: 'session.stolen' }, ['type']],
    ['a type with the name of a method', { type: 'toString' }, ['type']],
    ['no type', { type: undefined }, ['type']],
    ['no subject', { subject: undefined }, ['subject']],
    ['an empty subject', { subject: {} }, ['subject']],
    ['a subject that is a string', { subject: 'u-31' }, ['subject']],
    ['a user that is a string', { subject: { user: 'u-31' } }, ['subject.user']],
    ['a user without an identifier', { subject: { user: { groups: ['a'] } } }, ['subject.user']],
    ['an unknown member of a user', { subject: { user: { id: '1', name: 'Ana' } } }, ['subject.user.name']],
    ['an address that is none', { subject: { user: { email: 'Ana <a@b.c>' } } }, ['subject.user.email']],
    [
      'a number that is not E.164',
      { subject: { user: { phoneNumber: '555' } } },
      ['subject.user.phoneNumber'],
    ],
    ['groups that are no list', { subject: { user: { id: '1', groups: 'a' } } }, ['subject.user.groups']],
    ['a subId without a format', { subject: { subId: { id: '1' } } }, ['subject.subId.format']],
    ['an unknown format', { subject: { subId: { format: 'x', id: '1' } } }, ['subject.subId.format']],
    [
      'a subId with a member too many',
      { subject: { subId: { format: 'opaque', id: '1', sub: '2' } } },
      ['subject.subId.sub'],
    ],
    [
      'a subId beside a user',
      { subject: { ...user, subId: { format: 'opaque', id: '1' } } },
      ['subject.user'],
    ],
    ['a time without a zone', { occurredAt: '2026-01-01T00:00:00' }, ['occurredAt']],
    ['a day that there is not', { occurredAt: '2026-02-30T00:00:00Z' }, ['occurredAt']],
    ['a time in the future', { occurredAt: '2999-01-01T00:00:00Z' }, ['occurredAt']],
    ['an unknown initiating entity', { initiatingEntity: 'robot' }, ['initiatingEntity']],
    ['a reason that is a string', { reasonAdmin: 'Offboarding' }, ['reasonAdmin']],
    ['a reason without a text', { reasonUser: {} }, ['reasonUser']],
    ['an empty id', { id: '' }, ['id']],
    ['an id of 256 characters', { id: 'x'.repeat(256) }, ['id']],
    ['an empty txn', { txn: '' }, ['txn']],
    ['unknown details', { details: { colour: 'red' } }, ['details.colour']],
    ['details that are a list', { details: [] }, ['details']],
    [
      'an event type that is not registered',
      { type: 'event', details: { eventType: 'urn:acme:unknown' } },
      ['details.eventType'],
    ],
    [
      'an event about the stream, which only the transmitter sends',
      {
        type: 'event',
        details: { eventType: 'https://schemas.openid.net/secevent/ssf/event-type/verification' },
      },
      ['details.eventType'],
    ],
    [
      'a payload that its event type does not have',
      {
        type: 'event',
        details: {
          eventType: 'https://schemas.openid.net/secevent/caep/event-type/credential-change',
          payload: { credential_type: 'password', change_type: 'lost' },
        },
      },
      ['details.payload.change_type'],
    ],
    [
      'details without what the type needs',
      { type: 'risk-level.changed' },
      ['details.principal', 'details.currentLevel'],
    ],
    ['NUL in a text', { id: 'a\0b' }, ['id']],
    ['NUL in the name of a reason', { reasonAdmin: { 'e\0n': 'x' } }, ['reasonAdmin']],
    ['half of a surrogate pair', { subject: { user: { id: 'a\ud800' } } }, ['subject.user.id']],
  ])('%s', async (_what, members, names) => {
    const body = { provider: provider.slug, type: 'session.revoked', subject: user, ...members };

    const problem = await refused('/signals', { body });

    expect(membersOf(problem)?.toSorted()).toEqual(names.toSorted());
  });
});

describe.each(['/providers', '/applications', '/signals'])('POST %s refuses a body that is', (path) => {
  it.each<[string, Call, number?]>([
    ['malformed JSON', { body: ';{ broken' }],
    ['cut off', { body: '{"slug":"acme"' }],
    ['null', { body: 'null' }],
    ['a string', { body: '"text"' }],
    ['a number', { body: '7' }],
    ['a list in a list', { body: '[[]]' }],
    ['not there', { method: 'POST' }],
    ['empty', { method: 'POST', headers: { 'content-type': 'application/json' } }],
    ['of another type', { body: '{}', headers: { 'content-type': 'text/plain' } }],
    ['a form', { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['of 4 MiB and more', { body: TOO_LARGE }, 413],
  ])('%s', async (_what, call, status = 400) => {
    const problem = await refused(path, call, status);

    expect(problem.code).toBe(status === 413 ? 'payload_too_large' : 'invalid_request');
  });
});

describe('lists refuse', () => {
  const lists = ['/providers', '/applications', '/streams', '/signals', '/sets'];

  it.each(
    lists.flatMap((list) => [
      [`${list}?limit=0`, 'limit'],
      [`${list}?limit=251`, 'limit'],
      [`${list}?limit=ten`, 'limit'],
      [`${list}?limit=1.5`, 'limit'],
      [`${list}?limit=1&limit=2`, 'limit'],
      [`${list}?cursor=nonsense`, 'cursor'],
      [`${list}?cursor=`, 'cursor'],
      [`${list}?cursor=a&cursor=b`, 'cursor'],
      [`${list}?colour=red`, 'colour'],
    ]),
  )('%s', async (path, member) => {
    const problem = await refused(path, {});

    expect(membersOf(problem)).toEqual([member]);
  });

  it.each([
    ['/applications?providerId=acme', 'providerId'],
    ['/streams?status=broken', 'status'],
    ['/streams?applicationId=mail', 'applicationId'],
    ['/sets?status=lost', 'status'],
    ['/sets?streamId=7', 'streamId'],
    ['/sets?from=yesterday', 'from'],
    ['/sets?to=tomorrow', 'to'],
    ['/sets?subject=', 'subject'],
    ['/sets?subject=%7Bbroken', 'subject'],
    ['/audit-log?actorId=%00', 'actorId'],
    ['/audit-log?actorId=', 'actorId'],
    ['/sets?txn=%00', 'txn'],
    ['/sets?eventType=%00', 'eventType'],
    ['/signals?type=nothing', 'type'],
    ['/signals?from=yesterday', 'from'],
    ['/signals?externalId=%00', 'externalId'],
  ])('%s', async (path, member) => {
    const problem = await refused(path, {});

    expect(membersOf(problem)).toEqual([member]);
  });
});

describe('what does not exist is 404', () => {
  const things = ['/providers', '/applications', '/streams', '/signals', '/sets'];

  it.each(
    things.flatMap((thing) =>
      [randomUUID(), 'not-a-uuid', '%00', "'%20or%201=1"].map((id) => `${thing}/${id}`),
    ),
  )('GET %s', async (path) => {
    expect((await refused(path, {}, 404)).code).toBe('not_found');
  });

  it.each(['/providers', '/applications', '/streams'])('DELETE %s/{id}', async (path) => {
    await refused(`${path}/${randomUUID()}`, { method: 'DELETE' }, 404);
    await refused(`${path}/not-a-uuid`, { method: 'DELETE' }, 404);
  });

  it('a token of another application', async () => {
    const other = await createApplication(transmitter, provider);
    const token = await issueToken(transmitter, other);

    await refused(`/applications/${application.id}/tokens/${token.id}`, { method: 'DELETE' }, 404);
  });

  it('a deleted application, with its streams and tokens', async () => {
    const connection = await connect(transmitter, { to: provider });
    await transmitter.admin.delete(`/applications/${connection.application.id}`);

    await refused(`/applications/${connection.application.id}`, {}, 404);
    await refused(`/streams/${connection.stream.stream_id}`, {}, 404);
    expect((await connection.api.readStreams()).status).toBe(401);
  });
});
