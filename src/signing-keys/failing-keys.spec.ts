import { expect, it } from 'vitest';
import { FailingKeys } from './failing-keys.js';

const MINUTE = 60_000;

it('counts the keys whose last signature failed, by what was wrong', () => {
  const keys = new FailingKeys();
  keys.failed('a', { reason: 'unreachable', at: 0 });
  keys.failed('b', { reason: 'unreachable', at: 0 });
  keys.failed('c', { reason: 'unreachable', at: 0 });
  keys.failed('c', { reason: 'refused', at: 1 });

  keys.signed('b', 2);

  expect(Object.fromEntries(keys.count(3))).toEqual({ unreachable: 1, refused: 1 });
});

it('does not believe a signature that was under way before the failure', () => {
  const keys = new FailingKeys();
  keys.failed('a', { reason: 'refused', at: 10 });

  keys.signed('a', 9);
  expect(keys.count(11).size).toBe(1);

  keys.signed('a', 10);
  expect(keys.count(11).size).toBe(0);
});

it('forgets a failure when nobody has tried for five minutes', () => {
  const keys = new FailingKeys();
  keys.failed('a', { reason: 'failed', at: 0 });

  expect(keys.count(5 * MINUTE).size).toBe(1);
  expect(keys.count(5 * MINUTE + 1).size).toBe(0);
});
