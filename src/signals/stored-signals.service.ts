import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { jsonbArray, textArray, timestampArray, uuidArray } from '../platform/database/sql-arrays.js';
import { Statements } from '../platform/database/statements.service.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import type { FannedSignal } from './fan-out-plan.js';
import { SIGNALS_BY_ID_SQL } from './fan-out.sql.js';
import { RecentSignals } from './recent-signals.js';
import { IDENTITY_SQL, RECORD_SQL } from './record.sql.js';
import { fromRow, type SignalRow } from './signal-row.js';

/** What became of a signal: `providerId` is null when there is no such provider. */
export interface RecordedRow {
  readonly providerId: string | null;
  readonly isFresh: boolean;
}

/** Under which `id` its provider knows a signal. */
interface Identity {
  readonly providerId: string;
  readonly externalId: string;
  readonly signalId: string;
}

interface StoredRow {
  id: string;
  type: FannedSignal['type'];
  occurred_at: Date;
  subject: FannedSignal['subject'];
  initiating_entity: FannedSignal['initiatingEntity'] | null;
  reason_admin: FannedSignal['reasonAdmin'] | null;
  reason_user: FannedSignal['reasonUser'] | null;
  txn: string;
  details: FannedSignal['details'];
  traceparent: string | null;
}

/** The signals' tables, and the signals that were put there a moment ago. */
@Injectable()
export class StoredSignalsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly statements: Statements,
    private readonly recent: RecentSignals,
  ) {}

  /** All, by one span, or none if the provider of one is unknown. A word for each, in their order. */
  insert(rows: readonly SignalRow[], manager: EntityManager | undefined): Promise<RecordedRow[]> {
    const parameters = recordParameters(rows);
    return manager
      ? manager.query<RecordedRow[]>(RECORD_SQL, parameters)
      : this.statements.run<RecordedRow>(RECORD_SQL, parameters, rows.length);
  }

  /** They are about to be fanned out, and need not be read back then. */
  remember(rows: readonly SignalRow[]): void {
    for (const row of rows) this.recent.put(row.id, row);
  }

  /** The signals that have these identities. */
  idsOf(
    identities: readonly { readonly providerId?: string | null; readonly externalId?: string | undefined }[],
    manager: EntityManager,
  ): Promise<Identity[]> {
    return manager.query<Identity[]>(IDENTITY_SQL, [
      identities.map(({ providerId }) => providerId),
      identities.map(({ externalId }) => externalId),
    ]);
  }

  /** In the order of `ids`. */
  async load(ids: readonly string[]): Promise<FannedSignal[]> {
    const byId = new Map<string, FannedSignal>();
    for (const id of ids) {
      const recent = this.recent.take(id);
      if (recent) byId.set(id, fromRow(recent));
    }
    const others = ids.filter((id) => !byId.has(id));
    if (others.length > 0) {
      const rows = await this.unitOfWork.manager.query<StoredRow[]>(SIGNALS_BY_ID_SQL, [
        uuidArray(others, (id) => id),
      ]);
      for (const row of rows) byId.set(row.id, toSignal(row));
    }
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
}

function toSignal(row: StoredRow): FannedSignal {
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
    traceparent: row.traceparent ?? undefined,
  };
}

function recordParameters(rows: readonly SignalRow[]): unknown[] {
  return [
    uuidArray(rows, (row) => row.id),
    textArray(rows, (row) => row.provider),
    textArray(rows, (row) => row.externalId),
    textArray(rows, (row) => row.type),
    timestampArray(rows, (row) => row.occurredAt),
    jsonbArray(rows, (row) => row.subject),
    textArray(rows, (row) => row.initiatingEntity),
    jsonbArray(rows, (row) => row.reasonAdmin),
    jsonbArray(rows, (row) => row.reasonUser),
    textArray(rows, (row) => row.txn),
    jsonbArray(rows, (row) => row.details),
    textArray(rows, (row) => `{${row.subjectHashes.join(',')}}`),
    rows[0]?.traceparent ?? null,
  ];
}
