import { Injectable, Logger } from '@nestjs/common';
import type { Span } from '@opentelemetry/api';
import { mostEvents } from '../core/events/event-mapping.js';
import { Statements } from '../platform/database/statements.service.js';
import { bigintArray, jsonbArray, uuidArray } from '../platform/database/sql-arrays.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { inSpan } from '../platform/tracing/spans.js';
import { traceIdOf } from '../platform/tracing/traceparent.js';
import { type QueuedSet, QueueService } from '../queue/queue.service.js';
import type { Unjudged } from './fan-out-access.service.js';
import { type DecidedBatch, FanOutDeciderService } from './fan-out-decider.service.js';
import { batchClock, type Decision, type FannedSignal, type FanOutPlan } from './fan-out-plan.js';
import { FanOutPlansService } from './fan-out-plans.service.js';
import { fanOutSpan } from './fan-out-span.js';
import {
  FAN_OUT_SQL,
  FAN_OUT_WITH_CHANGES_SQL,
  FORGET_SQL,
  WAITING_PROVIDERS_SQL,
  WAITING_SIGNALS_SQL,
} from './fan-out.sql.js';
import type { SignalOutcome } from './signal.js';
import { StoredSignalsService } from './stored-signals.service.js';

/** Signals and SETs per statement, about. Larger ones hold the provider's lock longer and gain nothing. */
const BATCH = { signals: 400, sets: 4_000 };
/** Before all that waits. */
const FRONT = '0';

interface WaitingRow {
  version: string;
  now: Date;
  seq: string | null;
  signal_id: string;
}

/** What a batch of signals becomes. */
interface Decided {
  readonly signal: FannedSignal;
  readonly sets: readonly QueuedSet[];
  readonly outcomes: readonly SignalOutcome[];
}

/** Signals that were decided on. What is decided has yet to take effect. */
interface Batch {
  readonly plan: FanOutPlan;
  readonly decided: readonly Decided[];
  /** with which it takes effect */
  readonly statement: Statement;
  /** the signal that could not be decided on yet; nothing behind it was */
  readonly unjudged: Unjudged | undefined;
  /** its signals change something for those behind them */
  readonly isChange: boolean;
  /** more may wait behind it */
  readonly isFull: boolean;
  readonly lastSeq: string;
  /** milliseconds since the epoch */
  readonly startedAt: number;
}

interface Statement {
  readonly sql: string;
  readonly parameters: unknown[];
  /** of how many signals it makes SETs */
  readonly size: number;
}

/**
 * `more`: there may be more for this process to do. `held`: the host could not judge a signal, and has to be asked
 * again later.
 */
export type FanOutProgress = 'more' | 'done' | 'held';

/** Makes SETs of signals. What is decided in memory takes effect in one statement, or not at all. */
@Injectable()
export class FanOutService {
  private readonly logger = new Logger(FanOutService.name);

  constructor(
    private readonly statements: Statements,
    private readonly signals: StoredSignalsService,
    private readonly plans: FanOutPlansService,
    private readonly decider: FanOutDeciderService,
    private readonly queue: QueueService,
    private readonly metrics: SsfMetrics,
  ) {}

  /** Providers with signals that wait for their fan-out. */
  async waitingProviders(): Promise<string[]> {
    const rows = await this.statements.run<{ provider_id: string }>(WAITING_PROVIDERS_SQL, [], 1);
    return rows.map((row) => row.provider_id);
  }

  /**
   * Fans out the signals of a provider, the oldest first. While the database writes one batch the next is decided on,
   * but it takes effect only after that, so SETs are queued in the order of their signals.
   */
  async fanOut(providerId: string, stopping: AbortSignal): Promise<FanOutProgress> {
    let batch = await this.prepare(providerId, FRONT);
    while (typeof batch === 'object' && !stopping.aborted) {
      const { statement, unjudged } = batch;
      const mayGoOn = batch.isFull && !unjudged && !batch.isChange;
      const [{ isCurrent, taken }, next] = await Promise.all([
        this.commit(batch),
        mayGoOn ? this.prepare(providerId, batch.lastSeq) : undefined,
      ]);
      if (unjudged) {
        this.logHeld(providerId, unjudged);
        return 'held';
      }
      // changed meanwhile: decide again
      if (!isCurrent) return 'more';
      // taken by another process, which goes on with the rest
      if (taken < statement.size) return 'done';
      batch = next ?? (batch.isFull ? 'more' : 'done');
    }
    return typeof batch === 'object' ? 'more' : batch;
  }

  /** Decides on the oldest signals that wait behind a place in the queue; changes nothing. */
  private async prepare(providerId: string, after: string): Promise<Batch | 'more' | 'done'> {
    const startedAt = Date.now();
    const most = this.batchOf(providerId);
    // behind a full batch there are many
    const about = after === FRONT ? 1 : most;
    const rows = await this.statements.run<WaitingRow>(WAITING_SIGNALS_SQL, [providerId, most, after], about);
    const [first] = rows;
    const last = rows.at(-1);
    if (!first) {
      await this.forget(providerId);
      return 'done';
    }
    if (first.seq === null || !last?.seq) return 'done';
    const plan = await this.plans.get(providerId, first.version);
    // the provider was changed or deleted since, and some of the signals may have been what changed it: look again
    if (plan?.version !== first.version) return 'more';
    const signals = await this.signals.load(rows.map((row) => row.signal_id));
    const { decisions, changes, unjudged } = await this.decider.decide(plan, signals, batchClock(first.now));
    const decided = decisions.flatMap((each, index): Decided[] => {
      const signal = signals[index];
      return signal ? [{ signal, sets: setsOf(each), outcomes: each.map(toOutcome) }] : [];
    });
    return {
      plan,
      decided,
      statement: this.statement(plan, rowsBefore(rows, unjudged), decided, changes),
      unjudged,
      isChange: changes !== undefined,
      isFull: rows.length === most,
      lastSeq: last.seq,
      startedAt,
    };
  }

  private batchOf(providerId: string): number {
    const plan = this.plans.last(providerId);
    const sets = (plan?.streams.length ?? 0) * mostEvents(plan?.mapping);
    return Math.max(1, Math.min(BATCH.signals, Math.floor(BATCH.sets / Math.max(1, sets))));
  }

  private statement(
    { providerId, version, retentionDays }: FanOutPlan,
    rows: readonly WaitingRow[],
    decided: readonly Decided[],
    changes: DecidedBatch['changes'],
  ): Statement {
    return {
      sql: changes ? FAN_OUT_WITH_CHANGES_SQL : FAN_OUT_SQL,
      parameters: [
        providerId,
        version,
        bigintArray(rows, ({ seq }) => seq),
        uuidArray(decided, ({ signal }) => signal.id),
        jsonbArray(decided, ({ outcomes }) => JSON.stringify(outcomes)),
        ...this.queue.parameters(
          decided.flatMap(({ sets }) => sets),
          { providerId, retentionDays, madeAt: rows[0]?.now },
        ),
        ...(changes ?? []),
      ],
      size: rows.length,
    };
  }

  private async commit(batch: Batch): Promise<{ isCurrent: boolean; taken: number }> {
    if (batch.statement.size === 0) return { isCurrent: true, taken: 0 };
    return inSpan(
      'ssf.signal.fan_out',
      () => fanOutSpan(batch),
      (span) => this.take(batch, span),
    );
  }

  private async take(
    { plan, decided, statement: { sql, parameters, size } }: Batch,
    span: Span | undefined,
  ): Promise<{ isCurrent: boolean; taken: number }> {
    const [answer] = await this.statements.run<{ is_current: boolean; taken: string[] }>(
      sql,
      parameters,
      size,
    );
    const taken = new Set(answer?.taken);
    const own = decided.filter(({ signal }) => taken.has(signal.id));
    const sets = own.flatMap((each) => each.sets);
    span?.setAttributes({ 'ssf.signal.count': own.length, 'ssf.set.count': sets.length });
    this.queue.announce(sets);
    // when the next batch is on its way: the database need not wait for the log
    setImmediate(() => this.log(plan.providerId, own));
    return { isCurrent: answer?.is_current ?? false, taken: taken.size };
  }

  private logHeld(providerId: string, { error, ...unjudged }: Unjudged): void {
    this.logger.warn(
      { event: 'signal.held', providerId, ...unjudged, err: error },
      'the host did not say who may know of a signal: it waits, and those behind it',
    );
  }

  private async forget(providerId: string): Promise<void> {
    await this.statements.run(FORGET_SQL, [providerId], 1);
    this.logger.warn(
      { event: 'signals.forgotten', providerId },
      'signals of a deleted provider were dropped',
    );
  }

  private log(providerId: string, decided: readonly Decided[]): void {
    for (const { signal, sets, outcomes } of decided) {
      for (const outcome of outcomes)
        if ('reason' in outcome) this.metrics.setsSuppressed.inc({ reason: outcome.reason });
      this.logger.log({
        event: 'signal.fanned_out',
        providerId,
        signalId: signal.id,
        type: signal.type,
        sets: sets.length,
        suppressed: outcomes.length - sets.length,
        traceId: traceIdOf(signal.traceparent),
      });
    }
  }
}

function setsOf(decisions: readonly Decision[]): QueuedSet[] {
  return decisions.flatMap((decision) => ('set' in decision ? [decision.set] : []));
}

function rowsBefore(rows: readonly WaitingRow[], unjudged: Unjudged | undefined): readonly WaitingRow[] {
  return unjudged
    ? rows.slice(
        0,
        rows.findIndex((row) => row.signal_id === unjudged.signalId),
      )
    : rows;
}

function toOutcome(decision: Decision): SignalOutcome {
  const { to, eventType } = decision;
  const streamId = to.stream.id;
  return 'set' in decision
    ? { streamId, eventType, jti: decision.set.jti }
    : { streamId, eventType, reason: decision.reason };
}
