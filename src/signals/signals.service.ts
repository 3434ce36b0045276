import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { EventCatalogue } from '../core/events/event-catalogue.js';
import { InjectEventCatalogue } from '../platform/catalogue/event-catalogue.token.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { ProvidersService } from '../providers/providers.service.js';
import { parseSignals } from './parse-signal.js';
import { IDENTITY_SQL, RECORD_SQL } from './record.sql.js';
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
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly bus: SsfEventBus,
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
  async recordUnparsed(body: unknown, options: RecordOptions = {}): Promise<RecordedSignal[]> {
    const signals = parseSignals(body, { catalogue: this.catalogue, now: new Date() });
    const manager = options.manager ?? this.unitOfWork.manager;
    const providers = await this.knownProviders(manager, signals, Array.isArray(body));
    const rows = signals.map((signal) => ({ ...signal, ...identify(signal, providers) }));
    const fresh = await insertSignals(manager, rows);
    const providerIds = [...new Set(rows.map(({ providerId }) => providerId))];
    this.unitOfWork.afterCommit(manager, () => {
      this.log(rows, fresh);
      if (fresh.size > 0) this.bus.emit('signal.recorded', { providerIds });
    });
    if (fresh.size === rows.length) return rows.map(({ id }) => ({ id, status: 'accepted' }));
    return this.withDuplicates(manager, rows, fresh);
  }

  private async knownProviders(
    manager: EntityManager,
    signals: readonly NewSignal[],
    isArray: boolean,
  ): Promise<Map<string, string>> {
    const providers = await this.providers.idsBySlug(
      manager,
      signals.map(({ provider }) => provider),
    );
    const problems = signals.flatMap(({ provider }, index) =>
      providers.has(provider)
        ? []
        : [{ member: isArray ? `[${index}].provider` : 'provider', message: 'there is no such provider' }],
    );
    if (problems.length > 0) throw invalidRequest(...problems);
    return providers;
  }

  private log(rows: readonly SignalRow[], fresh: ReadonlySet<string>): void {
    for (const { id, providerId, type } of rows) {
      const status = fresh.has(id) ? 'accepted' : 'duplicate';
      this.logger.log({ event: 'signal.recorded', providerId, signalId: id, type, status });
    }
  }

  private async withDuplicates(
    manager: EntityManager,
    rows: readonly SignalRow[],
    fresh: ReadonlySet<string>,
  ): Promise<RecordedSignal[]> {
    const others = rows.filter(({ id }) => !fresh.has(id));
    const known = await manager.query<{ provider_id: string; external_id: string; signal_id: string }[]>(
      IDENTITY_SQL,
      [others.map(({ providerId }) => providerId), others.map(({ externalId }) => externalId)],
    );
    const idOf = new Map(known.map((row) => [`${row.provider_id} ${row.external_id}`, row.signal_id]));
    return rows.map(({ id, providerId, externalId }) =>
      fresh.has(id)
        ? { id, status: 'accepted' }
        : { id: idOf.get(`${providerId} ${externalId}`) ?? id, status: 'duplicate' },
    );
  }
}

interface SignalRow extends NewSignal {
  readonly id: string;
  readonly providerId: string;
  readonly txn: string;
}

function identify(
  signal: NewSignal,
  providers: ReadonlyMap<string, string>,
): Pick<SignalRow, 'id' | 'providerId' | 'txn'> {
  const providerId = providers.get(signal.provider);
  if (providerId === undefined) throw new SsfError('internal', 'a checked provider is gone');
  const id = uuidv7();
  return { id, providerId, txn: signal.txn ?? id };
}

async function insertSignals(manager: EntityManager, rows: readonly SignalRow[]): Promise<Set<string>> {
  const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
  const fresh = await manager.query<{ id: string }[]>(RECORD_SQL, [
    rows.map((row) => row.id),
    rows.map((row) => row.providerId),
    rows.map((row) => row.externalId ?? null),
    rows.map((row) => row.type),
    rows.map((row) => row.occurredAt.toISOString()),
    rows.map((row) => json(row.subject)),
    rows.map((row) => row.initiatingEntity ?? null),
    rows.map((row) => json(row.reasonAdmin)),
    rows.map((row) => json(row.reasonUser)),
    rows.map((row) => row.txn),
    rows.map((row) => json(row.details)),
  ]);
  return new Set(fresh.map(({ id }) => id));
}
