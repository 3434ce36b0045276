import { context, type SpanContext, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SsfEventBus } from '../events/ssf-event-bus.js';
import { inNoTrace, inTraceOf, untraced } from './contexts.js';
import { TestTracing } from './test-tracing.fixture.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const HEADERS = { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` };

function current(): SpanContext | undefined {
  return trace.getSpanContext(context.active());
}

/** In a span as the instrumentation of a host makes it. */
function inSpanOfHost<Result>(work: (context: SpanContext) => Result): Result {
  return trace.getTracer('host').startActiveSpan('request', (span) => {
    try {
      return work(span.spanContext());
    } finally {
      span.end();
    }
  });
}

describe('without an SDK', () => {
  it('headers are of no interest, and work is done', () => {
    expect(inTraceOf(HEADERS, () => current() ?? 'none')).toBe('none');
    expect(inNoTrace(() => 1) + untraced(() => 2)).toBe(3);
  });
});

describe('with the SDK of a host', () => {
  let tracing: TestTracing;

  beforeAll(() => {
    tracing = TestTracing.start();
  });

  afterAll(() => tracing.stop());

  it('work is in the span that the headers name', async () => {
    const spanContext = await inTraceOf(HEADERS, async () => {
      await Promise.resolve();
      return current();
    });

    expect(spanContext).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID, isRemote: true });
    expect(current()).toBeUndefined();
  });

  it("or in the host's own span of the request", () => {
    inSpanOfHost((own) => {
      expect(inTraceOf(HEADERS, current)).toBe(own);
    });
  });

  // W3C Trace Context, sections 3.2.2.2 to 3.2.2.5
  it.each([
    '',
    'not a traceparent',
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
    // given twice
    `${HEADERS.traceparent}, ${HEADERS.traceparent}`,
  ])('headers that name none are ignored: %j', (traceparent) => {
    expect(inTraceOf({ traceparent }, () => current() ?? 'none')).toBe('none');
  });

  it('what works for everybody is in no trace, nor is what it starts', async () => {
    const found = await inSpanOfHost(
      () => new Promise((resolve) => inNoTrace(() => setImmediate(() => resolve(current() ?? 'none')))),
    );

    expect(found).toBe('none');
  });

  it('a doorbell rings in no trace, whoever rings it', () => {
    const bus = new SsfEventBus(new EventEmitter2());
    const heard: unknown[] = [];
    bus.on('set.queued', () => void heard.push(current() ?? 'none'));

    inSpanOfHost(() => bus.emit('set.queued', { streamIds: ['s-1'] }));

    expect(heard).toEqual(['none']);
  });

  it('instrumentations are told to keep silent by the key of the SDK', () => {
    expect(untraced(() => isTracingSuppressed(context.active()))).toBe(true);
    expect(inSpanOfHost(() => untraced(() => current() ?? 'none'))).toBe('none');
    expect(isTracingSuppressed(context.active())).toBe(false);
  });
});
