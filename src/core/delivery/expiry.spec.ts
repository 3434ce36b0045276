import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryOf } from './expiry.js';

const DAY = 86_400_000;
const days = (count: number): Date => new Date(count * DAY);

const wait = fc
  .record({
    enqueued: fc.double({ min: 0, max: 1_000, noNaN: true }),
    retention: fc.integer({ min: 1, max: 3_650 }),
    failed: fc.option(fc.double({ min: 0, max: 20_000, noNaN: true }), { nil: undefined }),
  })
  .map(({ enqueued, retention, failed }) => ({
    retention,
    enqueuedAt: days(enqueued),
    expiresAt: days(enqueued + retention),
    ...(failed !== undefined && { failedAt: days(failed) }),
  }));
const ceiling = fc.integer({ min: 1, max: 100 });

describe('expiryOf', () => {
  it.each([
    ['its retention, when nothing failed', undefined, 30],
    ['its retention from the failed try', 20, 50],
    ['its retention from a try shortly before it would have expired', 29, 59],
    ['no longer than the ceiling', 95, 120],
    ['no less for a try from before it was enqueued', -5, 30],
  ])('gives %s', (_what, failed, expected) => {
    const failedAt = failed === undefined ? {} : { failedAt: days(failed) };

    expect(expiryOf({ enqueuedAt: days(0), expiresAt: days(30), ...failedAt }, 4)).toEqual(days(expected));
  });

  it('is never before the retention is over, nor after the ceiling', () => {
    fc.assert(
      fc.property(wait, ceiling, (each, times) => {
        const expiry = expiryOf(each, times).getTime();

        expect(expiry).toBeGreaterThanOrEqual(each.expiresAt.getTime() - 1);
        expect(expiry).toBeLessThanOrEqual(each.enqueuedAt.getTime() + times * each.retention * DAY + times);
      }),
    );
  });

  it('never comes nearer by a later failure', () => {
    fc.assert(
      fc.property(wait, ceiling, fc.nat(1_000 * DAY), (each, times, later) => {
        const failedAt = new Date((each.failedAt ?? each.enqueuedAt).getTime() + later);

        expect(expiryOf({ ...each, failedAt }, times).getTime()).toBeGreaterThanOrEqual(
          expiryOf(each, times).getTime(),
        );
      }),
    );
  });

  it('leaves a SET at least its retention after a failure, unless that is beyond the ceiling', () => {
    fc.assert(
      fc.property(wait, ceiling, ({ failedAt = days(0), ...each }, times) => {
        const left = expiryOf({ ...each, failedAt }, times).getTime() - failedAt.getTime();
        const latest =
          each.enqueuedAt.getTime() + times * (each.expiresAt.getTime() - each.enqueuedAt.getTime());

        expect(left >= each.retention * DAY - 1 || failedAt.getTime() + left === latest).toBe(true);
      }),
    );
  });

  it('extends nothing with a ceiling of one', () => {
    fc.assert(
      fc.property(wait, (each) => {
        expect(expiryOf(each, 1)).toEqual(each.expiresAt);
      }),
    );
  });
});
