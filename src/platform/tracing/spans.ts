import {
  type ProxyTracerProvider,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { SsfError } from '../../core/errors.js';

/** The name of the instrumentation scope. */
const SCOPE = 'ssf-transmitter';

/**
 * That of the SDK which the host, or whoever started the process, has registered. Undefined: there is none, and whoever
 * asks has nothing to do. The API's own `getTracer` always answers one, whose spans lead nowhere and cost all the same.
 */
export function tracer(): Tracer | undefined {
  const provider: Partial<ProxyTracerProvider> = trace.getTracerProvider();
  return provider.getDelegateTracer?.(SCOPE);
}

/** Works in a span of its own, which ends with the work, and tells if it failed. Without a tracer it just works. */
export function inSpan<Result>(
  name: string,
  options: () => SpanOptions,
  work: (span?: Span) => Promise<Result>,
): Promise<Result> {
  const own = tracer();
  if (!own) return work();
  return own.startActiveSpan(name, options(), async (span) => {
    try {
      return await work(span);
    } catch (error) {
      failSpan(span, kindOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span of what is over already; `error` is what it ended with. */
export function noteSpan(name: string, options: () => SpanOptions, error?: unknown): void {
  const span = tracer()?.startSpan(name, options());
  if (span && error !== undefined) failSpan(span, kindOf(error));
  span?.end();
}

/** The kind of the error alone: messages and stacks are written by libraries, which quote what they were given. */
export function failSpan(span: Span, kind: string): void {
  span.setAttribute('error.type', kind).setStatus({ code: SpanStatusCode.ERROR });
}

function kindOf(error: unknown): string {
  if (error instanceof SsfError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
