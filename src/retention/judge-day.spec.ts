import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeDay, type Pending } from './judge-day.js';

const DAY_MS = 86_400_000;
const DAY = '2026-01-10';
const START = Date.parse('2026-01-10T00:00:00Z');
const NOTHING: Pending = { sets: 0, signals: 0, recoveries: 0 };
const quiet = { day: DAY, pending: NOTHING, pendingAt: undefined };
const POLICY = { retentionDays: 30 };
const after = (days: number): Date => new Date(START + days * DAY_MS);

describe('judgeDay', () => {
  it('keeps a day for the retention, counted from its end', () => {
    expect(judgeDay(quiet, POLICY, after(30.9))).toEqual({
      goes: false,
      reason: 'within_retention',
      goesAt: after(31),
    });
    expect(judgeDay(quiet, POLICY, after(31))).toEqual({ goes: true, reason: null, goesAt: after(31) });
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

  it('lets nothing go that waits, nor anything before its time', () => {
    const count = fc.nat(2);
    fc.assert(
      fc.property(
        fc.record({ sets: count, signals: count, recoveries: count }),
        fc.option(fc.double({ min: 0, max: 9_000, noNaN: true }), { nil: undefined }),
        fc.integer({ min: 1, max: 3_650 }),
        fc.double({ min: 0, max: 9_000, noNaN: true }),
        (pending, pendingAfter, retentionDays, nowAfter) => {
          const pendingAt = pendingAfter === undefined ? undefined : after(pendingAfter);
          const verdict = judgeDay({ day: DAY, pending, pendingAt }, { retentionDays }, after(nowAfter));

          expect(verdict.goes).toBe(verdict.reason === null);
          if (Object.values(pending).some((each) => each > 0) || nowAfter < 1 + retentionDays)
            expect(verdict.goes).toBe(false);
        },
      ),
    );
  });
});
