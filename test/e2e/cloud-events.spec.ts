import { CloudEvent, HTTP } from 'cloudevents';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem, Provider, RecordedSignal, StoredSignal } from '../support/api-types.js';
import { type Answer, expectStatus } from '../support/http.js';
import { connect, createProvider } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const STRUCTURED = 'application/cloudevents+json; charset=utf-8';
const BATCH = 'application/cloudevents-batch+json';
const TIME = '2026-11-20T17:00:00.000Z';
const SUBJECT = { user: { id: 'u-31' } };

let transmitter: Transmitter;
let provider: Provider;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

beforeEach(async () => {
  provider = await createProvider(transmitter);
});

afterAll(() => transmitter.stop());

function cloudEvent(members: object = {}): Record<string, unknown> {
  const data = { provider: provider.slug, subject: SUBJECT };
  return { specversion: '1.0', id: 'evt-1', source: '/idp/eu', type: 'session.revoked', data, ...members };
}

function send(body: unknown, type = STRUCTURED, headers: Record<string, string> = {}): Promise<Answer> {
  return transmitter.admin.call('/signals', { body, headers: { 'content-type': type, ...headers } });
}

function recorded(answer: Answer): RecordedSignal[] {
  return expectStatus(answer, 202).json<{ data: RecordedSignal[] }>().data;
}

function stored(): Promise<StoredSignal[]> {
  return transmitter.admin.signals({ providerId: provider.id });
}

function membersOf(answer: Answer): (string | undefined)[] | undefined {
  return answer.json<Problem>().errors?.map(({ member }) => member);
}

describe('a CloudEvent', () => {
  it('becomes a signal with its SET, in each mode, as the package sends it', async () => {
    const { receiver, ...connection } = await connect(transmitter);
    const data = { provider: connection.provider.slug, subject: SUBJECT };
    const event = (id: string, type: string): CloudEvent<object> =>
      new CloudEvent({ id, source: '/idp/eu', type, time: TIME, data });
    const structured = HTTP.structured(event('evt-1', 'io.ssf.signal.session.revoked'));
    const binary = HTTP.binary(event('evt-2', 'logout'));

    const answers = [
      await send(structured.body, STRUCTURED),
      await transmitter.admin.call('/signals', {
        body: binary.body,
        headers: binary.headers as Record<string, string>,
      }),
      await send([event('evt-3', 'logout'), event('evt-4', 'io.ssf.signal.logout')], BATCH),
    ];

    const ids = answers.flatMap((answer) => recorded(answer).map(({ id }) => id));
    expect(ids).toHaveLength(4);
    for (const id of ids) await receiver.next(({ claims }) => claims.txn === id);
    const signals = await transmitter.admin.signals({ providerId: connection.provider.id });
    expect(signals.map(({ externalId, type, occurredAt }) => [externalId, type, occurredAt])).toEqual([
      ['/idp/eu evt-4', 'logout', TIME],
      ['/idp/eu evt-3', 'logout', TIME],
      ['/idp/eu evt-2', 'logout', TIME],
      ['/idp/eu evt-1', 'session.revoked', TIME],
    ]);
  });

  it('is one by its source and id together', async () => {
    const [first] = recorded(await send(cloudEvent()));

    expect(recorded(await send([cloudEvent(), cloudEvent({ source: '/idp/us' })], BATCH))).toEqual([
      { id: first?.id, status: 'duplicate' },
      { id: expect.not.stringMatching(first?.id ?? '') as string, status: 'accepted' },
    ]);
  });

  it('in binary mode has percent-encoded attributes, and an Idempotency-Key covers them', async () => {
    const body = { provider: provider.slug, subject: SUBJECT };
    const headers = (id: string): Record<string, string> => ({
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': '/idp',
      'ce-type': 'logout',
      'idempotency-key': `key-${provider.slug}`,
    });

    recorded(await send(body, 'application/json', headers('Zo%C3%AB 1%')));
    const other = await send(body, 'application/json', headers('evt-2'));

    expect(other.status).toBe(409);
    expect((await stored()).map(({ externalId }) => externalId)).toEqual(['/idp Zoë 1%']);
  });

  it('may have what says nothing about a signal, and null for what is absent', async () => {
    const extras = { subject: 'u-31', validate: 'x', traceparent: '00-1', time: null, dataschema: null };

    recorded(await send(cloudEvent(extras)));

    expect(await stored()).toHaveLength(1);
  });
});

describe('refused, and nothing recorded, is', () => {
  it.each<[string, object, string[]]>([
    ['a signal of no type', { type: 'io.ssf.signal.nothing' }, ['type']],
    ['a type of others', { type: 'com.acme.session.revoked' }, ['type']],
    ['a time without zone', { time: '2026-11-21T17:00:00' }, ['time']],
    ['a time in the future', { time: '2999-01-01T00:00:00Z' }, ['time']],
    ['an event of another version', { specversion: '0.3' }, ['specversion']],
    ['an event without id', { id: undefined }, ['id']],
    ['an empty id', { id: '' }, ['id']],
    ['an id that is no text', { id: 7 }, ['id']],
    ['too long an id', { id: 'x'.repeat(248) }, ['id']],
    ['an id with NUL', { id: 'a\u0000' }, ['id']],
    ['a source that is no URI', { source: 'a b' }, ['source']],
    ['a name that is none', { 'no name': 1 }, ['no name']],
    ['binary data', { data: undefined, data_base64: 'AAAA' }, ['data_base64']],
    ['data that is text', { data: '{}' }, ['data']],
    ['data that is no JSON', { datacontenttype: 'application/xml' }, ['datacontenttype']],
    ['no data', { data: undefined }, ['data']],
    ['data without provider', { data: { subject: SUBJECT } }, ['data.provider']],
    ['an unknown provider', { data: { provider: 'nobody', subject: SUBJECT } }, ['data.provider']],
    [
      'what the envelope says already',
      { data: { provider: 'acme', subject: SUBJECT, id: '1', type: 'logout', occurredAt: TIME } },
      ['data.id', 'data.type', 'data.occurredAt'],
    ],
    [
      'a wrong subject',
      { data: { provider: 'acme', subject: { user: { email: 'no' } } } },
      ['data.subject.user.email'],
    ],
  ])('%s', async (_what, members, names) => {
    const answer = await send(cloudEvent(members));

    expect([answer.status, membersOf(answer)]).toEqual([400, names]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await stored()).toEqual([]);
  });

  it('a whole batch, each wrong member named', async () => {
    const wrong = cloudEvent({ data: { provider: provider.slug, subject: { user: {} } } });

    const answer = await send([cloudEvent(), cloudEvent({ source: '' }), 7, wrong], BATCH);

    expect([answer.status, membersOf(answer)]).toEqual([400, ['[1].source', '[2]', '[3].data.subject.user']]);
    expect(await stored()).toEqual([]);
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a batch that is none', {}, BATCH, /array of CloudEvents/],
    ['an empty batch', [], BATCH, /1 to 1000/],
    ['a batch as one event', [], STRUCTURED, /CloudEvent object/],
    ['another event format', {}, 'application/cloudevents+xml', /JSON event format/],
    ['what is not JSON', '{', STRUCTURED, /not valid JSON/],
  ])('%s', async (_what, body, type, detail) => {
    const answer = await send(body, type);

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().detail).toMatch(detail);
  });

  it('a header of a binary one, by its name', async () => {
    const headers = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/idp', 'ce-time': 'now' };

    const answers = [
      await send({}, 'application/json', headers),
      await send({ provider: 'x' }, 'application/json', { ...headers, 'ce-type': 'logout' }),
    ];

    expect(answers.map(membersOf)).toEqual([['ce-type'], ['ce-time']]);
  });
});
