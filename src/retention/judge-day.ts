const DAY_MS = 86_400_000;
/** What ended late stays to be read for so many days, or for the retention if that is shorter. */
const MAX_GRACE_DAYS = 7;

export interface RetentionPolicy {
  /** the longest `eventRetentionDays` of any provider */
  readonly retentionDays: number;
}

/** What of a day still waits, or is looked at. */
export interface Pending {
  /** SETs in the queues of their streams, pending or held */
  readonly sets: number;
  /** signals that wait for their fan-out */
  readonly signals: number;
  /** recoveries that have yet to look at the day */
  readonly recoveries: number;
}

export interface DayState {
  /** UTC, `2026-11-21` */
  readonly day: string;
  readonly pending: Pending;
  /** when something of it was last seen to wait after its time was over; undefined: nothing did */
  readonly pendingAt: Date | undefined;
}

/** Why a day's history stays: its time is not over; something of it waits; what waited to the last can be read yet. */
export const STAY_REASONS = ['within_retention', 'pending', 'grace'] as const;
export type StayReason = (typeof STAY_REASONS)[number];

export interface DayVerdict {
  readonly goes: boolean;
  /** null when it goes */
  readonly reason: StayReason | null;
  /** from when on it goes; null while something waits */
  readonly goesAt: Date | null;
}

/** When the time of a day's history is over; what still waits then keeps it. */
export function overAt(day: string, { retentionDays }: RetentionPolicy): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + (1 + retentionDays) * DAY_MS);
}

/** Whether a day's history goes: its time is over and nothing of it waits, nor did a moment ago. */
export function judgeDay(
  { day, pending, pendingAt }: DayState,
  policy: RetentionPolicy,
  now: Date,
): DayVerdict {
  const over = overAt(day, policy);
  const graceMs = Math.min(policy.retentionDays, MAX_GRACE_DAYS) * DAY_MS;
  const goesAt = new Date(Math.max(over.getTime(), pendingAt ? pendingAt.getTime() + graceMs : 0));
  if (now < over) return { goes: false, reason: 'within_retention', goesAt };
  if (isPending(pending)) return { goes: false, reason: 'pending', goesAt: null };
  const goes = now >= goesAt;
  return { goes, reason: goes ? null : 'grace', goesAt };
}

export function isPending({ sets, signals, recoveries }: Pending): boolean {
  return sets > 0 || signals > 0 || recoveries > 0;
}
