import { RequestMethod, type Type } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiscoveryModule } from '../../src/http/receiver/discovery.module.js';
import { ReceiverHttpModule } from '../../src/http/receiver/receiver-http.module.js';
import { ApiDescription, withoutTimes } from '../support/api-description.js';
import type { NewApplication, Provider } from '../support/api-types.js';
import { AuthorizationServer } from '../support/authorization-server.js';
import { type Answer, call } from '../support/http.js';
import { POLL, PUSH, ReceiverClient } from '../support/receiver-client.js';
import {
  connect,
  createApplication,
  createProvider,
  createToken,
  sessionRevoked,
} from '../support/scenario.js';
import { TestReceiver } from '../support/test-receiver.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

// The description of the receiver API, held against what the API does: every status and every example of an error
// that it has is made to happen. What the authorization server answers is in oauth.spec.ts.

const AUDIENCE = 'https://receiver.example';
const EVENTS = ['session-revoked', 'credential-change'].map(
  (name) => `https://schemas.openid.net/secevent/caep/event-type/${name}`,
);
const CLIENT = 'receiver-7';
/** whatever it was */
const IF_CHANGED = { 'if-none-match': '*' };
/** what the examples of changes need, and few enough to be used up */
const CHANGES_PER_MINUTE = 12;
const TOO_LARGE = JSON.stringify({ description: 'x'.repeat(4 * 1024 * 1024) });

/** The paths of issuers may be deep, and poll answers 405 to what is no POST. */
const LEFT_OUT =
  /^GET \/\.well-known\/(ssf-configuration(\/{s\d}){2,}|oauth-protected-resource\/({path}|{s\d}(\/{s\d})+))$|^(GET|PUT|PATCH|DELETE) .*\/poll$/;

const OF_THE_AUTHORIZATION_SERVER = [
  'discoverAuthorizationServer',
  'introspectToken',
  'readOAuthJwks',
  'requestToken',
  'revokeAccessToken',
];

/** What only a race of two requests gives. */
const RACES = ['updateStream 409', 'replaceStream 409'];
/** The parsers of Fastify and of Express put it differently. */
const HOSTS_OWN = [413];

let transmitter: Transmitter;
let description: ApiDescription;
let receiver: TestReceiver;
let authorizationServer: AuthorizationServer;
let brokenServer: AuthorizationServer;
let provider: Provider;
let tokens: Record<'receiver' | 'stranger' | 'legacy' | 'full' | 'withoutScope' | 'unverifiable', string>;

beforeAll(async () => {
  [transmitter, authorizationServer, brokenServer, receiver] = await Promise.all([
    startTransmitter({ subjectChangesPerMinute: CHANGES_PER_MINUTE }),
    AuthorizationServer.start(),
    AuthorizationServer.start(),
    TestReceiver.start(),
  ]);
  brokenServer.isDown = true;
  description = await ApiDescription.read(`${transmitter.baseUrl}/docs/receiver.json`);
  provider = await createProvider(transmitter, {
    trustedIssuers: [authorizationServer, brokenServer].map(({ issuer }) => ({ issuer, audience: AUDIENCE })),
  });
  const claims = { aud: AUDIENCE, client_id: CLIENT };
  tokens = {
    receiver: await tokenOf({ clientId: CLIENT, maxStreams: 1000 }),
    stranger: await createToken(
      transmitter,
      await createApplication(transmitter, await createProvider(transmitter)),
    ),
    legacy: await tokenOf({ legacyProfile: true }),
    full: await tokenOf({}),
    withoutScope: await authorizationServer.token({ ...claims, scope: 'openid' }),
    unverifiable: await brokenServer.token({ ...claims, scope: 'ssf.manage' }),
  };
});

afterAll(async () => {
  await transmitter.stop();
  await Promise.all([authorizationServer.stop(), brokenServer.stop(), receiver.close()]);
});

async function tokenOf(members: Partial<NewApplication>): Promise<string> {
  const application = await createApplication(transmitter, provider, {
    audience: AUDIENCE,
    allowedEvents: EVENTS,
    ...members,
  });
  return createToken(transmitter, application);
}

interface Request {
  /** what has to be done before it */
  readonly first?: () => Promise<unknown>;
  /** the stream that it names, if it names one */
  readonly stream?: string;
  readonly slug?: string;
  readonly issuerPath?: string;
  readonly query?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

function isSecured(operationId: string): boolean {
  return description.operation(operationId).security?.some((each) => 'receiver' in each) ?? false;
}

/** A request as it is described; what it says otherwise is in `request`. */
function send(operationId: string, request: Request): Promise<Answer> {
  const { method, path, parameters = [], requestBody } = description.operation(operationId);
  const { slug = provider.slug, issuerPath = '', stream = '' } = request;
  const hasQuery = stream !== '' && parameters.some((each) => each.in === 'query');
  const query = request.query ?? (hasQuery ? `stream_id=${stream}` : '');
  const body = request.body ?? (requestBody && examplesOf(operationId, stream)[0]);
  const where = path
    .replace('{slug}', slug)
    .replace('{issuerPath}', issuerPath)
    .replace('{streamId}', stream);
  return call(`${transmitter.baseUrl}${where}?${query}`, {
    method,
    token: 'token' in request || !isSecured(operationId) ? request.token : tokens.receiver,
    body,
    headers: request.headers,
  });
}

/** The examples of a request, with what there is in this test in place of what they name. */
function examplesOf(operationId: string, stream: string): object[] {
  const { examples = {} } = description.operation(operationId).requestBody?.content['application/json'] ?? {};
  return Object.values(examples).map(({ value }) => {
    const text = JSON.stringify(value)
      .replaceAll('019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10', stream)
      .replaceAll('https://receiver.example/events', receiver.url)
      .replaceAll('https://idp.example/ssf/acme', provider.issuer);
    return JSON.parse(text) as object;
  });
}

async function createdStream(delivery: object = { method: POLL }, token = tokens.receiver): Promise<string> {
  const api = await ReceiverClient.discover(provider.configurationUrl, token);
  return (await api.createdStream({ delivery })).stream_id;
}

/** A push stream, as in the examples. */
function pushStream(): Promise<string> {
  return createdStream({ method: PUSH, endpoint_url: receiver.url });
}

/** What authentication and the reading of bodies answer, whatever the operation. */
function refusedRequests(operationId: string, stream: string): Request[] {
  return [
    ...(isSecured(operationId)
      ? [
          { stream, token: undefined },
          { stream, token: 'wrong' },
          { stream, query: 'access_token=a' },
          { stream, token: tokens.withoutScope },
          { stream, token: tokens.unverifiable },
          { stream, token: tokens.stranger },
        ]
      : []),
    ...(description.operation(operationId).requestBody
      ? [
          { stream, body: '{' },
          { stream, body: [] },
          { stream, headers: { 'content-type': 'text/plain' } },
          { stream, body: TOO_LARGE },
        ]
      : []),
  ];
}

/** For each operation, the requests that make it answer all that it is described to. */
const REQUESTS: Record<string, () => Request[] | Promise<Request[]>> = {
  discoverRootIssuer: () => [
    {},
    { first: () => createProvider(transmitter, { issuer: transmitter.baseUrl }) },
    { headers: IF_CHANGED },
  ],
  discoverIssuer: () => publicDocument(),
  discoverIssuerAtPath: () => [
    { issuerPath: 'nobody' },
    {
      first: () => createProvider(transmitter, { issuer: `${transmitter.baseUrl}/tenant-7` }),
      issuerPath: 'tenant-7',
    },
    { issuerPath: 'tenant-7', headers: IF_CHANGED },
  ],
  readProtectedResource: () => publicDocument(),
  readJwks: () => publicDocument(),

  createStream: async () => {
    await Promise.all(Array.from({ length: 20 }, () => createdStream(undefined, tokens.full)));
    const [push, poll, everything, legacy] = examplesOf('createStream', '');
    return [
      ...[push, poll, everything].map((body) => ({ body })),
      { body: legacy, token: tokens.legacy },
      ...wrongDeliveries().map((delivery) => ({ body: { delivery } })),
      { body: { events_requested: 'all' } },
      { token: tokens.full },
    ];
  },
  readStreams: async () => [
    { stream: await pushStream() },
    {},
    { token: await tokenOf({}) },
    { query: 'stream_id=a&stream_id=b' },
    { stream: randomUUID() },
  ],
  updateStream: async () => changes('updateStream', await pushStream()),
  replaceStream: async () => changes('replaceStream', await pushStream()),
  deleteStream: async () => inQuery(await createdStream()),
  readStatus: async () => inQuery(await createdStream()),
  updateStatus: async () => {
    const stream = await createdStream();
    const locked = await createdStream();
    await transmitter.admin.call(`/streams/${locked}/status`, { body: { status: 'disabled' } });
    return [
      ...inBody('updateStatus', stream),
      { body: { stream_id: stream, status: 'gone' } },
      { body: { stream_id: locked, status: 'enabled' } },
    ];
  },
  addSubject: async () => subjects('addSubject', await createdStream()),
  removeSubject: async () => {
    const stream = await createdStream();
    const ofTheStream = { stream_id: stream, subject: { format: 'opaque', id: stream } };
    return [...(await subjects('removeSubject', stream)), { body: ofTheStream }];
  },
  verifyStream: async () => {
    const [stream, another] = [await createdStream(), await createdStream()];
    const [withState, without] = examplesOf('verifyStream', stream);
    return [
      { body: withState },
      { body: { ...without, stream_id: another } },
      { body: withState },
      { body: { ...without, stream_id: 5 } },
      { body: { ...without, state: 'x'.repeat(4097) } },
      { body: { ...without, stream_id: randomUUID() } },
    ];
  },
  poll: async () => {
    const stream = await createdStream();
    await transmitter.admin.fannedOut(await transmitter.admin.record(sessionRevoked(provider)));
    return [
      ...examplesOf('poll', stream).map((body) => ({ stream, body })),
      { stream, body: { maxEvents: -1 } },
      { stream, body: { ack: 'all' } },
      { stream, body: { setErrs: [] } },
      { stream: randomUUID() },
    ];
  },
};

function publicDocument(): Request[] {
  return [{}, { headers: IF_CHANGED }, { slug: 'nobody' }];
}

function inQuery(stream: string): Request[] {
  return [{ stream }, { stream: randomUUID() }, { query: '' }, { query: 'stream_id=a&stream_id=b' }];
}

function inBody(operationId: string, stream: string): Request[] {
  const examples = examplesOf(operationId, stream);
  return [
    ...examples.map((body) => ({ body })),
    { body: { ...examples[0], stream_id: 5 } },
    { body: { ...examples[0], stream_id: randomUUID() } },
  ];
}

function changes(operationId: string, stream: string): Request[] {
  return [
    ...inBody(operationId, stream),
    ...wrongDeliveries().map((delivery) => ({ body: { stream_id: stream, delivery } })),
    { body: { stream_id: stream, aud: 'https://elsewhere.example' } },
  ];
}

async function subjects(operationId: string, stream: string): Promise<Request[]> {
  const exhausted = await createdStream();
  const [example] = examplesOf(operationId, exhausted);
  return [
    ...Array.from({ length: 2 * CHANGES_PER_MINUTE }, () => ({ body: example })),
    ...inBody(operationId, stream),
    { body: { stream_id: stream, subject: 'ana@acme.test' } },
    { body: { stream_id: stream, subject: { format: 'email', email: 'Ana <ana@acme.test>' } } },
  ];
}

function wrongDeliveries(): object[] {
  return [
    { method: 'urn:acme:pigeon' },
    { method: PUSH, endpoint_url: '/in' },
    { method: PUSH, endpoint_url: 'https://10.0.0.1/in' },
  ];
}

describe('the description of the receiver API', () => {
  it('has these operations, by names that clients are generated with', () => {
    expect(description.operations.map(({ operationId }) => operationId).sort()).toEqual(
      [...Object.keys(REQUESTS), ...OF_THE_AUTHORIZATION_SERVER].sort(),
    );
  });

  it('has every route of the receiver API', () => {
    const described = description.operations
      .filter(({ operationId }) => !OF_THE_AUTHORIZATION_SERVER.includes(operationId))
      .map(({ method, path }) => `${method} ${path}`);

    expect(
      routes()
        .filter((route) => !LEFT_OUT.test(route))
        .sort(),
    ).toEqual(described.sort());
  });

  it.each(Object.keys(REQUESTS))('of %s is what it does', async (operationId) => {
    const own = (await REQUESTS[operationId]?.()) ?? [];
    const stream = own.find((request) => request.stream)?.stream ?? (await createdStream());
    const answers: Answer[] = [];
    for (const request of [...refusedRequests(operationId, stream), ...own]) {
      await request.first?.();
      answers.push(await send(operationId, request));
    }

    expect(answers.flatMap((answer) => description.problemsOf(operationId, answer))).toEqual([]);
    const statuses = new Set(answers.map(({ status }) => status));
    expect(ascending(statuses)).toEqual(ascending(describedStatuses(operationId)));
    expect(unseenErrors(operationId, answers)).toEqual([]);
  });

  it.each(Object.keys(REQUESTS))(
    'of %s shows each body, says who may call, and what is refused',
    (operationId) => {
      const { responses, security } = description.operation(operationId);

      expect(description.exampleProblems(operationId)).toEqual([]);
      for (const status of describedStatuses(operationId))
        for (const { examples } of Object.values(responses[status]?.content ?? {}))
          expect(Object.keys(examples ?? {}), `${status}`).not.toEqual([]);
      if (isSecured(operationId)) {
        expect(security?.map(({ receiver: scopes }) => scopes)).toContainEqual(['ssf.manage']);
        expect(describedStatuses(operationId)).toEqual(expect.arrayContaining([400, 401, 403, 404, 503]));
      } else expect(security).toEqual([{}]);
    },
  );

  it('has the push of a SET as it comes', async () => {
    const { receiver, signal } = await connect(transmitter, {
      delivery: { authorization_header: 'Bearer a-secret-of-your-own' },
    });
    await transmitter.admin.record(signal());
    const set = await receiver.next();

    const { requestBody, security } = description.operation('pushSet');
    expect(set.headers.authorization).toBe('Bearer a-secret-of-your-own');
    const [type, { schema } = { schema: {} }] = Object.entries(requestBody?.content ?? {})[0] ?? [];
    expect(set.headers['content-type']).toBe(type);
    expect(security).toContainEqual({ pushAuthorization: [] });
    expect(description.schemaProblems(schema, set.token)).toEqual([]);
    const { SecurityEventToken } = description.document.components.schemas;
    const { contentSchema } = SecurityEventToken as { contentSchema: object };
    expect(description.schemaProblems(contentSchema, [set.header, set.claims])).toEqual([]);
  });
});

function ascending(numbers: Iterable<number>): number[] {
  return [...numbers].sort((left, right) => left - right);
}

function describedStatuses(operationId: string): number[] {
  return Object.keys(description.operation(operationId).responses)
    .filter((status) => status !== 'default' && !RACES.includes(`${operationId} ${status}`))
    .map(Number);
}

/** Examples of errors that none of the answers was. */
function unseenErrors(operationId: string, answers: readonly Answer[]): unknown[] {
  const bodies = answers.map(({ text }) => withoutTimes(text));
  const errors = describedStatuses(operationId).filter(
    (status) => status >= 400 && !HOSTS_OWN.includes(status),
  );
  return errors
    .flatMap((status) => {
      const { content } = description.operation(operationId).responses[status] ?? {};
      return Object.values(content?.['application/json']?.examples ?? {});
    })
    .filter(({ value }) => !bodies.includes(withoutTimes(JSON.stringify(value))));
}

/** Of the modules that the API is made of, as `GET /ssf/{slug}/status`. */
function routes(): string[] {
  return [DiscoveryModule, ReceiverHttpModule]
    .flatMap((module) => Reflect.getMetadata('controllers', module) as Type[])
    .flatMap((controller) =>
      Object.values(Object.getOwnPropertyDescriptors(controller.prototype as object))
        .map(({ value }) => value as object)
        .filter((handler) => Reflect.hasMetadata('method', handler))
        .flatMap((handler) => routesOf(controller, handler)),
    );
}

function routesOf(controller: Type, handler: object): string[] {
  const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
  const base = Reflect.getMetadata('path', controller) as string;
  return [Reflect.getMetadata('path', handler) as string | string[]]
    .flat()
    .map((path) => `${method} ${routePath(base, path)}`);
}

function routePath(...parts: string[]): string {
  const segments = parts.flatMap((part) => part.split('/')).filter((segment) => segment !== '');
  return `/${segments.map((segment) => segment.replace(/^:(\w+)$/, '{$1}')).join('/')}`;
}
