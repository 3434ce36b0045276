import { createHash } from 'node:crypto';
import { isJsonObject } from '../json-object.js';
import { canonicalKey } from '../subjects/canonical-key.js';
import type { SignalSubject } from '../subjects/signal-subject.js';
import type { InitiatingEntity, LanguageMap } from './event-claims.js';
import { SIGNAL_TYPES, signalEventType, type SignalType } from './signal-types.js';

/** What a provider wants of signals that say again what the last one said. */
export interface FoldRepeats {
  /** how far apart two of them may have occurred */
  readonly windowSeconds: number;
  /** which are folded; default: all that can be */
  readonly types?: readonly SignalType[];
  /** members of `details` (of `payload`, for the type `event`) that make no difference */
  readonly ignoredDetails?: readonly string[];
}

export const MAX_FOLD_WINDOW_SECONDS = 3_600;

/** What of a signal tells whether it is a repeat. */
export interface FoldableSignal {
  readonly type: SignalType;
  readonly occurredAt: Date;
  readonly subject: SignalSubject;
  readonly initiatingEntity?: InitiatingEntity | undefined;
  readonly reasonAdmin?: LanguageMap | undefined;
  readonly reasonUser?: LanguageMap | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The last signal of a family about an identifier. */
export interface LastSignal {
  readonly signalId: string;
  readonly fingerprint: string;
  readonly occurredAt: Date;
}

/**
 * Signals of which one may take back, or make untrue, what another one said. A repeat is one only if nothing of its family
 * came in between. Without a family: states that are not to be guessed about, each signal of which counts.
 */
const FAMILIES: Readonly<Record<Exclude<SignalType, 'event'>, string | undefined>> = {
  logout: 'session',
  'session.revoked': 'session',
  'session.established': 'session',
  'session.presented': 'session',
  'password.changed': 'credential',
  'mfa.added': 'credential',
  'mfa.removed': 'credential',
  'mfa.updated': 'credential',
  'credential.compromised': 'credential',
  'account.credential-change-required': 'credential',
  'token-claims.changed': 'token-claims',
  'assurance-level.changed': 'assurance-level',
  'device.compliance-changed': 'device-compliance',
  'risk-level.changed': 'risk-level',
  'account.disabled': 'account',
  'account.enabled': 'account',
  'account.purged': 'account',
  'identifier.changed': 'identifier',
  'identifier.recycled': 'identifier',
  'recovery.activated': 'recovery',
  'recovery.information-changed': 'recovery',
  'opt-in': undefined,
  'opt-out.initiated': undefined,
  'opt-out.cancelled': undefined,
  'opt-out.effective': undefined,
};

/** Of event types that nobody here knows: any of them may reverse any other. */
const UNKNOWN_FAMILY = 'event';

/** Undefined: it is never folded. */
export function foldingFamily(signal: Pick<FoldableSignal, 'type' | 'details'>): string | undefined {
  const { type } = signal;
  if (type !== 'event') return FAMILIES[type];
  const eventType = signalEventType(signal);
  const same = TYPED.find((each) => SIGNAL_TYPES[each].eventType === eventType);
  return same === undefined ? UNKNOWN_FAMILY : FAMILIES[same];
}

const TYPED = Object.keys(FAMILIES) as (keyof typeof FAMILIES)[];

/** Equal for two signals that say the same: all of it but its ids and its time, and what is to be ignored. */
export function foldingFingerprint(signal: FoldableSignal, ignored: readonly string[] = []): string {
  const { type, subject, initiatingEntity, reasonAdmin, reasonUser } = signal;
  const said = {
    type,
    subject,
    initiatingEntity,
    reasonAdmin,
    reasonUser,
    details: detailsOf(signal, ignored),
  };
  return createHash('sha256')
    .update(canonicalKey({ format: 'signal', ...said }))
    .digest('hex');
}

/**
 * Which signal this one repeats, if any: the last one. It may have occurred a little before that, as signals that are
 * recorded at the same time come in any order; that the last one says the same is what counts. Each identifier of its subject has to have the same last signal: one that came
 * in between may have named the user by another of them.
 */
export function isRepeat(
  fingerprint: string,
  occurredAt: Date,
  lasts: readonly (LastSignal | undefined)[],
  windowSeconds: number,
): LastSignal | undefined {
  const [last] = lasts;
  if (!last || lasts.some((each) => each?.signalId !== last.signalId)) return undefined;
  const apartMs = Math.abs(occurredAt.getTime() - last.occurredAt.getTime());
  const isSame = last.fingerprint === fingerprint && apartMs <= windowSeconds * 1000;
  return isSame ? last : undefined;
}

function detailsOf({ type, details }: FoldableSignal, ignored: readonly string[]): object {
  if (type !== 'event' || !isJsonObject(details.payload)) return without(details, ignored);
  return { ...details, payload: without(details.payload, ignored) };
}

function without(details: Readonly<Record<string, unknown>>, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !names.includes(name)));
}
