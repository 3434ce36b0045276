import { type ProxyTracerProvider, trace, type TracerProvider } from '@opentelemetry/api';
import { within } from '../within.js';

/** Longer than a collector that is there takes. */
const PATIENCE_MS = 2_000;

/** Not of the API, but each provider of the SDK has it. */
interface Flushable {
  forceFlush?(): Promise<void>;
}

/** Has the SDK send the spans that it holds back. Rejects when that takes too long, or fails. */
export async function flushSpans(): Promise<void> {
  const proxy: Partial<ProxyTracerProvider> = trace.getTracerProvider();
  const provider: (TracerProvider & Flushable) | undefined = proxy.getDelegate?.();
  if (provider?.forceFlush) await within(PATIENCE_MS, provider.forceFlush());
}
