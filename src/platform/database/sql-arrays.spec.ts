import { describe, expect, it } from 'vitest';
import { bigintArray, integerArray, smallintArray, uuidArray } from './sql-arrays.js';

describe('an array as a parameter', () => {
  it.each(['', 'x', '00000000-0000-0000-0000-00000000000g', '00000000x0000-0000-0000-000000000000'])(
    'does not take %j for a UUID',
    (text) => {
      expect(() => uuidArray([text], (value) => value)).toThrow(TypeError);
    },
  );

  it.each([
    ['bigint', () => bigintArray([2n ** 63n], (value) => value)],
    ['bigint', () => bigintArray([(-(2n ** 63n) - 1n).toString()], (value) => value)],
    ['integer', () => integerArray([2 ** 31], (value) => value)],
    ['integer', () => integerArray([1.5], (value) => value)],
    ['integer', () => integerArray([NaN], (value) => value)],
    ['smallint', () => smallintArray([2 ** 15], (value) => value)],
    ['smallint', () => smallintArray([0.5], (value) => value)],
  ])('refuses what %s cannot hold', (_, make) => {
    expect(make).toThrow(RangeError);
  });
});
