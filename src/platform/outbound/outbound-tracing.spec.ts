import { context, propagation, trace } from '@opentelemetry/api';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { TestTracing } from '../tracing/test-tracing.fixture.js';
import { post, TestReceivers } from './test-receiver.fixture.js';

const receivers = new TestReceivers(onTestFinished);

let tracing: TestTracing;

beforeAll(() => {
  tracing = TestTracing.start();
});

afterAll(() => tracing.stop());

/** As the instrumentation of undici does: a span for each request, and headers that tell of it. */
function instrumentUndici(): Record<string, string>[] {
  const told: Record<string, string>[] = [];
  const listener = (): void => {
    const span = trace.getTracer('undici').startSpan('POST');
    const headers: Record<string, string> = {};
    propagation.inject(trace.setSpan(context.active(), span), headers);
    told.push(headers);
    span.end();
  };
  subscribe('undici:request:create', listener);
  onTestFinished(() => void unsubscribe('undici:request:create', listener));
  return told;
}

it('a receiver is told of no trace, whatever instruments the client, and whichever request waits or is repeated', async () => {
  const told = instrumentUndici();
  let resets = 1;
  const port = await receivers.http((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.url === '/reset' && resets > 0) {
        resets -= 1;
        request.socket.resetAndDestroy();
      } else response.writeHead(202).end();
    });
  });
  const client = receivers.loopbackClient({ connectionsPerOrigin: 1 });

  const answers = await trace.getTracer('host').startActiveSpan('push', async (span) => {
    const paths = ['/', '/', '/reset', '/'];
    const posted = await Promise.all(paths.map((path) => post(client, `http://127.0.0.1:${port}${path}`)));
    span.end();
    return posted;
  });

  expect(answers).toMatchObject(Array.from({ length: 4 }, () => ({ status: 202 })));
  expect(told).toEqual(Array.from({ length: 5 }, () => ({})));
  expect(tracing.spans.map(({ name }) => name)).toEqual(['push']);
});
