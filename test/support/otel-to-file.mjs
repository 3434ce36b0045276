import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { appendFileSync } from 'node:fs';

// An operator's `otel.mjs` (docs/operations.md), but that spans go to the file in SPANS_FILE: a line for each, with
// how many links it has. They are held back until somebody has them flushed.

const toFile = {
  export: (spans, done) => {
    const lines = spans.map(({ name, links }) => `${name} ${links.length}\n`);
    appendFileSync(process.env.SPANS_FILE ?? '', lines.join(''));
    done({ code: ExportResultCode.SUCCESS });
  },
  shutdown: () => Promise.resolve(),
};

trace.setGlobalTracerProvider(
  new BasicTracerProvider({
    spanProcessors: [new BatchSpanProcessor(toFile, { scheduledDelayMillis: 3_600_000 })],
  }),
);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
