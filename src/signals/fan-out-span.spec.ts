import { trace } from '@opentelemetry/api';
import { expect, it, onTestFinished } from 'vitest';
import { inSpan } from '../platform/tracing/spans.js';
import { TestTracing } from '../platform/tracing/test-tracing.fixture.js';
import { fanOutSpan } from './fan-out-span.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

it('is a trace of its own, also in a process that was started in a span, from when it began', async () => {
  const tracing = TestTracing.start();
  onTestFinished(() => tracing.stop());
  const decided = [{ signal: { traceparent: TRACEPARENT } }, { signal: {} }];
  const batch = { plan: { providerId: 'p-1' }, decided, startedAt: Date.now() - 5_000 };

  await trace.getTracer('host').startActiveSpan('start', () =>
    inSpan(
      'ssf.signal.fan_out',
      () => fanOutSpan(batch),
      () => Promise.resolve(),
    ),
  );

  const [span] = tracing.spans;
  expect(span?.parentSpanContext).toBeUndefined();
  expect(span?.links.map(({ context }) => context.spanId)).toEqual(['b7ad6b7169203331']);
  expect(span?.duration[0]).toBeGreaterThanOrEqual(5);
});
