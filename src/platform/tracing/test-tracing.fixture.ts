import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  type ReadableSpan,
  type SpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** TEST ONLY: the SDK of a host, which keeps spans in memory. SDKs are global: whoever starts it stops it. */
export class TestTracing {
  readonly #exporter = new InMemorySpanExporter();
  readonly #provider: BasicTracerProvider;

  /** `slow` sends spans some together, after a minute. */
  private constructor(slow?: { exporter?: SpanExporter }) {
    const exporter = slow?.exporter ?? this.#exporter;
    this.#provider = new BasicTracerProvider({
      spanProcessors: [
        slow
          ? new BatchSpanProcessor(exporter, { scheduledDelayMillis: 60_000 })
          : new SimpleSpanProcessor(exporter),
      ],
    });
  }

  static start(slow?: { exporter?: SpanExporter }): TestTracing {
    const tracing = new TestTracing(slow);
    trace.setGlobalTracerProvider(tracing.#provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    return tracing;
  }

  /** Those that have ended, in that order. */
  get spans(): readonly ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  named(name: string): ReadableSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  stop(): void {
    trace.disable();
    context.disable();
    propagation.disable();
  }
}
