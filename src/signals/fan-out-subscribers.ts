import { buildSubId, userIdentifiers } from '../core/subjects/signal-subject.js';
import type { SubjectIdentifier } from '../core/subjects/subject-identifier.js';
import type { Subscriber } from '../streams/auto-subscriptions.service.js';
import { type FannedSignal, type FanOutPlan, type PlannedStream, subjectFor } from './fan-out-plan.js';

/** Whom these signals make subjects of which streams, if they are none yet: users who sign in to an application. */
export function subscribersOf(plan: FanOutPlan, signals: readonly FannedSignal[]): Subscriber[] {
  if (plan.subscribing.size === 0) return [];
  return signals.flatMap((signal) => {
    const { clientId } = signal.details;
    if (signal.type !== 'session.established' || typeof clientId !== 'string') return [];
    return (plan.subscribing.get(clientId) ?? []).flatMap((to) => {
      const subject = userIn(to, signal, plan.issuer);
      return subject ? [{ signalId: signal.id, streamId: to.stream.id, subject }] : [];
    });
  });
}

/** As the receiver knows the user, so that it can remove it; the session, if the format has one, is left out. */
function userIn(to: PlannedStream, signal: FannedSignal, issuer: string): SubjectIdentifier | undefined {
  const { subjectFormat } = to.application;
  const subject = subjectFor(to, signal.subject);
  if (!subject) return undefined;
  const [first] = userIdentifiers(subject, issuer);
  if (first === undefined || subjectFormat === 'aliases') return first;
  const built = buildSubId(subject, subjectFormat, { issuer });
  if ('reason' in built) return undefined;
  return built.subId.format === 'complex' ? (built.subId.user as SubjectIdentifier) : built.subId;
}
