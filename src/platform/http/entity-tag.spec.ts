import { describe, expect, it } from 'vitest';
import { SsfError } from '../../core/errors.js';
import { entityTag, isKnownTag, parseIfMatch, requireMatch } from './entity-tag.js';

const ROW = { version: 7 };

function passes(header: string | undefined): boolean {
  try {
    requireMatch(ROW, parseIfMatch(header));
    return true;
  } catch (error) {
    if (error instanceof SsfError && error.code === 'precondition_failed') return false;
    throw error;
  }
}

describe('If-Match', () => {
  it.each([
    ['no header', undefined, true],
    ['the tag', '"7"', true],
    ['another one', '"6"', false],
    ['whatever there is', '*', true],
    ['whatever there is, with spaces', ' * ', true],
    ['a list with it', '"5", "7"', true],
    ['a list with empty elements', ', "5",,"7" ,', true],
    ['a list without it', '"5","6"', false],
    ['a tag that begins like it', '"77"', false],
    ['a tag with a comma', '"7,8"', false],
    ['a weak tag, which is never the same', 'W/"7"', false],
    ['an empty tag', '""', false],
  ])('with %s', (_, header, expected) => {
    expect(passes(header)).toBe(expected);
  });

  it.each(['', '7', '"7', '7"', '"7" "8"', '*, "7"', "'7'", 'w/"7"', '"a b"'])(
    'is refused as %j',
    (header) => {
      expect(() => parseIfMatch(header)).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          problems: [{ member: 'If-Match', message: expect.any(String) as string }],
        }),
      );
    },
  );

  it('tells what there is now', () => {
    expect(() => requireMatch(ROW, ['"6"'])).toThrow(expect.objectContaining({ entityTag: '"7"' }));
  });
});

describe('If-None-Match', () => {
  it.each([
    [undefined, false],
    ['"7"', true],
    ['W/"7"', true],
    ['"6", "7"', true],
    ['*', true],
    ['"6"', false],
  ])('of %j', (header, expected) => {
    expect(isKnownTag(header, entityTag(ROW))).toBe(expected);
  });
});
