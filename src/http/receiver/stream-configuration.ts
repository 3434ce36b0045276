import { LEGACY_POLL, LEGACY_PUSH, POLL, PUSH } from '../../core/streams/delivery-method.js';
import { audienceClaim } from '../../streams/audience.js';
import type { Stream } from '../../streams/stream.entity.js';
import type { StreamEvents } from '../../streams/stream-events.service.js';
import { MIN_VERIFICATION_INTERVAL_SECONDS } from '../../streams/stream-verification.service.js';
import type { ReceiverContext } from './receiver.js';

/** A stream configuration on the wire (SSF 1.0 section 8.1.1); what is absent is left out. */
export interface StreamConfiguration {
  readonly stream_id: string;
  readonly iss: string;
  readonly aud: string | string[];
  readonly delivery: { readonly method: string; readonly endpoint_url: string };
  readonly events_supported: string[];
  readonly events_requested?: string[];
  readonly events_delivered: string[];
  readonly min_verification_interval: number;
  readonly inactivity_timeout?: number;
  readonly description?: string;
  /** receivers from before 1.0 only */
  readonly format?: string;
}

/** `authorization_header` is a credential of the receiver's: it is never given back. */
export function toStreamConfiguration(
  stream: Stream,
  { application, provider }: ReceiverContext,
  events: StreamEvents,
  pollUrl: string,
): StreamConfiguration {
  return {
    stream_id: stream.id,
    iss: provider.issuer,
    aud: audienceClaim(stream),
    delivery: { method: methodUri(stream), endpoint_url: stream.endpointUrl ?? pollUrl },
    events_supported: events.supported,
    ...(stream.eventsRequested && { events_requested: stream.eventsRequested }),
    events_delivered: events.delivered,
    min_verification_interval: MIN_VERIFICATION_INTERVAL_SECONDS,
    ...(application.inactivityTimeoutSeconds !== null && {
      inactivity_timeout: application.inactivityTimeoutSeconds,
    }),
    ...(stream.description !== null && { description: stream.description }),
    ...(stream.legacyFormat !== null && { format: stream.legacyFormat }),
  };
}

function methodUri({ method, usesLegacyUris }: Stream): string {
  const [push, poll] = usesLegacyUris ? [LEGACY_PUSH, LEGACY_POLL] : [PUSH, POLL];
  return method === 'push' ? push : poll;
}
