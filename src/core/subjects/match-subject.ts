import { isJsonObject } from '../json-object.js';
import { canonicalKey } from './canonical-key.js';
import type { SubjectIdentifier } from './subject-identifier.js';

/**
 * Whether a subject that a receiver added to its stream matches the subject of an event (SSF 1.0 section 8.1.3.1).
 *
 * Simple subjects match when they are identical. Complex ones match when every member that both define is
 * identical; a member that only one of them defines is a wildcard. A simple and a complex subject do not match.
 */
export function matchesAdded(added: SubjectIdentifier, event: SubjectIdentifier): boolean {
  if (isComplex(added) !== isComplex(event)) return false;
  if (!isComplex(added)) return isSameSubject(added, event);
  return membersOf(added).every(([name, identifier]) => {
    const other = memberOf(event, name);
    return other === undefined || isSameSubject(identifier, other);
  });
}

/**
 * `matchesAdded`, or a simple added subject is identical to any identifier of the event's user. The specification
 * leaves simple against complex open; the identity provider knows that all of them denote one person.
 *
 * @param userIdentifiers every simple identifier of the event's user
 */
export function matchesAddedUser(
  added: SubjectIdentifier,
  event: SubjectIdentifier,
  userIdentifiers: readonly SubjectIdentifier[],
): boolean {
  return matchesAdded(added, event) || isUser(added, userIdentifiers);
}

/**
 * Whether a subject that a receiver removed from its stream silences an event: every member that it defines must
 * be in the event, and identical. The wildcards of added subjects would silence too much here.
 *
 * @param userIdentifiers every simple identifier of the event's user
 */
export function isExcludedBy(
  removed: SubjectIdentifier,
  event: SubjectIdentifier,
  userIdentifiers: readonly SubjectIdentifier[] = [],
): boolean {
  if (!isComplex(removed)) {
    return isUser(removed, userIdentifiers) || (!isComplex(event) && isSameSubject(removed, event));
  }
  return (
    isComplex(event) &&
    membersOf(removed).every(([name, identifier]) => {
      const other = memberOf(event, name);
      return other !== undefined && isSameSubject(identifier, other);
    })
  );
}

function isUser(subject: SubjectIdentifier, userIdentifiers: readonly SubjectIdentifier[]): boolean {
  return !isComplex(subject) && userIdentifiers.some((identifier) => isSameSubject(subject, identifier));
}

// RFC 9493 section 3.2.8: all identifiers of `aliases` denote one subject, so one in common is enough.
function isSameSubject(left: SubjectIdentifier, right: SubjectIdentifier): boolean {
  const keys = new Set(identifiersOf(left).map(canonicalKey));
  return identifiersOf(right).some((identifier) => keys.has(canonicalKey(identifier)));
}

function identifiersOf(subject: SubjectIdentifier): readonly SubjectIdentifier[] {
  return subject.format === 'aliases' ? (subject.identifiers as readonly SubjectIdentifier[]) : [subject];
}

function isComplex(subject: SubjectIdentifier): boolean {
  return subject.format === 'complex';
}

function membersOf(subject: SubjectIdentifier): [string, SubjectIdentifier][] {
  return Object.entries(subject).filter((entry): entry is [string, SubjectIdentifier] =>
    isJsonObject(entry[1]),
  );
}

function memberOf(subject: SubjectIdentifier, name: string): SubjectIdentifier | undefined {
  return Object.hasOwn(subject, name) ? (subject[name] as SubjectIdentifier) : undefined;
}
