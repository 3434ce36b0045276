import { type Span, SpanKind, type SpanOptions } from '@opentelemetry/api';
import type { PushOutcome } from '../core/delivery/classify-push-response.js';
import { failSpan } from '../platform/tracing/spans.js';
import { linksTo } from '../platform/tracing/traceparent.js';
import type { PushTarget } from '../streams/push-targets.service.js';
import type { ReadySet } from './ready-set.js';

/**
 * An attempt as a span of its own, linked to the one that recorded the signal: that may have been days ago, and there are
 * as many attempts as it takes. As OpenTelemetry's conventions for HTTP clients say, but without `url.full`: paths and
 * queries are the receivers' secrets.
 */
export function pushSpan(target: PushTarget, set: ReadySet): SpanOptions {
  const { protocol, hostname, port } = new URL(target.endpointUrl);
  return {
    kind: SpanKind.CLIENT,
    root: true,
    links: linksTo([set.traceparent]),
    attributes: {
      'http.request.method': 'POST',
      // of IPv6 without the brackets
      'server.address': hostname.replace(/^\[(.*)\]$/, '$1'),
      'server.port': Number(port === '' ? DEFAULT_PORTS[protocol] : port),
      'ssf.provider_id': target.providerId,
      'ssf.stream_id': target.streamId,
      'ssf.jti': set.jti,
      'ssf.attempt': set.attempts + 1,
    },
  };
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** What a receiver says in words stays out of it. */
export function tellOutcome(span: Span, outcome: PushOutcome, httpStatus: number | undefined): void {
  span.setAttribute('ssf.outcome', outcome.outcome);
  if (httpStatus !== undefined) span.setAttribute('http.response.status_code', httpStatus);
  if (outcome.outcome !== 'delivered') failSpan(span, String(httpStatus ?? outcome.err));
}
