import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SsfError } from '../../src/core/errors.js';
import { canonicalKey } from '../../src/core/subjects/canonical-key.js';
import { isExcludedBy, matchesAdded } from '../../src/core/subjects/match-subject.js';
import { parseSubject, subjectIdentifierSchema } from '../../src/core/subjects/parse-subject.js';
import { anySubject, complexSubject, simpleSubject } from './arbitrary-subjects.js';

describe('parseSubject', () => {
  it('returns what it is given, whatever the format', () => {
    fc.assert(
      fc.property(anySubject, (subject) => {
        expect(parseSubject(subject)).toEqual(subject);
      }),
    );
  });

  it('refuses any JSON that is not a subject with invalid_request, and with nothing else', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('email', 'aliases', 'complex', 'ip-addresses'),
        (value, format) => {
          const subject =
            typeof value === 'object' && value && !Array.isArray(value) ? { ...value, format } : value;

          expect(codeOf(() => parseSubject(subject))).toBe('invalid_request');
        },
      ),
    );
  });
});

describe('subjectIdentifierSchema', () => {
  it('takes every subject that parseSubject takes', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(subjectIdentifierSchema);

    fc.assert(
      fc.property(anySubject, (subject) => {
        expect(validate(subject), JSON.stringify(validate.errors)).toBe(true);
      }),
    );
  });
});

describe('canonicalKey', () => {
  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(complexSubject, (subject) => {
        const reversed = { format: 'complex', ...Object.fromEntries(Object.entries(subject).reverse()) };

        expect(canonicalKey(reversed)).toBe(canonicalKey(subject));
      }),
    );
  });

  it('is equal for two subjects only if they are identical', () => {
    fc.assert(
      fc.property(anySubject, anySubject, (left, right) => {
        expect(canonicalKey(left) === canonicalKey(right)).toBe(isDeepStrictEqual(left, right));
      }),
    );
  });
});

describe('matchesAdded', () => {
  it('matches every subject with itself', () => {
    fc.assert(fc.property(anySubject, (subject) => matchesAdded(subject, subject)));
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(
        anySubject,
        anySubject,
        (left, right) => matchesAdded(left, right) === matchesAdded(right, left),
      ),
    );
  });

  it('matches a complex subject with whatever part of it is added', () => {
    fc.assert(
      fc.property(complexSubject, fc.infiniteStream(fc.boolean()), (event, keep) => {
        const members = Object.entries(event).filter(([name]) => name !== 'format' && keep.next().value);

        expect(matchesAdded({ format: 'complex', ...Object.fromEntries(members) }, event)).toBe(true);
      }),
    );
  });

  it('does not match a simple subject with a complex one', () => {
    fc.assert(fc.property(simpleSubject, complexSubject, (added, event) => !matchesAdded(added, event)));
  });
});

describe('isExcludedBy', () => {
  it('excludes nothing that the same subject, added, would not match', () => {
    fc.assert(
      fc.property(
        anySubject,
        anySubject,
        (subject, event) => !isExcludedBy(subject, event) || matchesAdded(subject, event),
      ),
    );
  });
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof SsfError ? error.code : String(error);
  }
  return 'nothing was thrown';
}
