import type { InitiatingEntity } from '../core/events/event-claims.js';
import type { SignalType } from '../core/events/signal-types.js';
import type { SignalSubject } from '../core/subjects/signal-subject.js';

/** A security signal, as `SignalsService.record` and `POST /api/v1/signals` take it. */
export interface SignalInput {
  /** slug of the provider */
  readonly provider: string;
  /** the identity provider's own id: recording it twice gives one signal */
  readonly id?: string;
  readonly type: SignalType;
  /** when it happened; RFC 3339 with a time zone, or a Date. Default: now */
  readonly occurredAt?: string | Date;
  /** whom it is about, with every identifier that is known */
  readonly subject: SignalSubject;
  /** CAEP 1.0 section 2 */
  readonly initiatingEntity?: InitiatingEntity;
  /** reason for administrators, by BCP 47 language tag */
  readonly reasonAdmin?: Readonly<Record<string, string>>;
  /** reason for the user, by BCP 47 language tag */
  readonly reasonUser?: Readonly<Record<string, string>>;
  /** RFC 8417 section 2.2: ties SETs of one cause together. Default: the signal's id */
  readonly txn?: string;
  /** by type; see docs/signals.md */
  readonly details?: Readonly<Record<string, unknown>>;
}
