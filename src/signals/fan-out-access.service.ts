import { Inject, Injectable } from '@nestjs/common';
import { HOST_CAN_RECEIVE } from '../platform/config/port.tokens.js';
import type { AccessQuestion, CanReceive } from '../platform/config/ports.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { within } from '../platform/within.js';
import type { QueuedSet } from '../queue/queue.service.js';
import { type Decision, type FannedSignal, type FanOutPlan, refused } from './fan-out-plan.js';

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
  /** what the answer is for */
  readonly key: string;
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
    const { denied, end, unjudged } = await this.askAll(canReceive, asked);
    return {
      decided: decided
        .slice(0, end)
        .map((decisions, index) =>
          decisions.map((decision) =>
            'set' in decision && denied.has(keyOf(index, decision))
              ? refused(decision, 'refused_by_host')
              : decision,
          ),
        ),
      unjudged,
    };
  }

  private async askAll(
    canReceive: CanReceive,
    asked: readonly Asked[],
  ): Promise<{ denied: Set<string>; end?: number; unjudged?: Unjudged }> {
    const denied = new Set<string>();
    let failed: { end: number; unjudged: Unjudged } | undefined;
    let position = 0;
    const askOneByOne = async (): Promise<void> => {
      for (let next = asked[position++]; next; next = asked[position++]) {
        const { index, signal, key, question } = next;
        if (failed && index >= failed.end) return;
        try {
          if (!(await this.ask(canReceive, question))) denied.add(key);
        } catch (error) {
          if (!failed || index < failed.end)
            failed = {
              end: index,
              unjudged: { signalId: signal.id, applicationId: question.application.id, error },
            };
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, askOneByOne));
    return { denied, ...failed };
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

/** The host is asked about an application once for each event, whatever the number of its streams. */
function keyOf(index: number, { set }: { readonly set: QueuedSet }): string {
  return `${index} ${set.applicationId} ${set.eventType}`;
}

function questionsOf(
  plan: FanOutPlan,
  signal: FannedSignal,
  decisions: readonly Decision[],
  index: number,
): Asked[] {
  const asked = new Map<string, Asked>();
  for (const decision of decisions) {
    if (!('set' in decision)) continue;
    const { id, slug, clientId } = decision.to.application;
    const question = {
      provider: plan.provider,
      application: { id, slug, clientId },
      subject: signal.subject,
      eventType: decision.set.eventType,
    };
    const key = keyOf(index, decision);
    asked.set(key, { index, signal, key, question });
  }
  return [...asked.values()];
}
