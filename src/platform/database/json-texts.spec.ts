import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonTexts } from './json-texts.js';

describe('jsonTexts', () => {
  it('never has its separator within the JSON of anything', () => {
    fc.assert(
      fc.property(fc.array(fc.anything().map((value) => JSON.stringify({ value }))), (texts) => {
        const joined = jsonTexts(texts);

        if (texts.length > 0) expect(joined.split('\u001e')).toEqual(texts);
      }),
    );
  });

  it('does not take what would be two', () => {
    expect(() => jsonTexts(['{"a":"\u001e"}'])).toThrow(TypeError);
  });
});
