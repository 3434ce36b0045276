import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { QueueService } from '../queue/queue.service.js';
import {
  type BatchClock,
  type Decision,
  decide,
  type FannedSignal,
  type FanOutPlan,
} from './fan-out-plan.js';
import { FanOutPlansService } from './fan-out-plans.service.js';
import { FanOutSubjectsService } from './fan-out-subjects.service.js';
import { FINISH_SQL, NEXT_SIGNALS_SQL, SIGNALS_BY_ID_SQL, WAITING_PROVIDERS_SQL } from './fan-out.sql.js';
import type { SignalOutcome } from './signal.js';

/** Signals per transaction. Larger ones hold the provider's lock longer and gain nothing. */
const BATCH = 200;

interface SignalRow {
  id: string;
  type: FannedSignal['type'];
  occurred_at: Date;
  subject: FannedSignal['subject'];
  initiating_entity: FannedSignal['initiatingEntity'] | null;
  reason_admin: FannedSignal['reasonAdmin'] | null;
  reason_user: FannedSignal['reasonUser'] | null;
  txn: string;
  details: FannedSignal['details'];
}

/** Makes SETs of signals: one transaction per batch, in which a signal leaves its queue and its SETs enter theirs. */
@Injectable()
export class FanOutService {
  private readonly logger = new Logger(FanOutService.name);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly plans: FanOutPlansService,
    private readonly subjects: FanOutSubjectsService,
    private readonly queue: QueueService,
  ) {}

  /** Providers with signals that wait for their fan-out. */
  async waitingProviders(): Promise<string[]> {
    const rows = await this.unitOfWork.manager.query<{ provider_id: string }[]>(WAITING_PROVIDERS_SQL);
    return rows.map((row) => row.provider_id);
  }

  /** Fans out the oldest signals of a provider. True when there may be more. */
  async fanOut(providerId: string): Promise<boolean> {
    const count = await this.unitOfWork.run((manager) => this.fanOutBatch(manager, providerId));
    return count === BATCH;
  }

  private async fanOutBatch(manager: EntityManager, providerId: string): Promise<number> {
    const locked = await this.plans.lock(manager, providerId);
    if (!locked) return this.forget(manager, providerId);
    const waiting = await manager.query<{ seq: string; signal_id: string }[]>(NEXT_SIGNALS_SQL, [
      providerId,
      BATCH,
    ]);
    if (waiting.length === 0) return 0;
    const signals = await this.signals(
      manager,
      waiting.map((row) => row.signal_id),
    );
    const clock = batchClock(locked.now);
    const decided = signals.map((signal) => this.decide(locked.plan, signal, clock));
    const decisions = await this.subjects.narrow(manager, locked.plan, signals, decided);
    const outcomes = decisions.map((each) => toOutcomes(locked.plan, each));
    await this.queue.enqueue(
      manager,
      decisions.flat().flatMap((decision) => ('set' in decision ? [decision.set] : [])),
    );
    await manager.query(FINISH_SQL, [
      providerId,
      waiting.map((row) => row.seq),
      signals.map((signal) => signal.id),
      outcomes.map((each) => JSON.stringify(each)),
    ]);
    this.unitOfWork.afterCommit(manager, () => this.log(providerId, signals, outcomes));
    return waiting.length;
  }

  /** The provider was deleted while signals came in: there is nobody left whom they could reach. */
  private async forget(manager: EntityManager, providerId: string): Promise<number> {
    await manager.query('delete from ssf.signal_queue where provider_id = $1', [providerId]);
    this.logger.warn(
      { event: 'signals.forgotten', providerId },
      'signals of a deleted provider were dropped',
    );
    return 0;
  }

  /** A signal that cannot be decided on must not hold up those behind it: it ends with a reason of its own. */
  private decide(plan: FanOutPlan, signal: FannedSignal, clock: BatchClock): Decision[] {
    try {
      return decide(plan, signal, clock);
    } catch (error) {
      this.logger.error(
        { err: error, signalId: signal.id, providerId: plan.providerId },
        'a signal could not be fanned out',
      );
      return plan.streams.map(() => ({ reason: 'internal_error' }));
    }
  }

  /** In the order of `ids`. */
  private async signals(manager: EntityManager, ids: readonly string[]): Promise<FannedSignal[]> {
    const rows = await manager.query<SignalRow[]>(SIGNALS_BY_ID_SQL, [ids]);
    const byId = new Map(rows.map((row) => [row.id, toSignal(row)]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  private log(
    providerId: string,
    signals: readonly FannedSignal[],
    outcomes: readonly SignalOutcome[][],
  ): void {
    signals.forEach((signal, index) => {
      const sets = outcomes[index]?.filter((outcome) => 'jti' in outcome).length ?? 0;
      this.logger.log({
        event: 'signal.fanned_out',
        providerId,
        signalId: signal.id,
        type: signal.type,
        sets,
        suppressed: (outcomes[index]?.length ?? 0) - sets,
      });
    });
  }
}

function batchClock(now: Date): BatchClock {
  let position = 0;
  return { now, next: () => position++ };
}

function toOutcomes(plan: FanOutPlan, decisions: readonly Decision[]): SignalOutcome[] {
  return plan.streams.flatMap(({ stream }, index): SignalOutcome[] => {
    const decision = decisions[index];
    if (!decision) return [];
    return 'set' in decision
      ? [{ streamId: stream.id, jti: decision.set.jti }]
      : [{ streamId: stream.id, reason: decision.reason }];
  });
}

function toSignal(row: SignalRow): FannedSignal {
  return {
    id: row.id,
    type: row.type,
    occurredAt: row.occurred_at,
    subject: row.subject,
    initiatingEntity: row.initiating_entity ?? undefined,
    reasonAdmin: row.reason_admin ?? undefined,
    reasonUser: row.reason_user ?? undefined,
    txn: row.txn,
    details: row.details,
  };
}
