import { trace } from '@opentelemetry/api';
import { expect, it, onTestFinished } from 'vitest';
import { inSpan } from '../platform/tracing/spans.js';
import { TestTracing } from '../platform/tracing/test-tracing.fixture.js';
import type { ReadySet } from './ready-set.js';
import { pushSpan } from './push-span.js';

const SET = { jti: '0197-1', attempts: 2 } as ReadySet;

function target(endpointUrl: string): Parameters<typeof pushSpan>[0] {
  return { streamId: 's-1', providerId: 'p-1', endpointUrl, authorizationHeader: 'Bearer secret' };
}

it('is a trace of its own, also in a process that was started in a span', async () => {
  const tracing = TestTracing.start();
  onTestFinished(() => tracing.stop());

  await trace.getTracer('host').startActiveSpan('start', () =>
    inSpan(
      'ssf.set.push',
      () => pushSpan(target('https://rx.example/events'), SET),
      () => Promise.resolve(),
    ),
  );

  expect(tracing.spans[0]?.parentSpanContext).toBeUndefined();
});

it.each([
  ['https://rx.example/events?key=secret#secret', 'rx.example', 443],
  ['https://rx.example:8443/', 'rx.example', 8443],
  ['http://127.0.0.1', '127.0.0.1', 80],
  ['https://[2001:db8::1]:8443/', '2001:db8::1', 8443],
])('tells host and port of %s, and nothing else of it', (url, address, port) => {
  expect(pushSpan(target(url), SET).attributes).toEqual({
    'http.request.method': 'POST',
    'server.address': address,
    'server.port': port,
    'ssf.provider_id': 'p-1',
    'ssf.stream_id': 's-1',
    'ssf.jti': '0197-1',
    'ssf.attempt': 3,
  });
});
