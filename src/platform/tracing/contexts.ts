import { context, createContextKey, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { IncomingHttpHeaders } from 'node:http';
import { tracer } from './spans.js';

/**
 * Works in the trace of whoever sent a request: in the host's own span of it, if its instrumentation has made one, else
 * in the span that the headers name. Headers that name none are ignored (W3C Trace Context, section 3.2.2.5).
 */
export function inTraceOf<Result>(headers: IncomingHttpHeaders, work: () => Result): Result {
  if (!tracer()) return work();
  const active = context.active();
  return context.with(trace.getSpan(active) ? active : propagation.extract(active, headers), work);
}

/** Starts what works for everybody: whoever happened to wake it does not find it in his trace. */
export function inNoTrace<Result>(work: () => Result): Result {
  return context.with(ROOT_CONTEXT, work);
}

/** The key of `suppressTracing` in @opentelemetry/core, which is a part of the SDK. */
const SUPPRESSED = ROOT_CONTEXT.setValue(
  createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING'),
  true,
);

/** Tells nobody of the trace: instrumentations of HTTP clients add no header to requests, and make no spans of them. */
export function untraced<Result>(work: () => Result): Result {
  return context.with(SUPPRESSED, work);
}
