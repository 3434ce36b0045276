import { Inject, Injectable } from '@nestjs/common';
import { expiryOf } from '../core/delivery/expiry.js';
import { SsfError } from '../core/errors.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import {
  decodeCursor,
  isUuid,
  type Page,
  pageSize,
  type PageRequest,
  toPage,
} from '../platform/paging/page.js';
import type { AttemptOutcome } from './attempt-outcome.js';
import type { SetStatus } from './set-status.js';
import { SET_ATTEMPTS_SQL, setListSql, type SetListFilter } from './set-history.sql.js';

/** A SET and where it stands. */
export interface SetRecord {
  readonly jti: string;
  readonly providerId: string;
  readonly applicationId: string;
  readonly streamId: string;
  readonly signalId: string | null;
  readonly eventType: string;
  readonly txn: string | null;
  readonly createdAt: Date;
  readonly status: SetStatus;
  /** why it was rejected, given up or dropped */
  readonly reason: string | null;
  readonly endedAt: Date | null;
  /** when it will have waited too long; null once it has ended */
  readonly expiresAt: Date | null;
  readonly claims: string;
  /** when what it told of its subject was removed */
  readonly purgedAt: Date | null;
  /** header and signature (core/set/detached-set.ts), kept from the first hand-out by poll to the SET's end */
  readonly signature: string | null;
}

export interface AttemptRecord {
  readonly attempt: number;
  readonly at: Date;
  readonly method: 'push' | 'poll' | 'none';
  readonly outcome: AttemptOutcome;
  readonly httpStatus: number | null;
  readonly err: string | null;
  readonly description: string | null;
  readonly durationMs: number | null;
}

interface SetRow extends Omit<SetRecord, 'expiresAt'> {
  readonly enqueuedAt: Date | null;
  readonly firstExpiresAt: Date | null;
  readonly failedAt: Date | null;
}

/** Every SET that was made, and what became of it. */
@Injectable()
export class SetHistoryService {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Newest first. */
  async list(filter: SetListFilter, request: PageRequest): Promise<Page<SetRecord>> {
    const limit = pageSize(request);
    const { sql, parameters } = setListSql({ ...filter, before: decodeCursor(request.cursor) }, limit + 1);
    const rows = await this.unitOfWork.manager.query<SetRow[]>(sql, parameters);
    const { data, nextCursor } = toPage(rows, limit, (row) => row.jti);
    return { data: data.map((row) => toRecord(row, this.config.retentionCeiling)), nextCursor };
  }

  /** Those of `jtis` that the filter takes, newest first. */
  async among(jtis: readonly string[], filter: SetListFilter): Promise<SetRecord[]> {
    if (jtis.length === 0) return [];
    const { sql, parameters } = setListSql({ ...filter, jtis }, jtis.length);
    return this.unitOfWork.manager.query(sql, parameters);
  }

  async get(jti: string): Promise<SetRecord & { readonly attempts: AttemptRecord[] }> {
    const record = isUuid(jti) ? (await this.list({ jti }, { limit: 1 })).data[0] : undefined;
    if (!record) throw new SsfError('not_found', 'there is no such SET');
    const attempts = await this.unitOfWork.manager.query<AttemptRecord[]>(SET_ATTEMPTS_SQL, [jti]);
    return { ...record, attempts };
  }
}

function toRecord({ enqueuedAt, firstExpiresAt, failedAt, ...row }: SetRow, ceiling: number): SetRecord {
  const expiresAt =
    enqueuedAt && firstExpiresAt
      ? expiryOf({ enqueuedAt, expiresAt: firstExpiresAt, failedAt: failedAt ?? undefined }, ceiling)
      : null;
  return { ...row, expiresAt };
}
