import { INVALID_SPAN_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { linksTo, traceIdOf, traceparentOf } from './traceparent.js';

const CONTEXT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const SAMPLED = `00-${CONTEXT.traceId}-${CONTEXT.spanId}-01`;
const UNSAMPLED = `00-${CONTEXT.traceId}-${CONTEXT.spanId}-00`;

describe('a traceparent', () => {
  // flags of later versions (random, ...) say nothing here
  it.each([
    [TraceFlags.SAMPLED, SAMPLED],
    [TraceFlags.NONE, UNSAMPLED],
    [3, SAMPLED],
    [2, UNSAMPLED],
  ])('is made of a span with the flags %i', (traceFlags, expected) => {
    expect(traceparentOf(trace.wrapSpanContext({ ...CONTEXT, traceFlags }))).toBe(expected);
  });

  it('is not made of a span that there is not', () => {
    expect(traceparentOf(undefined)).toBeUndefined();
    expect(traceparentOf(trace.wrapSpanContext(INVALID_SPAN_CONTEXT))).toBeUndefined();
  });

  it('has the id of its trace', () => {
    expect(traceIdOf(SAMPLED)).toBe(CONTEXT.traceId);
    expect(traceIdOf(undefined)).toBeUndefined();
  });
});

describe('links', () => {
  it('lead to each span once, with its sampled flag', () => {
    const other = `00-${CONTEXT.traceId}-00f067aa0ba902b7-00`;

    expect(linksTo([SAMPLED, undefined, other, SAMPLED])).toEqual([
      { context: { ...CONTEXT, traceFlags: TraceFlags.SAMPLED, isRemote: true } },
      { context: { ...CONTEXT, spanId: '00f067aa0ba902b7', traceFlags: TraceFlags.NONE, isRemote: true } },
    ]);
  });

  it.each(['', 'nothing', '00-1-2-01', SAMPLED.replace(CONTEXT.spanId, '0000000000000000')])(
    'do not lead to %j',
    (text) => {
      expect(linksTo([text])).toEqual([]);
    },
  );
});
