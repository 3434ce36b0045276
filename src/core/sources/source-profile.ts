import type { InitiatingEntity } from '../events/event-claims.js';
import type { SignalType } from '../events/signal-types.js';

// A profile says in data what the events of another system are as signals; src/core/sources/apply-profile.ts reads it.

/**
 * Where a value is in an event: names between dots, `user.pk`. A string on the way is read as JSON; `path/1` is the
 * second part of a string between slashes. Several: the first that there is.
 */
export type ValuePath = string | readonly string[];

/** Each path must have this value; in a string between slashes, `*` is any one part. */
export type Match = Readonly<Record<string, string | boolean>>;

export interface SourceSignal {
  readonly type: SignalType;
  /** the user's `id` must be there; all else is left out when it is absent or no such identifier */
  readonly user: { readonly id: ValuePath; readonly email?: ValuePath };
  readonly session?: ValuePath;
  readonly initiatingEntity?: InitiatingEntity;
  /** members of `details` that are left out when they are absent */
  readonly details?: Readonly<Record<string, ValuePath>>;
}

export interface SourceRule {
  readonly match: Match;
  readonly signal: SourceSignal;
}

export interface SourceProfile {
  /** the name of the kind of event */
  readonly eventType: string;
  /** what to do when there is none */
  readonly hint: string;
  /** What together makes an event one: the same when it is sent again, and no other's. */
  readonly id: readonly ValuePath[];
  readonly time: { readonly path: string; readonly form: 'rfc3339' | 'milliseconds' };
  /** the header of the HMAC-SHA-256 of the body, in hexadecimal, by which the product can sign */
  readonly signatureHeader?: string;
  /** the first that matches counts */
  readonly rules: readonly SourceRule[];
}
