import { invalidRequest } from '../errors.js';
import { isJsonObject } from '../json-object.js';
import { isNonEmptyText, isText } from '../text.js';
import { parseDelivery, type RequestedDelivery } from './parse-delivery.js';

/** What a receiver asks for when it creates a stream (SSF 1.0 section 8.1.1.1). */
export interface CreateStreamRequest {
  /** verbatim, unknown URIs and duplicates included; absent: everything */
  readonly eventsRequested?: string[];
  /** absent: poll */
  readonly delivery?: RequestedDelivery;
  readonly description?: string;
  /** what the receiver would like to be its audience; for the caller to allow or ignore */
  readonly aud?: string | string[];
  /** only in the legacy profile, which echoes it */
  readonly format?: string;
}

const MAX_DESCRIPTION_LENGTH = 1000;

/**
 * Parses the body of a create-stream request. All members are optional, and unknown ones are ignored, as are those
 * that the transmitter supplies.
 *
 * @param options.legacy whether the receiver is from before SSF 1.0: RISC delivery methods, `format` and `aud`
 * @throws SsfError `invalid_request`, naming the member, such as `delivery.endpoint_url`
 */
export function parseCreateStream(body: unknown, options: { legacy: boolean }): CreateStreamRequest {
  if (!isJsonObject(body)) throw invalidRequest({ member: '', message: 'the body must be a JSON object' });
  const { events_requested: eventsRequested, delivery, description, aud, format } = body;
  return {
    ...(eventsRequested !== undefined && { eventsRequested: parseEventsRequested(eventsRequested) }),
    ...(delivery !== undefined && { delivery: parseDelivery(delivery, options) }),
    ...(description !== undefined && { description: parseDescription(description) }),
    ...(isAudience(aud) && { aud }),
    ...(options.legacy && isNonEmptyText(format) && { format }),
  };
}

/**
 * Parses `events_requested`: an array of strings, kept as it stands, since a receiver reads it back.
 *
 * @throws SsfError `invalid_request`
 */
export function parseEventsRequested(value: unknown): string[] {
  if (!Array.isArray(value))
    throw invalidRequest({ member: 'events_requested', message: 'must be an array of URIs' });
  return value.map((uri: unknown, index) => {
    if (!isText(uri))
      throw invalidRequest({ member: `events_requested[${index}]`, message: 'must be a string' });
    return uri;
  });
}

/**
 * Parses a stream's `description`, which may be truncated (SSF 1.0 section 8.1.1).
 *
 * @throws SsfError `invalid_request`
 */
export function parseDescription(value: unknown): string {
  if (!isText(value)) throw invalidRequest({ member: 'description', message: 'must be a string' });
  if (value.length <= MAX_DESCRIPTION_LENGTH) return value;
  return value.slice(0, MAX_DESCRIPTION_LENGTH).replace(/\p{Cs}$/u, '');
}

function isAudience(value: unknown): value is string | string[] {
  return isNonEmptyText(value) || (Array.isArray(value) && value.length > 0 && value.every(isNonEmptyText));
}
