import { isSpanContextValid, type Link, type Span, type SpanContext, TraceFlags } from '@opentelemetry/api';

/**
 * A span as its W3C `traceparent` (Trace Context, section 3.2), in which it is stored. Undefined for one that the SDK
 * was told not to make.
 */
export function traceparentOf(span: Span | undefined): string | undefined {
  const context = span?.spanContext();
  if (!context || !isSpanContextValid(context)) return undefined;
  return `00-${context.traceId}-${context.spanId}-0${context.traceFlags & TraceFlags.SAMPLED}`;
}

/** Links to these spans, each once; there is none to what is no `traceparent`. */
export function linksTo(traceparents: Iterable<string | undefined>): Link[] {
  return [...new Set(traceparents)].flatMap((traceparent) => {
    const context = traceparent === undefined ? undefined : contextOf(traceparent);
    return context ? [{ context }] : [];
  });
}

export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent?.split('-', 2)[1];
}

/** Written by {@link traceparentOf}. */
function contextOf(traceparent: string): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return isSpanContextValid(context) ? context : undefined;
}
