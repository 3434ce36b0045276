import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { afterEach, expect, it, vi } from 'vitest';
import { flushSpans } from './flush-spans.js';
import { noteSpan } from './spans.js';
import { TestTracing } from './test-tracing.fixture.js';

let tracing: TestTracing | undefined;

afterEach(() => {
  vi.useRealTimers();
  tracing?.stop();
  tracing = undefined;
});

it('there is nothing to send without an SDK', async () => {
  await expect(flushSpans()).resolves.toBeUndefined();
});

it('what the SDK holds back is sent', async () => {
  tracing = TestTracing.start({});
  noteSpan('ssf.test', () => ({}));
  expect(tracing.spans).toEqual([]);

  await flushSpans();

  expect(tracing.named('ssf.test')).toHaveLength(1);
});

it('nobody waits for a collector that does not answer', async () => {
  const exporter: SpanExporter = { export: () => undefined, shutdown: () => Promise.resolve() };
  tracing = TestTracing.start({ exporter });
  noteSpan('ssf.test', () => ({}));
  vi.useFakeTimers();

  const flushed = expect(flushSpans()).rejects.toThrow('no answer within 2000 ms');
  await vi.advanceTimersByTimeAsync(2_000);

  await flushed;
});
