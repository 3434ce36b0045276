import type { Application } from '../applications/application.entity.js';
import type { FoldRepeats } from '../core/events/fold-repeats.js';
import { followRecipe, type MappingRecipes } from '../core/events/event-mapping.js';
import { eventFamily } from '../core/events/event-uris.js';
import { isOptOutEvent } from '../core/events/opt-out.js';
import { mapSignal, type MappedEvent, signalEventType } from '../core/events/signal-types.js';
import { legacySubject } from '../core/set/legacy-subject.js';
import { setClaimsWith, setEventJson, type SetEventJson } from '../core/set/set-claims.js';
import { canonicalKey, principalOf, subjectHash } from '../core/subjects/canonical-key.js';
import type { PairwiseSubjects } from '../core/subjects/pairwise-subjects.js';
import {
  buildSubId,
  isAboutIdentifier,
  type SignalSubject,
  type SubjectFormat,
} from '../core/subjects/signal-subject.js';
import type { SubjectIdentifier } from '../core/subjects/subject-identifier.js';
import { eventId } from '../platform/ids/event-id.js';
import type { QueuedSet } from '../queue/queue.service.js';
import { audienceClaim } from '../streams/audience.js';
import type { Stream } from '../streams/stream.entity.js';
import type { SubjectLists } from '../streams/stream-subjects.service.js';
import type { NoSetReason, Signal } from './signal.js';

/** A stream as fan-out sees it. */
export interface PlannedStream {
  readonly stream: Stream;
  readonly application: Application;
  /** if its application has them */
  readonly pairwise?: PairwiseSubjects;
  readonly delivered: ReadonlySet<string>;
}

/** Everything that decides which SETs a provider's signals become; stands while its configuration does. */
export interface FanOutPlan {
  readonly providerId: string;
  /** its slug */
  readonly provider: string;
  /** of the provider's configuration */
  readonly version: string;
  readonly issuer: string;
  readonly retentionDays: number;
  /** what its signals become where that is not the default; undefined: nowhere */
  readonly mapping?: MappingRecipes;
  /** undefined: what is said again is sent again */
  readonly folding?: FoldRepeats | undefined;
  readonly lists: SubjectLists;
  readonly streams: readonly PlannedStream[];
  /** the provider's applications by client id */
  readonly clients: ReadonlyMap<string, string>;
  /** whether a state of any user is kept */
  readonly hasOptOuts: boolean;
  /** by the client id of a session that makes its user a subject, the streams that it is then one of */
  readonly subscribing: ReadonlyMap<string, readonly PlannedStream[]>;
}

/** A SET to be made, if its subject is one of the stream's; or why there is none. */
export type Decision = Verdict & {
  readonly to: PlannedStream;
  /** of which event, when the provider's mapping says what the signal becomes */
  readonly eventType?: string;
};

type Verdict =
  | {
      readonly set: QueuedSet;
      readonly subId: SubjectIdentifier;
      /** whom it is about, as the application may know it */
      readonly subject: SignalSubject;
    }
  | { readonly reason: NoSetReason };

/** The same without a SET. */
export function refused({ to, eventType }: Decision, reason: NoSetReason): Decision {
  return { to, eventType, reason };
}

/** A signal as its row holds it. */
export type FannedSignal = Pick<
  Signal,
  | 'id'
  | 'type'
  | 'occurredAt'
  | 'subject'
  | 'initiatingEntity'
  | 'reasonAdmin'
  | 'reasonUser'
  | 'txn'
  | 'details'
> & {
  /** of the span that recorded it; no part of what it says */
  readonly traceparent?: string | undefined;
};

/** Numbers the SETs of one batch, so that their jtis sort in the batch's order. */
export interface BatchClock {
  readonly now: Date;
  next(): number;
}

export function batchClock(now: Date): BatchClock {
  let position = 0;
  return { now, next: () => position++ };
}

/**
 * For each stream of the plan: the SET of this signal, or the reason why there is none. For each event that the mapping
 * of the provider makes of it, if that has one for its type, in that order.
 */
export function decide(plan: FanOutPlan, signal: FannedSignal, clock: BatchClock): Decision[] {
  const recipes = plan.mapping?.get(signal.type);
  if (!recipes) return plan.streams.map(decider(plan, signal, mapSignal(signal), clock));
  if (recipes.length === 0) return plan.streams.map((to) => ({ to, reason: 'event_not_mapped' }));
  const deciders = recipes.map((recipe) => ({
    eventType: recipe.eventType,
    decideOn: decider(plan, signal, followRecipe(recipe, signal), clock),
  }));
  return plan.streams.flatMap((to) =>
    deciders.map(({ eventType, decideOn }) => ({ ...decideOn(to), eventType })),
  );
}

/** The subject of a signal as an application may know it; undefined: by nothing. */
export function subjectFor({ pairwise }: PlannedStream, subject: SignalSubject): SignalSubject | undefined {
  return pairwise ? pairwise.subject(subject) : subject;
}

/** Decides on one event for one stream after the other. */
function decider(
  plan: FanOutPlan,
  signal: FannedSignal,
  event: MappedEvent,
  clock: BatchClock,
): (to: PlannedStream) => Decision {
  const subjects = new Map<SubjectFormat | PairwiseSubjects, Subject>();
  const subjectIn = (to: PlannedStream): Subject => {
    // the same for all streams of a format, but for those of an application that has its own
    const whose = to.pairwise ?? to.application.subjectFormat;
    const subject = subjects.get(whose) ?? subjectOf(plan, signal, event, to);
    subjects.set(whose, subject);
    return subject;
  };
  return (to) => {
    const reason = refusal(to, signal, event);
    if (reason) return { to, reason };
    const subject = subjectIn(to);
    return 'reason' in subject
      ? { to, reason: subject.reason }
      : makeSet(plan, to, { signal, event, subject }, clock);
  };
}

/** The first reason, before its subjects are asked, that keeps a stream from an event; SSF 1.0 sections 8.1.2.1 and 9.2. */
function refusal(
  { stream, application, delivered }: PlannedStream,
  signal: FannedSignal,
  event: MappedEvent,
): NoSetReason | undefined {
  if (stream.status === 'disabled') return 'status_disabled';
  if (!delivered.has(event.eventType)) return 'event_not_delivered';
  if (!isMeant(application, signal)) return 'not_for_application';
  if (!mayKnow(application, signal.subject)) return 'user_not_allowed';
  return undefined;
}

/** That a user opted out towards one application would be wrong towards the others (RISC 1.0 section 2.8). */
function isMeant({ clientId }: Application, signal: FannedSignal): boolean {
  const { details } = signal;
  // whatever event the mapping makes of it
  return (
    details.clientId === undefined || !isOptOutEvent(signalEventType(signal)) || details.clientId === clientId
  );
}

/** An application that is limited to groups or tenants hears nothing of a subject whose groups or tenant are unknown. */
function mayKnow({ allowedGroups, allowedTenants }: Application, subject: SignalSubject): boolean {
  const groups = subject.user?.groups ?? [];
  const isOfGroup = !allowedGroups || groups.some((group) => allowedGroups.includes(group));
  const tenant = subject.tenant?.id;
  const isOfTenant = !allowedTenants || (tenant !== undefined && allowedTenants.includes(tenant));
  return isOfGroup && isOfTenant;
}

/** The subject in an application's format, and the event about it. */
type Subject =
  | {
      readonly subject: SignalSubject;
      readonly subId: SubjectIdentifier;
      readonly hash: bigint;
      readonly event: SetEventJson;
    }
  | { readonly reason: 'no_subject_identifier' | 'no_pairwise_identifier' };

function subjectOf(plan: FanOutPlan, signal: FannedSignal, event: MappedEvent, to: PlannedStream): Subject {
  const subject = subjectFor(to, signal.subject);
  if (!subject || (to.pairwise && isAboutIdentifier(event.eventType)))
    return { reason: 'no_pairwise_identifier' };
  const built = buildSubId(subject, to.application.subjectFormat, {
    issuer: plan.issuer,
    eventType: event.eventType,
    identifier: textDetail(signal, 'oldValue'),
    newIdentifier: textDetail(signal, 'newValue'),
  });
  if ('reason' in built) return built;
  const { subId } = built;
  return {
    subject,
    subId,
    hash: subjectHash(canonicalKey(firstOf(principalOf(subId)))),
    event: setEventJson({ subId, ...event }),
  };
}

/** Signals of one user may have more aliases or fewer, and must stay in order all the same. */
function firstOf(subject: SubjectIdentifier): SubjectIdentifier {
  if (subject.format !== 'aliases') return subject;
  const [first] = subject.identifiers as SubjectIdentifier[];
  return first ?? subject;
}

interface About {
  readonly signal: FannedSignal;
  readonly event: MappedEvent;
  readonly subject: Exclude<Subject, { reason: unknown }>;
}

function makeSet(
  plan: FanOutPlan,
  to: PlannedStream,
  { signal, event, subject }: About,
  clock: BatchClock,
): Decision {
  const { stream, application, pairwise } = to;
  const txn = pairwise ? pairwise.txn(signal.txn) : signal.txn;
  const jti = eventId(clock.now, clock.next());
  const head = { issuer: plan.issuer, jti, issuedAt: clock.now, audience: audienceClaim(stream), txn };
  // SSF 1.0 section 3.1.1: event types that are new must not have it
  const isLegacy = application.legacyProfile && eventFamily(event.eventType) !== 'custom';
  return {
    to,
    set: {
      jti,
      applicationId: application.id,
      streamId: stream.id,
      method: stream.method,
      signalId: signal.id,
      eventType: event.eventType,
      txn,
      subjectHash: subject.hash,
      claims: setClaimsWith(head, isLegacy ? legacyEventJson(subject.subId, event) : subject.event),
    },
    subId: subject.subId,
    subject: subject.subject,
  };
}

function legacyEventJson(subId: SubjectIdentifier, { eventType, payload }: MappedEvent): SetEventJson {
  return setEventJson({
    subId,
    eventType,
    payload: { subject: legacySubject(subId, eventType), ...payload },
  });
}

function textDetail(signal: FannedSignal, name: string): string | undefined {
  const value = signal.details[name];
  return signal.type.startsWith('identifier.') && typeof value === 'string' ? value : undefined;
}
