import { createHash } from 'node:crypto';
import { canonicalKey } from './canonical-key.js';
import type { SubjectIdentifier } from './subject-identifier.js';
import { isJsonObject } from '../json-object.js';

// The matching rules of match-subject.ts as equality of keys, so that an index answers them whatever the number of
// subjects in a stream. A subject is stored under every key that an event may ask for, and an event asks for a
// handful of keys. The two files are held together by a property test.

/** `added`: SSF 1.0 section 8.1.3.1; `removed`: what silences events of a stream that has all subjects by default. */
export type SubjectListKind = 'added' | 'removed';

/** Keys of one subject at most: 2 to the power of its members, times their aliases. */
export const MAX_LOOKUP_KEYS = 1024;

/** The names of a complex subject's members; undefined for a simple one. Events ask for keys by shape. */
export function shapeOf(subject: SubjectIdentifier): string | undefined {
  return subject.format === 'complex' ? shapeName(Object.keys(membersOf(subject))) : undefined;
}

/** The keys that a subject is stored under; more than {@link MAX_LOOKUP_KEYS} of them are too many to be stored. */
export function storedKeys(subject: SubjectIdentifier, kind: SubjectListKind): string[] {
  if (subject.format !== 'complex') return alternatives(subject).map(simpleKey);
  const members = membersOf(subject);
  const names = Object.keys(members).sort();
  // a member that the event lacks is a wildcard for an added subject, and a difference for a removed one
  const subsets = kind === 'added' ? subsetsOf(names) : [names];
  return subsets.flatMap((subset) => complexKeys(names, subset, members));
}

export interface EventSubject {
  readonly subId: SubjectIdentifier;
  /** every simple identifier of the event's user */
  readonly userIdentifiers: readonly SubjectIdentifier[];
}

/** The keys of which one must be stored for the event's subject to be in the list. */
export function probeKeys(event: EventSubject, shapes: readonly string[], kind: SubjectListKind): string[] {
  const { subId, userIdentifiers } = event;
  const isComplex = subId.format === 'complex';
  const simple = (isComplex ? userIdentifiers : [...userIdentifiers, subId])
    .flatMap(alternatives)
    .map(simpleKey);
  if (!isComplex) return [...new Set(simple)];
  const members = membersOf(subId);
  const complex = shapes.flatMap((shape) => {
    const names = JSON.parse(shape) as string[];
    const shared = names.filter((name) => Object.hasOwn(members, name));
    if (kind === 'removed' && shared.length < names.length) return [];
    return complexKeys(names, shared, members);
  });
  return [...new Set([...simple, ...complex])];
}

/** What is stored and indexed: 16 bytes of the key's SHA-256. */
export function lookupDigest(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest().subarray(0, 16);
}

/** By which a subject is in a list once, and is taken out of it again. */
export function identityDigest(subject: SubjectIdentifier): Buffer {
  return lookupDigest(canonicalKey(subject));
}

function simpleKey(subject: SubjectIdentifier): string {
  return `simple ${canonicalKey(subject)}`;
}

/** One key per combination of the members' aliases. */
function complexKeys(
  shape: readonly string[],
  subset: readonly string[],
  members: Readonly<Record<string, SubjectIdentifier>>,
): string[] {
  let combinations: string[][] = [[]];
  for (const name of subset) {
    const member = members[name];
    if (!member) return [];
    const keys = alternatives(member).map(canonicalKey);
    combinations = combinations.flatMap((chosen) => keys.map((key) => [...chosen, name, key]));
  }
  return combinations.map((chosen) => JSON.stringify(['complex', shapeName(shape), ...chosen]));
}

function shapeName(names: readonly string[]): string {
  return JSON.stringify([...names].sort());
}

function subsetsOf(names: readonly string[]): string[][] {
  return names.reduce<string[][]>(
    (subsets, name) => subsets.flatMap((subset) => [subset, [...subset, name]]),
    [[]],
  );
}

// RFC 9493 section 3.2.8: any identifier of `aliases` will do.
function alternatives(subject: SubjectIdentifier): readonly SubjectIdentifier[] {
  return subject.format === 'aliases' ? (subject.identifiers as readonly SubjectIdentifier[]) : [subject];
}

function membersOf(subject: SubjectIdentifier): Record<string, SubjectIdentifier> {
  return Object.fromEntries(
    Object.entries(subject).filter((entry): entry is [string, SubjectIdentifier] => isJsonObject(entry[1])),
  );
}
