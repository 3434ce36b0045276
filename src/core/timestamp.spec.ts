import { describe, expect, it } from 'vitest';
import { parseTimestamp } from './timestamp.js';

describe('parseTimestamp', () => {
  it.each([
    ['2026-01-31T17:00:00Z', '2026-01-31T17:00:00.000Z'],
    ['2026-01-31T17:00:00.123456Z', '2026-01-31T17:00:00.123Z'],
    ['2026-01-31T17:00:00+01:00', '2026-01-31T16:00:00.000Z'],
    ['2024-02-29T23:59:59-05:00', '2024-03-01T04:59:59.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseTimestamp(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T24:01:00Z',
    '2026-01-31',
    '2026-01-31T17:00:00',
    '2026-01-31 17:00:00Z',
    'now',
    '',
    7,
    null,
    undefined,
  ])('refuses %j', (value) => {
    expect(parseTimestamp(value)).toBeUndefined();
  });
});
