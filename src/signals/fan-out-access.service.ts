import { Inject, Injectable } from '@nestjs/common';
import { HOST_CAN_RECEIVE } from '../platform/config/port.tokens.js';
import type { AccessQuestion, CanReceive } from '../platform/config/ports.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { within } from '../platform/within.js';
import type { Decision, FannedSignal, FanOutPlan, PlannedStream } from './fan-out-plan.js';

/** Questions that the host is asked at a time. */
const AT_A_TIME = 16;

/** The first signal that the host could not judge. */
export interface Unjudged {
  readonly signalId: string;
  readonly applicationId: string;
  readonly error: unknown;
}

export interface Judged {
  /** of the signals before the unjudged one */
  readonly decided: readonly (readonly Decision[])[];
  readonly unjudged?: Unjudged;
}

interface Asked {
  readonly index: number;
  readonly signal: FannedSignal;
  readonly application: PlannedStream['application'];
  readonly question: AccessQuestion;
}

/** Takes back the SETs whose application may not know of them, as the host says (SSF 1.0 section 9.2). */
@Injectable()
export class FanOutAccessService {
  constructor(
    @Inject(HOST_CAN_RECEIVE) private readonly canReceive: CanReceive | undefined,
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
  ) {}

  /**
   * A signal that the host cannot judge ends the batch: it and those behind it have to wait, since a later signal must
   * not overtake it.
   */
  async judge(
    plan: FanOutPlan,
    signals: readonly FannedSignal[],
    decided: readonly (readonly Decision[])[],
  ): Promise<Judged> {
    const { canReceive } = this;
    if (!canReceive) return { decided };
    const asked = signals.flatMap((signal, index) => questionsOf(plan, signal, decided[index] ?? [], index));
    const { refused, end, unjudged } = await this.askAll(canReceive, asked);
    return {
      decided: decided
        .slice(0, end)
        .map((decisions, index) =>
          decisions.map((decision) =>
            'set' in decision && refused.has(`${index} ${decision.set.applicationId}`)
              ? { reason: 'refused_by_host' }
              : decision,
          ),
        ),
      unjudged,
    };
  }

  private async askAll(
    canReceive: CanReceive,
    asked: readonly Asked[],
  ): Promise<{ refused: Set<string>; end?: number; unjudged?: Unjudged }> {
    const refused = new Set<string>();
    let failed: { end: number; unjudged: Unjudged } | undefined;
    let position = 0;
    const askOneByOne = async (): Promise<void> => {
      for (let next = asked[position++]; next; next = asked[position++]) {
        const { index, signal, application, question } = next;
        if (failed && index >= failed.end) return;
        try {
          if (!(await this.ask(canReceive, question))) refused.add(`${index} ${application.id}`);
        } catch (error) {
          if (!failed || index < failed.end)
            failed = { end: index, unjudged: { signalId: signal.id, applicationId: application.id, error } };
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, askOneByOne));
    return { refused, ...failed };
  }

  /** Only `true` lets a SET go, whatever a host without types answers. */
  private async ask(canReceive: CanReceive, question: AccessQuestion): Promise<boolean> {
    const answer: unknown = await within(
      this.config.canReceiveTimeoutMs,
      Promise.resolve(question).then(canReceive),
    );
    return answer === true;
  }
}

/** One for each application that would get a SET, whatever the number of its streams. */
function questionsOf(
  plan: FanOutPlan,
  signal: FannedSignal,
  decisions: readonly Decision[],
  index: number,
): Asked[] {
  const byApplication = new Map<string, Asked>();
  plan.streams.forEach(({ application }, position) => {
    const decision = decisions[position];
    if (!decision || !('set' in decision)) return;
    const { id, slug, clientId } = application;
    const question = {
      provider: plan.provider,
      application: { id, slug, clientId },
      subject: signal.subject,
      eventType: decision.set.eventType,
    };
    byApplication.set(id, { index, signal, application, question });
  });
  return [...byApplication.values()];
}
