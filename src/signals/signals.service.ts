import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { EntityManager } from 'typeorm';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { newId } from '../platform/ids/event-id.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { inSpan } from '../platform/tracing/spans.js';
import { traceIdOf, traceparentOf } from '../platform/tracing/traceparent.js';
import { parseSignalItems } from './parse-signal.js';
import { type SignalItem, signalItems } from './signal-item.js';
import type { NewSignal, RecordedSignal } from './signal.js';
import type { SignalInput } from './signal-input.js';
import { type SignalRow, toRow } from './signal-row.js';
import { type RecordedRow, StoredSignalsService } from './stored-signals.service.js';

export interface RecordOptions {
  /**
   * The host's own transaction: the signal is then durable exactly when that commits, and nothing is left of it
   * when that rolls back. Without it, `record` has committed when it returns.
   */
  readonly manager?: EntityManager;
}

@Injectable()
export class SignalsService {
  private readonly logger = new Logger(SignalsService.name);

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly stored: StoredSignalsService,
    private readonly bus: SsfEventBus,
    private readonly metrics: SsfMetrics,
    @InjectEventCatalogue() private readonly catalogue: EventCatalogue,
  ) {}

  /**
   * Records one security signal. Its SETs are made and sent right after the commit.
   *
   * @example
   * await dataSource.transaction(async (manager) => {
   *   await users.setPassword(manager, userId, hash);
   *   await signals.record({ provider: 'acme', type: 'password.changed', subject: { user: { id: userId } } }, { manager });
   * });
   * @throws SsfError `invalid_request` naming each wrong member; nothing is then recorded
   */
  async record(signal: SignalInput, options: RecordOptions = {}): Promise<RecordedSignal> {
    const [recorded] = await this.recordUnparsed(signal, options);
    if (!recorded) throw new SsfError('internal', 'no signal was recorded');
    return recorded;
  }

  /** Records up to 1,000 signals, all or none. Answers in their order. */
  recordAll(signals: readonly SignalInput[], options: RecordOptions = {}): Promise<RecordedSignal[]> {
    return this.recordUnparsed(signals, options);
  }

  /** As {@link record} and {@link recordAll}, for a value that nobody has looked at: a request's body, say. */
  recordUnparsed(body: unknown, options: RecordOptions = {}): Promise<RecordedSignal[]> {
    return this.recordItems(signalItems(body), options);
  }

  /** The same for signals that came in something else, which problems are then named by. */
  async recordItems(items: readonly SignalItem[], options: RecordOptions = {}): Promise<RecordedSignal[]> {
    const signals = parseSignalItems(items, { catalogue: this.catalogue, now: new Date() });
    return this.recordParsed(signals, (index, member) => items[index]?.pathOf(member) ?? member, options);
  }

  /** The same for signals that were looked at; `pathOf` names a member of one of them in problems. */
  async recordParsed(
    signals: readonly NewSignal[],
    pathOf: (index: number, member: string) => string,
    options: RecordOptions = {},
  ): Promise<RecordedSignal[]> {
    if (signals.length === 0) return [];
    return inSpan(
      'ssf.signal.record',
      () => ({ kind: SpanKind.PRODUCER }),
      async (span) => {
        const recorded = await this.recordRows(toRows(signals, traceparentOf(span)), pathOf, options);
        span?.setAttributes(spanAttributes(signals, recorded));
        return recorded;
      },
    );
  }

  private async recordRows(
    rows: readonly SignalRow[],
    pathOf: (index: number, member: string) => string,
    options: RecordOptions,
  ): Promise<RecordedSignal[]> {
    const manager = options.manager ?? this.unitOfWork.manager;
    const recorded = await this.stored.insert(rows, options.manager);
    refuseUnknownProviders(recorded, pathOf);
    const fresh = rows.filter((_, index) => recorded[index]?.isFresh);
    this.unitOfWork.afterCommit(manager, () => {
      this.log(rows, recorded);
      if (fresh.length === 0) return;
      if (this.config.delivery) this.stored.remember(fresh);
      this.bus.emit('signal.recorded', { providerIds: [...new Set(recorded.map(providerOf))] });
    });
    if (fresh.length === rows.length) return rows.map(({ id }) => ({ id, status: 'accepted' }));
    return this.withDuplicates(manager, rows, recorded);
  }

  private log(rows: readonly SignalRow[], recorded: readonly RecordedRow[]): void {
    rows.forEach(({ id, type, traceparent }, index) => {
      const { providerId, isFresh } = recorded[index] ?? {};
      const status = isFresh ? 'accepted' : 'duplicate';
      this.metrics.signalsRecorded.inc({ type, outcome: status });
      const traceId = traceIdOf(traceparent);
      this.logger.log({ event: 'signal.recorded', providerId, signalId: id, type, status, traceId });
    });
  }

  private async withDuplicates(
    manager: EntityManager,
    rows: readonly SignalRow[],
    recorded: readonly RecordedRow[],
  ): Promise<RecordedSignal[]> {
    const all = rows.map((row, index) => ({ ...row, ...recorded[index] }));
    const others = all.filter(({ isFresh }) => !isFresh);
    const known = await this.stored.idsOf(others, manager);
    const idOf = new Map(known.map((row) => [`${row.providerId} ${row.externalId}`, row.signalId]));
    return all.map(({ id, isFresh, providerId, externalId }) =>
      isFresh
        ? { id, status: 'accepted' }
        : { id: idOf.get(`${providerId} ${externalId}`) ?? id, status: 'duplicate' },
    );
  }
}

function toRows(signals: readonly NewSignal[], traceparent: string | undefined): SignalRow[] {
  return signals.map((signal) => toRow(signal, newId(), traceparent));
}

function spanAttributes(signals: readonly NewSignal[], recorded: readonly RecordedSignal[]): Attributes {
  const [signal, another] = signals;
  const duplicates = recorded.filter(({ status }) => status === 'duplicate').length;
  return {
    'ssf.signal.count': recorded.length - duplicates,
    'ssf.signal.duplicates': duplicates,
    ...(signal && !another && { 'ssf.signal.type': signal.type, 'ssf.signal.id': recorded[0]?.id }),
  };
}

function providerOf({ providerId }: RecordedRow): string {
  if (providerId === null) throw new SsfError('internal', 'a signal without a provider was recorded');
  return providerId;
}

/** Nothing was recorded then. */
function refuseUnknownProviders(
  recorded: readonly RecordedRow[],
  pathOf: (index: number, member: string) => string,
): void {
  const problems = recorded.flatMap(({ providerId }, index) =>
    providerId ? [] : [{ member: pathOf(index, 'provider'), message: 'there is no such provider' }],
  );
  if (problems.length > 0) throw invalidRequest(...problems);
}
