import { fitsLease, INTEGER_OPTIONS, type IntegerOption, isInRange, variableOf } from './integer-options.js';
import type { Setting } from './setting.js';
import { SettingError } from './setting-parsers.js';

/** What was set of the options that are whole numbers. */
export type IntegerSettings = Partial<Record<IntegerOption, number>>;

const INTEGER_SUMMARIES: Readonly<Record<IntegerOption, string>> = {
  longPollSeconds:
    'How long a long poll is held when there is nothing; below the idle time-out of proxies in front.',
  maxHeldPolls:
    'Long polls that this process holds at a time, about 25 kB each. Beyond that the stream with most of them has its oldest answered with nothing.',
  maxHeldSets:
    'SETs that a paused stream holds. The oldest beyond that are dropped with the reason `hold_limit`. Published in the transmitter metadata.',
  subjectChangesPerMinute:
    'Subjects that a receiver may add to and remove from one stream in a minute, whichever process it asks; beyond that it gets 429.',
  oauthTokenSeconds: 'Seconds that an access token of the built-in OAuth authorization server lasts.',
  sweepIntervalMs: 'Milliseconds between two looks of the safety net that finds what no doorbell announced.',
  leaseSeconds: "Seconds that a process owns a stream's queue without renewing it.",
  maxInFlightPerStream: 'Pushes in flight to one stream at a time; 1 is strict order.',
  pushTimeoutMs: 'Milliseconds that a receiver has to answer a push; less than half of `SSF_LEASE_SECONDS`.',
  signerTimeoutMs:
    'Milliseconds that a [remote signer](remote-signer.md) has for a signature, and ten times that to make a key; with `SSF_PUSH_TIMEOUT_MS` less than half of `SSF_LEASE_SECONDS`.',
  retentionCeiling:
    'How many times the `eventRetentionDays` of its provider a SET waits at most, counted from enqueueing, when its pushes fail: each failed push gives it the whole time again, up to this. 1: never longer.',
  pauseFailingStreamsAfterHours:
    'Hours of nothing but failed pushes after which a stream is paused; there are alerts at 50, 70, 90 and 100 % of them. 0: never.',
  payloadRetentionHours:
    'Hours after which what signals and SETs tell of people is [removed](privacy.md#after-some-hours), counted from the end of their delivery; type, times and outcome stay, and they cannot be sent again. 0: not before their day goes.',
  auditRetentionDays: 'Days that entries stay in the audit log. 0: for ever.',
  failedAuthenticationsPerMinute:
    'Failed authentications at the admin API that one client address (IPv6: one /64) may have in a minute at one process; beyond that it gets 429. See [administrators](administrators.md#wrong-tokens).',
  housekeepingIntervalMs:
    'Milliseconds between two rounds of housekeeping: what waited too long, streams that only fail, old history. One process does each round for all.',
};

export function integerSetting(option: IntegerOption): Setting<number> {
  const range = INTEGER_OPTIONS[option];
  return {
    name: variableOf(option),
    summary: `${INTEGER_SUMMARIES[option]} ${range.min} to ${range.max}.`,
    defaultText: `\`${range.byDefault}\``,
    parse: (value) => parseInteger(value, range),
  };
}

export function parseInteger(value: string, range: { readonly min: number; readonly max: number }): number {
  if (!/^\d{1,9}$/.test(value) || !isInRange(Number(value), range))
    throw new SettingError(`must be a whole number from ${range.min} to ${range.max}`);
  return Number(value);
}

/** The one that was set is named: the other one has its default then, or is as wrong. */
export function checkLease(
  { pushTimeoutMs, leaseSeconds, signerTimeoutMs }: IntegerSettings,
  hasSigner: boolean,
): void {
  const timeout = pushTimeoutMs ?? INTEGER_OPTIONS.pushTimeoutMs.byDefault;
  const lease = leaseSeconds ?? INTEGER_OPTIONS.leaseSeconds.byDefault;
  const signing = hasSigner ? (signerTimeoutMs ?? INTEGER_OPTIONS.signerTimeoutMs.byDefault) : 0;
  const times = { pushTimeoutMs: timeout, leaseSeconds: lease };
  if (fitsLease(times, signing)) return;
  if (fitsLease(times))
    throw new SettingError(
      'and SSF_PUSH_TIMEOUT_MS must be less than half of SSF_LEASE_SECONDS together',
      'SSF_SIGNER_TIMEOUT_MS',
    );
  if (pushTimeoutMs !== undefined)
    throw new SettingError('must be less than half of SSF_LEASE_SECONDS', 'SSF_PUSH_TIMEOUT_MS');
  throw new SettingError('must be more than twice SSF_PUSH_TIMEOUT_MS', 'SSF_LEASE_SECONDS');
}
