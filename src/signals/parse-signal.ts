import { invalidRequest, type Problem, SsfError } from '../core/errors.js';
import { INITIATING_ENTITIES, type InitiatingEntity, type LanguageMap } from '../core/events/event-claims.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import {
  SIGNAL_TYPES,
  type SignalType,
  validateReason,
  validateSignalDetails,
} from '../core/events/signal-types.js';
import { isJsonObject, type JsonObject } from '../core/json-object.js';
import { parseSignalSubject, type SignalSubject } from '../core/subjects/signal-subject.js';
import { parseTimestamp } from '../core/timestamp.js';
import { unstorableText } from '../core/unstorable-text.js';
import { type SignalItem, signalItems } from './signal-item.js';
import type { NewSignal } from './signal.js';

export const MAX_SIGNALS = 1000;
const MAX_TEXT = 255;
/** Clocks differ; beyond this the time is a mistake (and a SET must not be about the future). */
const MAX_AHEAD_MS = 5 * 60_000;

const MEMBERS = [
  'provider',
  'id',
  'type',
  'occurredAt',
  'subject',
  'initiatingEntity',
  'reasonAdmin',
  'reasonUser',
  'txn',
  'details',
];

export interface ParseSignalContext {
  readonly catalogue: EventCatalogue;
  readonly now: Date;
}

/**
 * One signal or an array of at most 1,000. Throws one `invalid_request` with every problem of every item, each
 * named by its path (`[3].subject.user.email`).
 */
export function parseSignals(body: unknown, context: ParseSignalContext): NewSignal[] {
  if (Array.isArray(body)) requireCount(body.length);
  return parseSignalItems(signalItems(body), context);
}

/** The same for signals that came otherwise: their problems are named as it says. */
export function parseSignalItems(items: readonly SignalItem[], context: ParseSignalContext): NewSignal[] {
  requireCount(items.length);
  const problems: Problem[] = [];
  const signals = items.flatMap((item) => {
    const parsed = parseSignalItem(item, context);
    problems.push(...parsed.problems);
    return parsed.signal ? [parsed.signal] : [];
  });
  if (problems.length > 0) throw invalidRequest(...problems);
  return signals;
}

/** One of them: the signal, or what is wrong with it. */
export function parseSignalItem(item: SignalItem, context: ParseSignalContext): Parsed {
  if (item.problems && item.problems.length > 0) return { problems: item.problems };
  const { signal, problems } = parseSignal(item.value, context);
  return {
    signal,
    problems: problems.map(({ member, message }) => ({ member: item.pathOf(member), message })),
  };
}

function requireCount(count: number): void {
  if (count === 0 || count > MAX_SIGNALS)
    throw invalidRequest({ member: '', message: `must hold 1 to ${MAX_SIGNALS} signals` });
}

export interface Parsed {
  readonly signal?: NewSignal | undefined;
  readonly problems: readonly Problem[];
}

function parseSignal(item: unknown, context: ParseSignalContext): Parsed {
  if (!isJsonObject(item)) return { problems: [{ member: '', message: 'must be a signal object' }] };
  const unstorable = unstorableText(item);
  if (unstorable !== undefined)
    return { problems: [{ member: unstorable, message: 'must not hold NUL or half of a surrogate pair' }] };
  const problems: Problem[] = [];
  const complain = (member: string, message: string): void => void problems.push({ member, message });

  for (const name of Object.keys(item))
    if (!MEMBERS.includes(name)) complain(name, 'is not a member of a signal');
  const provider = text(item, 'provider', complain, { isRequired: true });
  const externalId = text(item, 'id', complain);
  const txn = text(item, 'txn', complain);
  const type = signalType(item.type, complain);
  const occurredAt = timestamp(item.occurredAt, context.now, complain);
  const subject = subjectOf(item.subject, 'subject', problems);
  const initiatingEntity = initiatingEntityOf(item.initiatingEntity, complain);
  for (const member of ['reasonAdmin', 'reasonUser'])
    if (item[member] !== undefined) problems.push(...validateReason(item[member], member));
  if (type) problems.push(...detailsProblems(type, item.details ?? {}, 'details', context.catalogue));

  if (problems.length > 0 || !provider || !type || !occurredAt || !subject) return { problems };
  return {
    problems,
    signal: {
      provider,
      externalId,
      type,
      occurredAt,
      subject,
      initiatingEntity,
      reasonAdmin: item.reasonAdmin as LanguageMap | undefined,
      reasonUser: item.reasonUser as LanguageMap | undefined,
      txn,
      details: isJsonObject(item.details) ? item.details : {},
    },
  };
}

type Complain = (member: string, message: string) => void;

function text(
  item: JsonObject,
  name: string,
  complain: Complain,
  options?: { isRequired: true },
): string | undefined {
  const value = item[name];
  if (value === undefined) {
    if (options?.isRequired) complain(name, 'is required');
    return undefined;
  }
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT) return value;
  complain(name, `must be a string of 1 to ${MAX_TEXT} characters`);
  return undefined;
}

function signalType(value: unknown, complain: Complain): SignalType | undefined {
  if (typeof value === 'string' && Object.hasOwn(SIGNAL_TYPES, value)) return value as SignalType;
  complain('type', `must be one of ${Object.keys(SIGNAL_TYPES).join(', ')}`);
  return undefined;
}

function timestamp(value: unknown, now: Date, complain: Complain): Date | undefined {
  if (value === undefined) return now;
  const time = value instanceof Date && !Number.isNaN(value.getTime()) ? value : parseTimestamp(value);
  if (!time) complain('occurredAt', 'must be an RFC 3339 time with a zone, such as 2026-01-31T17:00:00Z');
  else if (time.getTime() > now.getTime() + MAX_AHEAD_MS) complain('occurredAt', 'must not be in the future');
  else if (time.getTime() < 0) complain('occurredAt', 'must not be before 1970');
  else return time;
  return undefined;
}

function subjectOf(value: unknown, path: string, problems: Problem[]): SignalSubject | undefined {
  try {
    return parseSignalSubject(value, path);
  } catch (error) {
    if (!(error instanceof SsfError) || error.code !== 'invalid_request') throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

function initiatingEntityOf(value: unknown, complain: Complain): InitiatingEntity | undefined {
  if (value === undefined) return undefined;
  const known = INITIATING_ENTITIES.find((entity) => entity === value);
  if (!known) complain('initiatingEntity', `must be one of ${INITIATING_ENTITIES.join(', ')}`);
  return known;
}

function detailsProblems(
  type: SignalType,
  details: unknown,
  path: string,
  catalogue: EventCatalogue,
): Problem[] {
  const problems = validateSignalDetails(type, details, path);
  if (problems.length > 0 || type !== 'event' || !isJsonObject(details)) return problems;
  const eventType = String(details.eventType);
  if (!catalogue.get(eventType))
    return [{ member: `${path}.eventType`, message: 'is not a registered event type' }];
  return catalogue.validatePayload(eventType, details.payload ?? {}, `${path}.payload`);
}
