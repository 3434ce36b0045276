import type { SignalSubject } from '../core/subjects/signal-subject.js';
import type { InitiatingEntity, LanguageMap } from '../core/events/event-claims.js';
import type { SignalType } from '../core/events/signal-types.js';

/** A security signal as the identity provider records it, checked. */
export interface NewSignal {
  /** slug of the provider */
  readonly provider: string;
  /** the identity provider's own id: makes the signal idempotent per provider */
  readonly externalId: string | undefined;
  readonly type: SignalType;
  readonly occurredAt: Date;
  readonly subject: SignalSubject;
  readonly initiatingEntity: InitiatingEntity | undefined;
  readonly reasonAdmin: LanguageMap | undefined;
  readonly reasonUser: LanguageMap | undefined;
  /** RFC 8417 section 2.2: ties SETs of one cause together; default: the signal's id */
  readonly txn: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A signal as it was recorded. */
export interface Signal extends Omit<NewSignal, 'provider' | 'txn'> {
  readonly id: string;
  readonly providerId: string;
  readonly txn: string;
  readonly recordedAt: Date;
}

export interface RecordedSignal {
  readonly id: string;
  /** `duplicate`: the provider had a signal of this `id` already, whose own id this is */
  readonly status: 'accepted' | 'duplicate';
}

/** What fan-out decided for one stream, and one event if there are several: its SET, or why there is none. */
export type SignalOutcome = {
  readonly streamId: string;
  /** of which event, when the provider's mapping says what the signal becomes */
  readonly eventType?: string;
} & ({ readonly jti: string } | { readonly reason: NoSetReason });

export const NO_SET_REASONS = [
  /** the stream is disabled: what happens meanwhile is lost for it (SSF 1.0 section 8.1.2.1) */
  'status_disabled',
  /** the event type is not in `events_delivered` */
  'event_not_delivered',
  /** the provider's mapping makes no event of this type of signal */
  'event_not_mapped',
  /** the subject was not added to the stream, or was removed from it (SSF 1.0 section 8.1.3) */
  'subject_not_in_stream',
  /** the signal lacks what the application's subject format needs */
  'no_subject_identifier',
  /** the application has pairwise subjects, and no name of its own can be made: of a `subId`, a user without `id`, an e-mail address or phone number that the event is about */
  'no_pairwise_identifier',
  /** the application may not know of this user (its groups or tenants; SSF 1.0 section 9.2) */
  'user_not_allowed',
  /** the user has opted out towards the application (RISC 1.0 section 2.8) */
  'user_opted_out',
  /** the signal names a client, and the application is another one */
  'not_for_application',
  /** the host's `canReceive` says that the application may not know of this */
  'refused_by_host',
  /** it says what the stream was told a moment ago, and nothing has changed since; the provider folds such repeats */
  'folded',
  /** a defect: the details are in the log */
  'internal_error',
] as const;
export type NoSetReason = (typeof NO_SET_REASONS)[number];
