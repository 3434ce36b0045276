import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Call } from '../support/http.js';
import { PUSH } from '../support/receiver-client.js';
import { type Connection, connect } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const TOO_LARGE = JSON.stringify({ description: 'x'.repeat(4 * 1024 * 1024) });
const ENDPOINT = 'http://127.0.0.1:9/in';

let transmitter: Transmitter;
let streams: unknown;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

interface ReceiverError {
  readonly err: string;
  readonly description: string;
}

/** Refused in the receiver API's own form, and nothing has changed. */
async function expectRefused(
  { api }: Connection,
  send: () => ReturnType<typeof call>,
  status: number,
): Promise<ReceiverError> {
  streams = (await api.readStreams()).json();
  const answer = await send();
  expect({ status: answer.status, body: answer.text }).toEqual({
    status,
    body: expect.any(String) as string,
  });
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const error = answer.json<ReceiverError>();
  expect(error).toEqual({ err: expect.any(String) as string, description: expect.any(String) as string });
  expect((await api.readStreams()).json()).toEqual(streams);
  return error;
}

describe('creating a stream is refused for', () => {
  const push = (members: object): object => ({
    delivery: { method: PUSH, endpoint_url: ENDPOINT, ...members },
  });

  it.each<[string, object, string]>([
    ['an unknown method', push({ method: 'urn:acme:pigeon' }), 'delivery.method'],
    [
      'a method of older drafts',
      push({ method: 'https://schemas.openid.net/secevent/risc/delivery-method/push' }),
      'delivery.method',
    ],
    ['no method', push({ method: undefined }), 'delivery.method'],
    ['a delivery that is a string', { delivery: PUSH }, 'delivery'],
    ['no endpoint', push({ endpoint_url: undefined }), 'delivery.endpoint_url'],
    ['an endpoint that is no URL', push({ endpoint_url: '/in' }), 'delivery.endpoint_url'],
    ['an endpoint of another scheme', push({ endpoint_url: 'ftp://rx.test/in' }), 'delivery.endpoint_url'],
    [
      'credentials in the endpoint',
      push({ endpoint_url: 'http://a:b@127.0.0.1/in' }),
      'delivery.endpoint_url',
    ],
    ['a fragment in the endpoint', push({ endpoint_url: `${ENDPOINT}#x` }), 'delivery.endpoint_url'],
    ['an endpoint with NUL', push({ endpoint_url: `${ENDPOINT}\0` }), 'delivery.endpoint_url'],
    [
      'a line break in the header',
      push({ authorization_header: 'a\r\nX-Y: z' }),
      'delivery.authorization_header',
    ],
    ['a header that is no string', push({ authorization_header: 7 }), 'delivery.authorization_header'],
    ['events that are no list', { ...push({}), events_requested: 'all' }, 'events_requested'],
    ['an event that is no string', { ...push({}), events_requested: ['urn:a', 7] }, 'events_requested[1]'],
    ['an event with NUL', { ...push({}), events_requested: ['urn:\0'] }, 'events_requested[0]'],
    ['a description that is no string', { ...push({}), description: 7 }, 'description'],
    ['a description with half of a surrogate pair', { ...push({}), description: '\udc00' }, 'description'],
  ])('%s', async (_what, body, member) => {
    const connection = await connect(transmitter);

    const error = await expectRefused(connection, () => connection.api.createStream(body), 400);

    expect(error.err).toBe('invalid_request');
    expect(error.description).toContain(`${member}:`);
  });
});

describe.each<[string, (connection: Connection, options: Call) => ReturnType<typeof call>]>([
  ['creating a stream', ({ api }, options) => api.createStream(undefined, { method: 'POST', ...options })],
  ['a verification', ({ api }, options) => api.verify(undefined, { method: 'POST', ...options })],
])('%s is refused for a body that is', (_call, send) => {
  it.each<[string, Call, number?]>([
    ['malformed JSON', { body: ';{ broken' }],
    ['a list', { body: [] }],
    ['a string', { body: '"text"' }],
    ['null', { body: 'null' }],
    ['a number', { body: '7' }],
    ['not there', {}],
    ['of another type', { body: '{}', headers: { 'content-type': 'text/plain' } }],
    ['of 4 MiB and more', { body: TOO_LARGE }, 413],
  ])('%s', async (_what, options, status = 400) => {
    const connection = await connect(transmitter);

    const error = await expectRefused(connection, () => send(connection, options), status);

    expect(error.err).toBe(status === 413 ? 'payload_too_large' : 'invalid_request');
  });
});

describe('a verification is refused for', () => {
  it.each<[string, object]>([
    ['no stream_id', {}],
    ['a stream_id that is no string', { stream_id: 7 }],
    ['an empty stream_id', { stream_id: '' }],
    ['a state that is no string', { state: 7 }],
    ['a state that is null', { state: null }],
    ['a state without end', { state: 'x'.repeat(5000) }],
    ['a state with NUL', { state: 'a\0' }],
  ])('%s', async (what, members) => {
    const connection = await connect(transmitter);
    const base = what.includes('stream_id') ? {} : { stream_id: connection.stream.stream_id };

    const error = await expectRefused(connection, () => connection.api.verify({ ...base, ...members }), 400);

    expect(error.err).toBe('invalid_request');
    expect(await transmitter.admin.sets({ streamId: connection.stream.stream_id })).toEqual([]);
  });
});

describe('the stream_id in the query', () => {
  it.each<[string, 'configuration_endpoint' | 'status_endpoint', Call, string, number]>([
    ['is needed to read the status', 'status_endpoint', {}, '', 400],
    ['is needed to delete', 'configuration_endpoint', { method: 'DELETE' }, '', 400],
    ['is needed to delete, not empty', 'configuration_endpoint', { method: 'DELETE' }, '?stream_id=', 400],
    ['may not be there twice', 'configuration_endpoint', {}, '?stream_id=a&stream_id=b', 400],
    ['may not be there twice for the status', 'status_endpoint', {}, '?stream_id=a&stream_id=b', 400],
    ['that is no uuid is unknown', 'configuration_endpoint', {}, '?stream_id=nothing', 404],
    ['that is NUL is unknown', 'status_endpoint', {}, '?stream_id=%00', 404],
  ])('%s', async (_what, endpoint, options, query, status) => {
    const connection = await connect(transmitter);
    const { metadata, token } = connection.api;

    const error = await expectRefused(
      connection,
      () => call(metadata[endpoint] + query, { token, ...options }),
      status,
    );

    expect(error.err).toBe(status === 400 ? 'invalid_request' : 'not_found');
  });
});

describe('Content-Type', () => {
  it.each([
    ['may be absent', undefined],
    ['may have a charset', 'application/json; charset=utf-8'],
    ['may be in capitals', 'Application/JSON'],
  ])('%s', async (_what, contentType) => {
    const { api, stream } = await connect(transmitter);
    const body = new TextEncoder().encode(JSON.stringify({ stream_id: stream.stream_id }));

    const response = await fetch(api.metadata.verification_endpoint, {
      method: 'POST',
      // bytes, for which fetch makes up no type
      body,
      headers: {
        authorization: `Bearer ${api.token}`,
        ...(contentType !== undefined && { 'content-type': contentType }),
      },
    });

    expect(response.status).toBe(204);
  });
});

describe('paths that lead nowhere', () => {
  it.each(['/ssf/nobody/jwks.json', '/ssf/%00/jwks.json', '/.well-known/ssf-configuration/ssf/%00'])(
    'GET %s is 404',
    async (path) => {
      const answer = await call(transmitter.baseUrl + path);

      expect(answer.status).toBe(404);
      expect(answer.json()).toMatchObject({ err: 'not_found' });
    },
  );
});
