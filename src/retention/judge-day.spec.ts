import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryOf } from '../core/delivery/expiry.js';
import { judgeDay, type Pending } from './judge-day.js';

const DAY_MS = 86_400_000;
const DAY = '2026-01-10';
const START = Date.parse('2026-01-10T00:00:00Z');
const NOTHING: Pending = { sets: 0, signals: 0, recoveries: 0 };
const quiet = { day: DAY, pending: NOTHING, pendingAt: undefined };
const POLICY = { retentionDays: 30, ceiling: 4 };
const after = (days: number): Date => new Date(START + days * DAY_MS);

describe('judgeDay', () => {
  it('keeps a day for as long as a SET of its last moment may wait', () => {
    expect(judgeDay(quiet, POLICY, after(120.9))).toEqual({
      goes: false,
      reason: 'within_retention',
      goesAt: after(121),
    });
    expect(judgeDay(quiet, POLICY, after(121))).toEqual({ goes: true, reason: null, goesAt: after(121) });
  });

  it.each<keyof Pending>(['sets', 'signals', 'recoveries'])('keeps a day with %s that wait', (what) => {
    expect(judgeDay({ ...quiet, pending: { ...NOTHING, [what]: 1 } }, POLICY, after(500))).toEqual({
      goes: false,
      reason: 'pending',
      goesAt: null,
    });
  });

  it('keeps what waited to the last for a week, or for the retention if that is shorter', () => {
    const ended = { ...quiet, pendingAt: after(500) };
    expect(judgeDay(ended, POLICY, after(506.9))).toEqual({
      goes: false,
      reason: 'grace',
      goesAt: after(507),
    });
    expect(judgeDay(ended, POLICY, after(507)).goes).toBe(true);
    expect(judgeDay(ended, { ...POLICY, retentionDays: 2 }, after(501.9)).goes).toBe(false);
    expect(judgeDay(ended, { ...POLICY, retentionDays: 2 }, after(502)).goes).toBe(true);
  });

  it('lets nothing go that waits, or that could wait by the rule of expiry, whatever else', () => {
    const count = fc.nat(2);
    fc.assert(
      fc.property(
        fc.record({ sets: count, signals: count, recoveries: count }),
        fc.option(fc.double({ min: 0, max: 9_000, noNaN: true }), { nil: undefined }),
        fc.record({
          retentionDays: fc.integer({ min: 1, max: 3_650 }),
          ceiling: fc.integer({ min: 1, max: 100 }),
        }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.double({ min: 0, max: 9_000, noNaN: true }),
        fc.double({ min: 0, max: 9_000, noNaN: true }),
        (pending, pendingAfter, policy, madeAt, failedAfter, nowAfter) => {
          const pendingAt = pendingAfter === undefined ? undefined : after(pendingAfter);
          const verdict = judgeDay({ day: DAY, pending, pendingAt }, policy, after(nowAfter));

          const enqueuedAt = after(madeAt);
          const expiresAt = after(madeAt + policy.retentionDays);
          const last = expiryOf({ enqueuedAt, expiresAt, failedAt: after(failedAfter) }, policy.ceiling);
          expect(verdict.goes).toBe(verdict.reason === null);
          if (Object.values(pending).some((each) => each > 0) || after(nowAfter) < last)
            expect(verdict.goes).toBe(false);
        },
      ),
    );
  });
});
