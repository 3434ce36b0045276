import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelaySeconds } from './retry-policy.js';

const pace = fc.constantFrom('quick' as const, 'slow' as const);
const failures = fc.integer({ min: 1, max: 10_000 });
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('retryDelaySeconds', () => {
  it.each([
    ['quick', [5, 30, 120, 600, 1800, 3600, 3600]],
    ['slow', [60, 300, 900, 1800, 3600, 3600]],
  ] as const)('follows the %s schedule', (name, schedule) => {
    const delays = schedule.map((_, index) =>
      retryDelaySeconds({ failures: index + 1, pace: name, random: 0.5 }),
    );

    expect(delays).toEqual(schedule);
  });

  it('varies by a fifth either way', () => {
    expect(retryDelaySeconds({ failures: 1, pace: 'slow', random: 0 })).toBeCloseTo(48);
    expect(retryDelaySeconds({ failures: 1, pace: 'slow', random: 1 })).toBeCloseTo(72);
  });

  it('stays within a fifth of the schedule for every number of failures', () => {
    fc.assert(
      fc.property(failures, pace, random, (count, name, number) => {
        const middle = retryDelaySeconds({ failures: count, pace: name, random: 0.5 });
        const delay = retryDelaySeconds({ failures: count, pace: name, random: number });

        expect(delay).toBeGreaterThanOrEqual(0.8 * middle - 1e-6);
        expect(delay).toBeLessThanOrEqual(1.2 * middle + 1e-6);
      }),
    );
  });

  it('never falls from one failure to the next', () => {
    fc.assert(
      fc.property(failures, pace, (count, name) => {
        const before = retryDelaySeconds({ failures: count, pace: name, random: 0.5 });

        expect(retryDelaySeconds({ failures: count + 1, pace: name, random: 0.5 })).toBeGreaterThanOrEqual(
          before,
        );
      }),
    );
  });

  it('waits as long as the receiver asks, up to an hour, and never less than 80 % of the schedule', () => {
    fc.assert(
      fc.property(failures, pace, random, fc.nat(100_000), (count, name, number, retryAfterSeconds) => {
        const scheduled = retryDelaySeconds({ failures: count, pace: name, random: number });
        const delay = retryDelaySeconds({ failures: count, pace: name, random: number, retryAfterSeconds });

        expect(delay).toBe(Math.min(3600, Math.max(scheduled, retryAfterSeconds)));
      }),
    );
  });
});
