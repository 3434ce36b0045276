import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestTracing } from '../../src/platform/tracing/test-tracing.fixture.js';
import { KEYCLOAK_LOGOUT } from '../../src/signals/sources/source-samples.fixture.js';
import type { Provider, RecordedSignal } from '../support/api-types.js';
import { call, expectStatus } from '../support/http.js';
import { jtisOf, NOW, pollStream, type PollStream } from '../support/polling.js';
import { PUSH } from '../support/receiver-client.js';
import { connect, createProvider, createSource, sessionRevoked } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;
let tracing: TestTracing;
/** a SET waits here from before anybody traced */
let before: PollStream;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** The span in which somebody calls, as its headers tell of it. */
function caller(): { traceId: string; spanId: string; headers: { traceparent: string } } {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-01` } };
}

/** Records a signal with these headers; its id. */
async function record(signal: object, headers: Record<string, string>): Promise<string> {
  const answer = await transmitter.admin.call('/signals', { body: signal, headers });
  const { data } = expectStatus(answer, 202).json<{ data: RecordedSignal[] }>();
  return data[0]?.id ?? '';
}

async function stored(column: 'id' | 'provider_id', id: string): Promise<(string | null)[]> {
  const rows = await transmitter.database.query<{ traceparent: string | null }>(
    `select traceparent from ssf.signal where ${column} = $1`,
    [id],
  );
  return rows.map(({ traceparent }) => traceparent);
}

/** The first span of this name that the predicate takes, once it has ended. */
function ended(name: string, predicate: (span: ReadableSpan) => boolean): Promise<ReadableSpan> {
  return until(`a span ${name}`, () => tracing.named(name).find(predicate));
}

function recorded(signalId: string): Promise<ReadableSpan> {
  return ended('ssf.signal.record', ({ attributes }) => attributes['ssf.signal.id'] === signalId);
}

function pushed(jti: string, attempt = 1): Promise<ReadableSpan> {
  return ended(
    'ssf.set.push',
    ({ attributes }) => attributes['ssf.jti'] === jti && attributes['ssf.attempt'] === attempt,
  );
}

function polls({ stream }: PollStream): ReadableSpan[] {
  return tracing
    .named('ssf.poll')
    .filter(({ attributes }) => attributes['ssf.stream_id'] === stream.stream_id);
}

/** As `traceparent`s. */
function linked({ links }: ReadableSpan): string[] {
  return links.map(({ context }) => `00-${context.traceId}-${context.spanId}-0${context.traceFlags}`);
}

function traceparent(span: ReadableSpan): string {
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

describe('while nobody traces', () => {
  it('nothing of a trace is stored nor logged, and all is delivered', async () => {
    const { receiver, signal } = await connect(transmitter);
    const { traceId, headers } = caller();

    const signalId = await record(signal(), headers);
    const { claims } = await receiver.next();
    await transmitter.admin.setWithStatus(claims.jti, 'delivered');

    expect(await stored('id', signalId)).toEqual([null]);
    expect(
      transmitter.logLines.filter((line) => line.includes(traceId) || line.includes('"traceId"')),
    ).toEqual([]);
    before = await pollStream(transmitter);
    await before.record(1);
  });
});

describe('with the SDK of whoever runs it', () => {
  beforeAll(() => {
    tracing = TestTracing.start();
  });

  afterAll(() => tracing.stop());

  it('a signal is recorded in the trace of its request, which fan-out and each push are linked to', async () => {
    const { receiver, signal, stream, provider } = await connect(transmitter);
    const { traceId, spanId, headers } = caller();

    const signalId = await record(signal(), headers);
    const { claims, headers: received } = await receiver.next();
    await transmitter.admin.setWithStatus(claims.jti, 'delivered');

    const recording = await recorded(signalId);
    expect(recording.spanContext().traceId).toBe(traceId);
    expect(recording.parentSpanContext?.spanId).toBe(spanId);
    expect(recording.kind).toBe(SpanKind.PRODUCER);
    expect(recording.attributes).toEqual({
      'ssf.signal.count': 1,
      'ssf.signal.duplicates': 0,
      'ssf.signal.type': 'session.revoked',
      'ssf.signal.id': signalId,
    });
    expect(await stored('id', signalId)).toEqual([traceparent(recording)]);

    const fanOut = await ended('ssf.signal.fan_out', (span) => linked(span).includes(traceparent(recording)));
    expect(fanOut.parentSpanContext).toBeUndefined();
    expect(fanOut.kind).toBe(SpanKind.CONSUMER);
    expect(fanOut.attributes).toEqual({
      'ssf.provider_id': provider.id,
      'ssf.signal.count': 1,
      'ssf.set.count': 1,
    });

    const push = await pushed(claims.jti);
    expect(push.parentSpanContext).toBeUndefined();
    expect(push.spanContext().traceId).not.toBe(traceId);
    expect(linked(push)).toEqual([traceparent(recording)]);
    expect(push.kind).toBe(SpanKind.CLIENT);
    expect(push.status).toEqual({ code: SpanStatusCode.UNSET });
    expect(push.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 202,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(receiver.url).port),
      'ssf.provider_id': provider.id,
      'ssf.stream_id': stream.stream_id,
      'ssf.jti': claims.jti,
      'ssf.attempt': 1,
      'ssf.outcome': 'delivered',
    });
    // a third party is not told
    expect(Object.keys(received).filter((name) => /trace|baggage/.test(name))).toEqual([]);
  });

  it('the lines of its log have the id of that trace', async () => {
    const { receiver, signal } = await connect(transmitter);
    const { traceId, headers } = caller();

    await record(signal(), headers);
    const { claims } = await receiver.next();
    await transmitter.admin.setWithStatus(claims.jti, 'delivered');

    const lines = transmitter.logLines.map(
      (line) => JSON.parse(line) as { event?: string; traceId?: string },
    );
    const events = lines.filter((line) => line.traceId === traceId).map(({ event }) => event);
    expect(events.toSorted()).toEqual(['set.attempted', 'signal.fanned_out', 'signal.recorded']);
  });

  it('a SET that is sent again is linked to it, too', async () => {
    const { receiver, signal } = await connect(transmitter);
    const signalId = await record(signal(), caller().headers);
    const { claims } = await receiver.next();
    await transmitter.admin.setWithStatus(claims.jti, 'delivered');

    expectStatus(await transmitter.admin.call(`/sets/${claims.jti}/redeliver`, { method: 'POST' }), 202);

    const again = await pushed(claims.jti, 2);
    expect(linked(again)).toEqual([traceparent(await recorded(signalId))]);
  });

  it('a push that fails is an error, of which the status alone is told', async () => {
    const { receiver, signal } = await connect(transmitter);
    receiver.behave({ status: 400, body: { err: 'made_up', description: 'who is u-31?' } });

    await record(signal(), caller().headers);
    const { claims } = await receiver.next();

    const { status, attributes, events } = await pushed(claims.jti);
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributes).toMatchObject({
      'http.response.status_code': 400,
      'error.type': '400',
      'ssf.outcome': 'rejected',
    });
    expect(events).toEqual([]);
  });

  it('so is one that no answer came to', async () => {
    const { receiver, signal } = await connect(transmitter);
    receiver.behave('reset');

    await record(signal(), caller().headers);
    const { claims } = await receiver.next();

    const { status, attributes } = await pushed(claims.jti);
    expect(status).toEqual({ code: SpanStatusCode.ERROR });
    expect(attributes).toMatchObject({ 'error.type': 'connection_reset', 'ssf.outcome': 'retry' });
    expect(attributes).not.toHaveProperty('http.response.status_code');
  });

  it('a poll that gets SETs is linked to the signals of all of them, and one that gets none is no span', async () => {
    const polling = await pollStream(transmitter);
    const { api, stream, provider } = polling;
    const signalIds: string[] = [];
    for (const id of ['u-1', 'u-2'])
      signalIds.push(await record(sessionRevoked(provider, { subject: { user: { id } } }), caller().headers));
    for (const id of signalIds) await transmitter.admin.fannedOut(id);

    const jtis = await jtisOf(api, stream);
    const none = await jtisOf(api, stream, { ...NOW, ack: jtis });

    expect([jtis.length, none.length]).toEqual([2, 0]);
    const [poll, another] = await until('a span', () => polls(polling).length > 0 && polls(polling));
    expect(another).toBeUndefined();
    expect(poll?.parentSpanContext).toBeUndefined();
    expect(poll && linked(poll).toSorted()).toEqual(
      (await Promise.all(signalIds.map(recorded))).map(traceparent).toSorted(),
    );
    expect(poll?.attributes).toEqual({
      'ssf.provider_id': provider.id,
      'ssf.stream_id': stream.stream_id,
      'ssf.set.count': 2,
    });
  });

  it('a poll whose receiver names a trace is no part of that', async () => {
    const polling = await pollStream(transmitter);
    await polling.record(1);
    const { traceId, headers } = caller();

    expectStatus(await polling.api.poll(polling.stream, NOW, { headers }), 200);

    const poll = await until('a span', () => polls(polling)[0]);
    expect(poll.spanContext().traceId).not.toBe(traceId);
  });

  it('what was recorded before is delivered without a link', async () => {
    expect(await jtisOf(before.api, before.stream)).toHaveLength(1);

    const poll = await until('a span', () => polls(before)[0]);
    expect(poll.links).toEqual([]);
  });

  it.each([
    ['of no form', 'nonsense'],
    ['with ids of zeros', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`],
    ['of the version that is none', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ['that is too long', `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-${'x'.repeat(5_000)}`],
  ])('a traceparent %s is ignored: the signal begins a trace of its own', async (_, header) => {
    const { receiver, signal } = await connect(transmitter);

    const signalId = await record(signal(), { traceparent: header });
    const { claims } = await receiver.next();

    const recording = await recorded(signalId);
    expect(recording.parentSpanContext).toBeUndefined();
    expect(recording.spanContext().traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
    expect(await stored('id', signalId)).toEqual([traceparent(recording)]);
    expect(linked(await pushed(claims.jti))).toEqual([traceparent(recording)]);
  });

  it('an array is recorded by one span', async () => {
    const provider = await createProvider(transmitter);
    const { traceId, headers } = caller();
    const twice = sessionRevoked(provider, { id: 'evt-1' });

    await record([twice, sessionRevoked(provider), twice], headers);

    const recording = await ended('ssf.signal.record', (span) => span.spanContext().traceId === traceId);
    expect(recording.attributes).toEqual({ 'ssf.signal.count': 2, 'ssf.signal.duplicates': 1 });
    expect(await stored('provider_id', provider.id)).toEqual([
      traceparent(recording),
      traceparent(recording),
    ]);
  });

  it('a signal that cannot be recorded is an error', async () => {
    const { traceId, headers } = caller();

    const answer = await transmitter.admin.call('/signals', {
      body: sessionRevoked({ slug: 'nobody' }),
      headers,
    });

    expect(answer.status).toBe(400);
    const recording = await ended('ssf.signal.record', (span) => span.spanContext().traceId === traceId);
    expect(recording.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(recording.attributes).toEqual({ 'error.type': 'invalid_request' });
  });

  it.each(['an import', 'a source', 'a source with events', 'a webhook'])(
    'the trace of the request goes on in the signals of %s',
    async (way) => {
      const provider = await createProvider(transmitter);
      const { traceId, spanId, headers } = caller();

      await send(way, provider, headers);

      const [own] = await until('a signal', async () => {
        const rows = await stored('provider_id', provider.id);
        return rows.length > 0 && rows;
      });
      const recording = await ended('ssf.signal.record', (span) => span.spanContext().traceId === traceId);
      expect(recording.parentSpanContext?.spanId).toBe(spanId);
      expect(own).toBe(traceparent(recording));
    },
  );

  it('no span tells of a subject, a claim, a credential or the path of a receiver', async () => {
    const { receiver, signal, api, stream } = await connect(transmitter);
    const secrets = {
      user: 'u-secret-4711',
      email: 'ana-secret@acme.test',
      reason: 'a secret reason',
      query: 'secret-of-the-query',
      header: 'Bearer secret-of-the-receiver',
      said: 'secret words of the receiver',
    };
    expectStatus(
      await api.patchStream({
        stream_id: stream.stream_id,
        delivery: {
          method: PUSH,
          endpoint_url: `${receiver.url}/hook?key=${secrets.query}`,
          authorization_header: secrets.header,
        },
      }),
      200,
    );
    receiver.behave({ status: 400, body: { err: 'made_up', description: secrets.said } });
    const polling = await pollStream(transmitter, {}, undefined);
    const members = {
      subject: { user: { id: secrets.user, email: secrets.email } },
      reasonAdmin: { en: secrets.reason },
    };

    await record(signal(members), caller().headers);
    const { claims, token, path } = await receiver.next();
    await pushed(claims.jti);
    await transmitter.admin.fannedOut(
      await record(sessionRevoked(polling.provider, members), caller().headers),
    );
    const { sets } = expectStatus(await polling.api.poll(polling.stream, NOW), 200).json<{ sets: object }>();
    await until('a span', () => polls(polling)[0]);

    const told = tracing.spans.map(({ name, attributes, events, links, status }) =>
      JSON.stringify({ name, attributes, events, links, status }),
    );
    expect(path).toContain(secrets.query);
    for (const secret of [
      ...Object.values(secrets),
      '/hook',
      token,
      ...(Object.values(sets) as string[]),
      polling.api.token,
      transmitter.adminToken,
    ])
      expect(told.filter((span) => span.includes(secret))).toEqual([]);
  });
});

/** Records one signal of the provider. */
async function send(way: string, provider: Provider, headers: Record<string, string>): Promise<void> {
  if (way === 'an import') {
    const body = `${JSON.stringify(sessionRevoked(provider))}\n`;
    const ndjson = { ...headers, 'content-type': 'application/x-ndjson' };
    expectStatus(await transmitter.admin.call('/signals', { body, headers: ndjson }), 202);
    return;
  }
  const isWebhook = way === 'a webhook';
  const source = await createSource(transmitter, provider, {
    profile: isWebhook ? 'keycloak' : 'signal',
  });
  const path = way === 'a source' ? 'signals' : `sources/${source.id}/events`;
  const body = isWebhook ? KEYCLOAK_LOGOUT : sessionRevoked(provider);
  expectStatus(
    await call(`${transmitter.baseUrl}/api/v1/${path}`, { token: source.token, body, headers }),
    202,
  );
}
