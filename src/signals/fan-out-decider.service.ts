import { Injectable, Logger } from '@nestjs/common';
import { AutoSubscriptionsService } from '../streams/auto-subscriptions.service.js';
import { FanOutAccessService, type Unjudged } from './fan-out-access.service.js';
import {
  type BatchClock,
  type Decision,
  decide,
  type FannedSignal,
  type FanOutPlan,
} from './fan-out-plan.js';
import { FanOutSubjectsService } from './fan-out-subjects.service.js';
import { FoldingService } from './folding.service.js';
import { NO_LAST_SIGNALS } from './folding.sql.js';
import { subscribersOf } from './fan-out-subscribers.js';
import { NO_OPT_OUTS, OptOutsService } from './opt-outs.service.js';

/** What is to become of signals, none of which has taken effect. */
export interface DecidedBatch {
  /** for each signal, but for those from the unjudged one on, a decision per stream of the plan and event */
  readonly decisions: readonly (readonly Decision[])[];
  /** what FAN_OUT_WITH_CHANGES_SQL asks for, besides, when the signals change something for those behind them */
  readonly changes?: readonly unknown[];
  readonly unjudged?: Unjudged;
}

/** Decides what signals become, in their order, and changes nothing. */
@Injectable()
export class FanOutDeciderService {
  private readonly logger = new Logger(FanOutDeciderService.name);

  constructor(
    private readonly subscriptions: AutoSubscriptionsService,
    private readonly subjects: FanOutSubjectsService,
    private readonly optOuts: OptOutsService,
    private readonly access: FanOutAccessService,
    private readonly folding: FoldingService,
  ) {}

  async decide(plan: FanOutPlan, signals: readonly FannedSignal[], clock: BatchClock): Promise<DecidedBatch> {
    const decided = signals.map((signal) => this.decideOne(plan, signal, clock));
    // before the lists are asked: whom another process subscribed meanwhile is then in them
    const subscriptions = await this.subscriptions.firstOf(subscribersOf(plan, signals));
    const narrowed = await this.subjects.narrow(plan, signals, decided, subscriptions);
    const { decided: allowed, parameters } = await this.optOuts.apply(plan, signals, narrowed);
    const { decided: judged, unjudged } = await this.access.judge(plan, signals, allowed);
    const optedOut = parameters(judged.length);
    // last, when it is clear what each stream gets
    const { decided: decisions, parameters: lastSignals } = await this.folding.apply(plan, signals, judged);
    return {
      decisions,
      ...((subscriptions.length > 0 || optedOut !== undefined || lastSignals !== undefined) && {
        changes: [
          ...this.subscriptions.parameters(subscriptions),
          ...(optedOut ?? NO_OPT_OUTS),
          ...(lastSignals ?? NO_LAST_SIGNALS),
        ],
      }),
      unjudged,
    };
  }

  /** A signal that cannot be decided on must not hold up those behind it: it ends with a reason of its own. */
  private decideOne(plan: FanOutPlan, signal: FannedSignal, clock: BatchClock): Decision[] {
    try {
      return decide(plan, signal, clock);
    } catch (error) {
      this.logger.error(
        { err: error, signalId: signal.id, providerId: plan.providerId },
        'a signal could not be fanned out',
      );
      return plan.streams.map((to) => ({ to, reason: 'internal_error' }));
    }
  }
}
