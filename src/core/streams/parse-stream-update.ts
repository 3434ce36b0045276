import { invalidRequest, type Problem } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { isNonEmptyText } from '../text.js';
import { normaliseDeliveryMethod } from './delivery-method.js';
import { parseDelivery, type RequestedDelivery } from './parse-delivery.js';
import { parseDescription, parseEventsRequested } from './parse-stream-request.js';

/** What a receiver asks for when it updates or replaces a stream (SSF 1.0 sections 8.1.1.3 and 8.1.1.4). */
export interface StreamUpdateRequest {
  readonly streamId: string;
  readonly eventsRequested?: string[];
  readonly delivery?: RequestedDelivery;
  readonly description?: string;
  /** the members that only the transmitter sets, as the receiver sent them */
  readonly supplied: JsonObject;
}

/** SSF 1.0 section 8.1.1: the members that the transmitter supplies. */
const SUPPLIED = [
  'iss',
  'aud',
  'events_supported',
  'events_delivered',
  'min_verification_interval',
  'inactivity_timeout',
] as const;

/**
 * Parses the body of an update or replace request.
 *
 * @throws SsfError `invalid_request`, naming the member
 */
export function parseStreamUpdate(body: unknown, options: { legacy: boolean }): StreamUpdateRequest {
  if (!isJsonObject(body)) throw invalidRequest({ member: '', message: 'the body must be a JSON object' });
  const { stream_id: streamId, events_requested: eventsRequested, delivery, description } = body;
  if (!isNonEmptyText(streamId)) throw invalidRequest({ member: 'stream_id', message: 'must be a string' });
  return {
    streamId,
    ...(eventsRequested !== undefined && { eventsRequested: parseEventsRequested(eventsRequested) }),
    ...(delivery !== undefined && {
      delivery: parseDelivery(delivery, { ...options, headerRemovable: true }),
    }),
    ...(description !== undefined && { description: parseDescription(description) }),
    supplied: Object.fromEntries(
      SUPPLIED.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]),
    ),
  };
}

/**
 * The transmitter-supplied members that a receiver sent with another value than they have. Arrays compare as sets,
 * and one audience equals an array of one.
 *
 * @param body the request's body
 * @param current the stream's configuration from before the update (SSF 1.0 section 8.1.1.3)
 */
export function changedSuppliedMembers(body: unknown, supplied: JsonObject, current: JsonObject): Problem[] {
  const problems = Object.entries(supplied)
    .filter(([name, value]) => !isSame(value, current[name]))
    .map(([member]) => ({ member, message: 'is supplied by the transmitter and has another value' }));
  const pollUrl = requestedPollUrl(body);
  if (pollUrl !== undefined && !isSame(pollUrl, currentPollUrl(current)))
    problems.push({
      member: 'delivery.endpoint_url',
      message: 'is supplied by the transmitter for poll delivery and has another value',
    });
  return problems;
}

function requestedPollUrl(body: unknown): unknown {
  const delivery = isJsonObject(body) ? body.delivery : undefined;
  return isJsonObject(delivery) && isPoll(delivery.method) ? delivery.endpoint_url : undefined;
}

function currentPollUrl(current: JsonObject): unknown {
  return isJsonObject(current.delivery) && isPoll(current.delivery.method)
    ? current.delivery.endpoint_url
    : undefined;
}

function isPoll(method: unknown): boolean {
  return normaliseDeliveryMethod(method, { legacy: true }) === 'poll';
}

function isSame(left: unknown, right: unknown): boolean {
  const asSet = (value: unknown): Set<unknown> => new Set(Array.isArray(value) ? value : [value]);
  const [a, b] = [asSet(left), asSet(right)];
  return a.size === b.size && [...a].every((item) => b.has(item));
}
