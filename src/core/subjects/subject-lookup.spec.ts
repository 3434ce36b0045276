import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExcludedBy, matchesAddedUser } from './match-subject.js';
import type { SubjectIdentifier } from './subject-identifier.js';
import { probeKeys, shapeOf, storedKeys } from './subject-lookup.js';

// few values, so that subjects often have something in common
const simple = fc.oneof(
  fc.record({ format: fc.constant('opaque'), id: fc.constantFrom('a', 'b') }),
  fc.record({
    format: fc.constant('email'),
    email: fc.constantFrom('ana@acme.test', 'ana@ACME.test', 'ben@acme.test'),
  }),
);
const aliases = fc.record({
  format: fc.constant('aliases'),
  identifiers: fc.array(simple, { minLength: 1, maxLength: 3 }),
});
const simpleOrAliases: fc.Arbitrary<SubjectIdentifier> = fc.oneof({ weight: 3, arbitrary: simple }, aliases);
const complex: fc.Arbitrary<SubjectIdentifier> = fc
  .dictionary(fc.constantFrom('user', 'device', 'session', 'tenant'), simpleOrAliases, { minKeys: 1 })
  .map((members) => ({ format: 'complex', ...members }));
const anySubject = fc.oneof(simpleOrAliases, complex);

function found(
  list: readonly SubjectIdentifier[],
  subId: SubjectIdentifier,
  userIdentifiers: readonly SubjectIdentifier[],
  kind: 'added' | 'removed',
): boolean {
  const stored = new Set(list.flatMap((subject) => storedKeys(subject, kind)));
  const shapes = [...new Set(list.flatMap((subject) => shapeOf(subject) ?? []))];
  return probeKeys({ subId, userIdentifiers }, shapes, kind).some((key) => stored.has(key));
}

describe('the look-up of subjects', () => {
  it('finds just what the rule for added subjects matches', () => {
    fc.assert(
      fc.property(
        fc.array(anySubject, { maxLength: 6 }),
        anySubject,
        fc.array(simple, { maxLength: 2 }),
        (list, subId, user) => {
          const expected = list.some((added) => matchesAddedUser(added, subId, user));

          expect(found(list, subId, user, 'added')).toBe(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('finds just what the rule for removed subjects silences', () => {
    fc.assert(
      fc.property(
        fc.array(anySubject, { maxLength: 6 }),
        anySubject,
        fc.array(simple, { maxLength: 2 }),
        (list, subId, user) => {
          const expected = list.some((removed) => isExcludedBy(removed, subId, user));

          expect(found(list, subId, user, 'removed')).toBe(expected);
        },
      ),
      { numRuns: 3000 },
    );
  });
});
