import { Injectable } from '@nestjs/common';
import { userIdentifiers } from '../core/subjects/signal-subject.js';
import { StreamSubjectsService, type SubjectQuestion } from '../streams/stream-subjects.service.js';
import type { Decision, FannedSignal, FanOutPlan } from './fan-out-plan.js';

/** Takes back the SETs whose subject is not one of their stream's (SSF 1.0 section 8.1.3.1). */
@Injectable()
export class FanOutSubjectsService {
  constructor(private readonly subjects: StreamSubjectsService) {}

  /** `decided` has, for each signal, a decision per stream of the plan. One look for the whole batch. */
  async narrow(
    plan: FanOutPlan,
    signals: readonly FannedSignal[],
    decided: readonly (readonly Decision[])[],
  ): Promise<Decision[][]> {
    const asked = decided.flatMap((decisions, index) => {
      const signal = signals[index];
      return signal ? questionsOf(plan, signal, decisions) : [];
    });
    if (asked.length === 0) return decided.map((decisions) => [...decisions]);
    const answers = await this.subjects.areSubjects(
      plan.lists,
      asked.map(({ question }) => question),
    );
    const refused = new Set(asked.filter((_, index) => !answers[index]).map(({ decision }) => decision));
    return decided.map((decisions) =>
      decisions.map((decision) => (refused.has(decision) ? { reason: 'subject_not_in_stream' } : decision)),
    );
  }
}

function questionsOf(
  plan: FanOutPlan,
  signal: FannedSignal,
  decisions: readonly Decision[],
): { decision: Decision; question: SubjectQuestion }[] {
  const identifiers = userIdentifiers(signal.subject, plan.issuer);
  return decisions.flatMap((decision) =>
    'set' in decision
      ? [
          {
            decision,
            question: {
              streamId: decision.set.streamId,
              event: { subId: decision.subId, userIdentifiers: identifiers },
            },
          },
        ]
      : [],
  );
}
