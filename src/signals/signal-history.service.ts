import { Injectable } from '@nestjs/common';
import { SsfError } from '../core/errors.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import {
  decodeCursor,
  isUuid,
  type Page,
  pageSize,
  type PageRequest,
  toPage,
} from '../platform/paging/page.js';
import type { Signal, SignalOutcome } from './signal.js';
import { SIGNAL_SQL, type SignalFilter, signalListSql, SUBJECT_SETS_SQL } from './signal-history.sql.js';

export type StoredSignal = Signal & {
  /** null while the fan-out is still to come */
  readonly fannedOutAt: Date | null;
  /** when what it told of its subject was removed */
  readonly purgedAt: Date | null;
  readonly outcomes: SignalOutcome[];
};

/** A signal and the SETs that it became, newest first. */
export interface SignalSets {
  readonly id: string;
  readonly jtis: readonly string[];
}

/** Every signal that was recorded, and what fan-out decided. */
@Injectable()
export class SignalHistoryService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Newest first. */
  async list(filter: SignalFilter, request: PageRequest): Promise<Page<StoredSignal>> {
    const limit = pageSize(request);
    const { sql, parameters } = signalListSql({ ...filter, before: decodeCursor(request.cursor) }, limit + 1);
    const rows = await this.unitOfWork.manager.query<StoredSignal[]>(sql, parameters);
    return toPage(rows, limit, (row) => row.id);
  }

  async get(id: string): Promise<StoredSignal> {
    const rows = isUuid(id) ? await this.unitOfWork.manager.query<StoredSignal[]>(SIGNAL_SQL, [id]) : [];
    const [signal] = rows;
    if (!signal) throw new SsfError('not_found', 'there is no such signal');
    return signal;
  }

  /** The newest signals about a subject, from the signal `from` back. */
  setsOfSubject(hashes: readonly string[], from: string, limit: number): Promise<SignalSets[]> {
    return this.unitOfWork.manager.query(SUBJECT_SETS_SQL, [hashes, from, limit]);
  }
}
