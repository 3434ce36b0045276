import { Inject, Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import { subjectHashes } from '../core/subjects/subject-search.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { jsonTexts } from '../platform/database/json-texts.js';
import { plainArray } from '../platform/database/plain-array.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { asStored, type SignalRow } from './as-stored.js';
import { parseSignalItems } from './parse-signal.js';
import { RecentSignals } from './recent-signals.js';
import { IDENTITY_SQL, RECORD_SQL } from './record.sql.js';
import { type SignalItem, signalItems } from './signal-item.js';
import type { NewSignal, RecordedSignal } from './signal.js';
import type { SignalInput } from './signal-input.js';

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
    private readonly recent: RecentSignals,
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
    const manager = options.manager ?? this.unitOfWork.manager;
    const rows = signals.map((signal): SignalRow => {
      const id = uuidv7();
      return { ...signal, id, txn: signal.txn ?? id };
    });
    const recorded = await insertSignals(manager, rows);
    refuseUnknownProviders(recorded, pathOf);
    const fresh = rows.filter((_, index) => recorded[index]?.isFresh);
    this.unitOfWork.afterCommit(manager, () => {
      this.log(rows, recorded);
      if (fresh.length === 0) return;
      if (this.config.delivery) for (const row of fresh) this.recent.put(row.id, asStored(row));
      this.bus.emit('signal.recorded', { providerIds: [...new Set(recorded.map(providerOf))] });
    });
    if (fresh.length === rows.length) return rows.map(({ id }) => ({ id, status: 'accepted' }));
    return this.withDuplicates(manager, rows, recorded);
  }

  private log(rows: readonly SignalRow[], recorded: readonly RecordedRow[]): void {
    rows.forEach(({ id, type }, index) => {
      const { providerId, isFresh } = recorded[index] ?? {};
      const status = isFresh ? 'accepted' : 'duplicate';
      this.metrics.signalsRecorded.inc({ type, outcome: status });
      this.logger.log({ event: 'signal.recorded', providerId, signalId: id, type, status });
    });
  }

  private async withDuplicates(
    manager: EntityManager,
    rows: readonly SignalRow[],
    recorded: readonly RecordedRow[],
  ): Promise<RecordedSignal[]> {
    const all = rows.map((row, index) => ({ ...row, ...recorded[index] }));
    const others = all.filter(({ isFresh }) => !isFresh);
    const known = await manager.query<{ provider_id: string; external_id: string; signal_id: string }[]>(
      IDENTITY_SQL,
      [others.map(({ providerId }) => providerId), others.map(({ externalId }) => externalId)],
    );
    const idOf = new Map(known.map((row) => [`${row.provider_id} ${row.external_id}`, row.signal_id]));
    return all.map(({ id, isFresh, providerId, externalId }) =>
      isFresh
        ? { id, status: 'accepted' }
        : { id: idOf.get(`${providerId} ${externalId}`) ?? id, status: 'duplicate' },
    );
  }
}

/** What became of a signal: `providerId` is null when there is no such provider. */
interface RecordedRow {
  readonly providerId: string | null;
  readonly isFresh: boolean;
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

function insertSignals(manager: EntityManager, rows: readonly SignalRow[]): Promise<RecordedRow[]> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  return manager.query<RecordedRow[]>(RECORD_SQL, [
    plainArray(rows, (row) => row.id),
    rows.map((row) => row.provider),
    rows.map((row) => row.externalId ?? null),
    rows.map((row) => row.type),
    rows.map((row) => row.occurredAt.toISOString()),
    jsonTexts(rows.map((row) => JSON.stringify(row.subject))),
    rows.map((row) => row.initiatingEntity ?? null),
    rows.map((row) => json(row.reasonAdmin)),
    rows.map((row) => json(row.reasonUser)),
    rows.map((row) => row.txn),
    rows.map((row) => json(row.details)),
    rows.map((row) => `{${subjectHashes(row).join(',')}}`),
  ]);
}
