import { Injectable } from '@nestjs/common';
import { plainArray } from '../platform/database/plain-array.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import type { FannedSignal } from './fan-out-plan.js';
import { SIGNALS_BY_ID_SQL } from './fan-out.sql.js';
import { RecentSignals } from './recent-signals.js';

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

/** Signals as they were recorded. */
@Injectable()
export class StoredSignalsService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly recent: RecentSignals,
  ) {}

  /** In the order of `ids`. */
  async load(ids: readonly string[]): Promise<FannedSignal[]> {
    const byId = new Map<string, FannedSignal>();
    for (const id of ids) {
      const recent = this.recent.take(id);
      if (recent) byId.set(id, recent);
    }
    const others = ids.filter((id) => !byId.has(id));
    if (others.length > 0) {
      const rows = await this.unitOfWork.manager.query<SignalRow[]>(SIGNALS_BY_ID_SQL, [
        plainArray(others, (id) => id),
      ]);
      for (const row of rows) byId.set(row.id, toSignal(row));
    }
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
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
