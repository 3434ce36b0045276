import { isJsonObject, type JsonObject } from '../json-object.js';
import { EMAIL } from '../subjects/identifier-rules.js';
import type { Match, SourceProfile, SourceSignal, ValuePath } from './source-profile.js';

/** The signal that an event is, without its provider; or why it is none. */
export type AppliedProfile = { readonly eventType: string } & (
  { readonly signal: JsonObject } | { readonly reason: string }
);

const NO_TYPE = '(none)';

/** Never throws, whatever the event is. What comes of it is still to be checked as every signal is. */
export function applyProfile({ hint, rules, ...profile }: SourceProfile, event: unknown): AppliedProfile {
  const eventType = textAt(event, profile.eventType);
  if (eventType === undefined)
    return { eventType: NO_TYPE, reason: `the event has no ${profile.eventType}: ${hint}` };
  const rule = rules.find(({ match }) => matches(event, match));
  if (!rule) return { eventType, reason: `the profile maps no ${eventType} of this kind` };
  const id = profile.id.map((path) => textAt(event, path));
  const missing = id.findIndex((part) => part === undefined);
  if (missing >= 0) return { eventType, reason: `${nameOf(profile.id[missing])}: is required, for the id` };
  const userId = textAt(event, rule.signal.user.id);
  if (userId === undefined)
    return { eventType, reason: `${nameOf(rule.signal.user.id)}: is required, as the user` };
  const occurredAt = timeAt(event, profile.time);
  if (occurredAt === undefined)
    return { eventType, reason: `${profile.time.path}: must be the event's time` };
  return { eventType, signal: { id: id.join(' '), occurredAt, ...signalOf(event, rule.signal, userId) } };
}

function signalOf(event: unknown, rule: SourceSignal, userId: string): JsonObject {
  const { type, user, session, initiatingEntity, details = {} } = rule;
  const email = textAt(event, user.email ?? []);
  const sessionId = textAt(event, session ?? []);
  const found = Object.entries(details).flatMap(([name, path]) => {
    const value = textAt(event, path);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    type,
    subject: {
      user: { id: userId, ...(email !== undefined && EMAIL.accepts(email) && { email }) },
      ...(sessionId !== undefined && { session: { id: sessionId } }),
    },
    ...(initiatingEntity && { initiatingEntity }),
    ...(found.length > 0 && { details: Object.fromEntries(found) }),
  };
}

function matches(event: unknown, match: Match): boolean {
  return Object.entries(match).every(([path, wanted]) => {
    const value = valueAt(event, path);
    return typeof wanted === 'string' && typeof value === 'string' ? isLike(value, wanted) : value === wanted;
  });
}

function isLike(value: string, wanted: string): boolean {
  if (!wanted.includes('*')) return value === wanted;
  const [parts, wantedParts] = [value.split('/'), wanted.split('/')];
  return (
    parts.length === wantedParts.length &&
    wantedParts.every((part, index) => (part === '*' ? parts[index] !== '' : part === parts[index]))
  );
}

function timeAt(event: unknown, { path, form }: SourceProfile['time']): string | undefined {
  const value = valueAt(event, path);
  if (form === 'rfc3339') return typeof value === 'string' ? value : undefined;
  const time = typeof value === 'number' ? new Date(value) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** Numbers are identifiers, too. */
function textAt(event: unknown, paths: ValuePath): string | undefined {
  for (const path of typeof paths === 'string' ? [paths] : paths) {
    const value = valueAt(event, path);
    if (typeof value === 'string' && value !== '') return value;
    if (Number.isSafeInteger(value)) return String(value);
  }
  return undefined;
}

function valueAt(event: unknown, path: string): unknown {
  const [names = '', part] = path.split('/');
  let value = event;
  for (const name of names.split('.')) {
    const parent = typeof value === 'string' ? jsonOf(value) : value;
    // own members alone: an event may be called as a member of every object is
    value = isJsonObject(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined;
  }
  if (part === undefined) return value;
  return typeof value === 'string' ? value.split('/')[Number(part)] : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // no JSON has no members
    return undefined;
  }
}

function nameOf(path: ValuePath | undefined): string {
  return typeof path === 'string' ? path : (path ?? []).join(' or ');
}
