export interface IntegerRange {
  readonly byDefault: number;
  readonly min: number;
  readonly max: number;
}

/** The options that are whole numbers, each also a setting of the standalone server: `leaseSeconds` is SSF_LEASE_SECONDS. */
export const INTEGER_OPTIONS = {
  sweepIntervalMs: { byDefault: 1_000, min: 10, max: 60_000 },
  leaseSeconds: { byDefault: 30, min: 2, max: 600 },
  maxInFlightPerStream: { byDefault: 8, min: 1, max: 32 },
  pushTimeoutMs: { byDefault: 10_000, min: 50, max: 60_000 },
  signerTimeoutMs: { byDefault: 3_000, min: 50, max: 30_000 },
  longPollSeconds: { byDefault: 30, min: 1, max: 300 },
  maxHeldPolls: { byDefault: 10_000, min: 1, max: 1_000_000 },
  maxHeldSets: { byDefault: 1_000_000, min: 1, max: 100_000_000 },
  subjectChangesPerMinute: { byDefault: 12_000, min: 1, max: 1_000_000 },
  // CAEP Interoperability Profile section 2.7.1: short-lived, an hour at most
  oauthTokenSeconds: { byDefault: 3_600, min: 60, max: 3_600 },
  retentionCeiling: { byDefault: 4, min: 1, max: 100 },
  pauseFailingStreamsAfterHours: { byDefault: 120, min: 0, max: 8_760 },
  payloadRetentionHours: { byDefault: 0, min: 0, max: 87_600 },
  auditRetentionDays: { byDefault: 400, min: 0, max: 36_500 },
  failedAuthenticationsPerMinute: { byDefault: 300, min: 1, max: 1_000_000 },
  housekeepingIntervalMs: { byDefault: 300_000, min: 10, max: 3_600_000 },
} as const satisfies Record<string, IntegerRange>;

export type IntegerOption = keyof typeof INTEGER_OPTIONS;
export type IntegerOptions = Readonly<Record<IntegerOption, number>>;

export const INTEGER_OPTION_NAMES = Object.keys(INTEGER_OPTIONS) as IntegerOption[];

/** The variable by which the standalone server sets an option. */
export function variableOf(option: string): string {
  return `SSF_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

export function isInRange(value: number, { min, max }: Pick<IntegerRange, 'min' | 'max'>): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** A lease that ends while a SET is still being signed or pushed lets two processes send the same one. */
export function fitsLease(
  { pushTimeoutMs, leaseSeconds }: Pick<IntegerOptions, 'pushTimeoutMs' | 'leaseSeconds'>,
  signingMs = 0,
): boolean {
  return (pushTimeoutMs + signingMs) * 2 < leaseSeconds * 1000;
}
