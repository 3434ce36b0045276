import { describe, expect, it } from 'vitest';
import { FailureLimit, networkOf } from './failure-limit.js';

const LIMIT = 3;

function limitAt(): { limit: FailureLimit; clock: { now: number } } {
  const clock = { now: 0 };
  return { limit: new FailureLimit(LIMIT, () => clock.now), clock };
}

function fail(limit: FailureLimit, address: string, times: number): void {
  for (let count = 0; count < times; count += 1) limit.count(address);
}

describe('an address that fails', () => {
  it('may do so as often as the limit says, and then waits for the end of the minute', () => {
    const { limit, clock } = limitAt();
    fail(limit, '192.0.2.1', LIMIT - 1);
    expect(limit.waitSeconds('192.0.2.1')).toBeUndefined();

    clock.now = 20_000;
    limit.count('192.0.2.1');

    expect(limit.waitSeconds('192.0.2.1')).toBe(40);
    clock.now = 59_999;
    expect(limit.waitSeconds('192.0.2.1')).toBe(1);
  });

  it('begins anew after the minute', () => {
    const { limit, clock } = limitAt();
    fail(limit, '192.0.2.1', LIMIT);

    clock.now = 60_000;

    expect(limit.waitSeconds('192.0.2.1')).toBeUndefined();
    fail(limit, '192.0.2.1', LIMIT - 1);
    expect(limit.waitSeconds('192.0.2.1')).toBeUndefined();
  });

  it('does not wait longer for failing on', () => {
    const { limit, clock } = limitAt();
    fail(limit, '192.0.2.1', LIMIT);

    clock.now = 59_000;
    fail(limit, '192.0.2.1', 1_000);

    expect(limit.waitSeconds('192.0.2.1')).toBe(1);
  });

  it('is no matter of the others', () => {
    const { limit } = limitAt();

    fail(limit, '192.0.2.1', LIMIT);

    expect(limit.waitSeconds('192.0.2.2')).toBeUndefined();
  });

  it('is forgotten when there were very many others', () => {
    const { limit } = limitAt();
    fail(limit, '192.0.2.1', LIMIT);

    for (let index = 0; index < 10_001; index += 1) limit.count(`10.0.${index >> 8}.${index & 255}`);

    expect(limit.waitSeconds('192.0.2.1')).toBeUndefined();
  });
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:0:0:0:0/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2:0:0:0:0/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3:0:0:0:0/64'],
  ['whatever the proxy says', 'unknown'],
  [undefined, 'unknown'],
])('the address %s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
