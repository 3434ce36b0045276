import { SpanKind, type SpanOptions } from '@opentelemetry/api';
import { linksTo } from '../platform/tracing/traceparent.js';
import type { FannedSignal, FanOutPlan } from './fan-out-plan.js';

interface TracedBatch {
  readonly plan: Pick<FanOutPlan, 'providerId'>;
  readonly decided: readonly { readonly signal: Pick<FannedSignal, 'traceparent'> }[];
  readonly startedAt: number;
}

/** A batch has signals of many traces, and is part of none: nor of that of whoever started the process. */
export function fanOutSpan({ plan, decided, startedAt }: TracedBatch): SpanOptions {
  return {
    kind: SpanKind.CONSUMER,
    root: true,
    startTime: startedAt,
    links: linksTo(decided.map(({ signal }) => signal.traceparent)),
    attributes: { 'ssf.provider_id': plan.providerId },
  };
}
