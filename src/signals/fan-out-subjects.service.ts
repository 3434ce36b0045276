import { Injectable } from '@nestjs/common';
import { type SignalSubject, userIdentifiers } from '../core/subjects/signal-subject.js';
import type { SubjectIdentifier } from '../core/subjects/subject-identifier.js';
import { probeKeys } from '../core/subjects/subject-lookup.js';
import type { AutoSubscription } from '../streams/auto-subscriptions.service.js';
import { StreamSubjectsService, type SubjectQuestion } from '../streams/stream-subjects.service.js';
import { type Decision, type FannedSignal, type FanOutPlan, refused } from './fan-out-plan.js';

/** Takes back the SETs whose subject is not one of their stream's (SSF 1.0 section 8.1.3.1). */
@Injectable()
export class FanOutSubjectsService {
  constructor(private readonly subjects: StreamSubjectsService) {}

  /**
   * `decided` has the decisions on each signal. One look for the whole batch. `subscriptions`
   * are those that its signals make, each from its own signal on.
   */
  async narrow(
    plan: FanOutPlan,
    signals: readonly FannedSignal[],
    decided: readonly (readonly Decision[])[],
    subscriptions: readonly AutoSubscription[],
  ): Promise<readonly (readonly Decision[])[]> {
    // all users are subjects of all streams: none of them would be asked about
    if (plan.lists.kind === 'removed' && plan.lists.shapes.size === 0) return decided;
    const subscribed = subscribedKeys(signals, subscriptions);
    const asked = decided.flatMap((decisions, index) => {
      const signal = signals[index];
      const questions = signal ? questionsOf(plan, signal, decisions) : [];
      return subscribed.size === 0
        ? questions
        : questions.filter(({ question }) => !isSubscribed(subscribed, question, index));
    });
    if (asked.length === 0) return decided;
    const answers = await this.subjects.areSubjects(
      plan.lists,
      asked.map(({ question }) => question),
    );
    const strangers = new Set(asked.filter((_, index) => !answers[index]).map(({ decision }) => decision));
    return decided.map((decisions) =>
      decisions.map((decision) =>
        strangers.has(decision) ? refused(decision, 'subject_not_in_stream') : decision,
      ),
    );
  }
}

function questionsOf(
  plan: FanOutPlan,
  signal: FannedSignal,
  decisions: readonly Decision[],
): { decision: Decision; question: SubjectQuestion }[] {
  const identifiers = userIdentifiers(signal.subject, plan.issuer);
  // a receiver with names of its own finds users by those alone: asking for others would tell it whose they are
  const known = ({ subject }: { readonly subject: SignalSubject }): SubjectIdentifier[] =>
    subject === signal.subject ? identifiers : userIdentifiers(subject, plan.issuer);
  return decisions.flatMap((decision) =>
    'set' in decision
      ? [
          {
            decision,
            question: {
              streamId: decision.set.streamId,
              event: { subId: decision.subId, userIdentifiers: known(decision) },
            },
          },
        ]
      : [],
  );
}

/** By stream, the keys of subjects that are in its list from the signal at an index on. */
type SubscribedKeys = ReadonlyMap<string, ReadonlyMap<string, number>>;

function subscribedKeys(
  signals: readonly FannedSignal[],
  subscriptions: readonly AutoSubscription[],
): SubscribedKeys {
  const byStream = new Map<string, Map<string, number>>();
  for (const { streamId, signalId, keys } of subscriptions) {
    const index = signals.findIndex(({ id }) => id === signalId);
    const ofStream = byStream.get(streamId) ?? new Map<string, number>();
    byStream.set(streamId, ofStream);
    for (const key of keys) ofStream.set(key, Math.min(index, ofStream.get(key) ?? index));
  }
  return byStream;
}

function isSubscribed(
  subscribed: SubscribedKeys,
  { streamId, event }: SubjectQuestion,
  index: number,
): boolean {
  const ofStream = subscribed.get(streamId);
  return (
    ofStream !== undefined &&
    probeKeys(event, [], 'added').some((key) => index >= (ofStream.get(key) ?? Infinity))
  );
}
