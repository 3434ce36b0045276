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

export interface SignalFilter {
  readonly providerId?: string;
  readonly type?: string;
  /** the identity provider's own id of the signal */
  readonly externalId?: string;
  readonly from?: Date;
  readonly to?: Date;
}

export type StoredSignal = Signal & {
  /** null while the fan-out is still to come */
  readonly fannedOutAt: Date | null;
  readonly outcomes: SignalOutcome[];
};

/**
 * Newest first; keyset on the id, a UUIDv7: an ordered scan of the daily partitions (signal_provider for one
 * provider's), and one probe of signal_outcome each.
 */
const COLUMNS = `
  s.id, s.provider_id as "providerId", s.external_id as "externalId", s.type, s.occurred_at as "occurredAt",
  s.recorded_at as "recordedAt", s.subject, s.initiating_entity as "initiatingEntity",
  s.reason_admin as "reasonAdmin", s.reason_user as "reasonUser", s.txn, s.details,
  o.fanned_out_at as "fannedOutAt", coalesce(o.outcomes, '[]'::jsonb) as outcomes
  from ssf.signal s left join ssf.signal_outcome o on o.signal_id = s.id`;

@Injectable()
export class SignalHistoryService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async list(filter: SignalFilter, request: PageRequest): Promise<Page<StoredSignal>> {
    const limit = pageSize(request);
    const rows = await this.unitOfWork.manager.query<StoredSignal[]>(
      `select ${COLUMNS}
        where ($1::uuid is null or s.provider_id = $1) and ($2::text is null or s.type = $2)
          and ($3::text is null or s.external_id = $3)
          and ($4::timestamptz is null or s.id >= ssf.uuid_at($4)) and ($5::timestamptz is null or s.id < ssf.uuid_at($5))
          and ($6::uuid is null or s.id < $6)
        order by s.id desc limit $7`,
      [
        filter.providerId ?? null,
        filter.type ?? null,
        filter.externalId ?? null,
        filter.from ?? null,
        filter.to ?? null,
        decodeCursor(request.cursor) ?? null,
        limit + 1,
      ],
    );
    return toPage(rows, limit, (row) => row.id);
  }

  async get(id: string): Promise<StoredSignal> {
    const rows = isUuid(id)
      ? await this.unitOfWork.manager.query<StoredSignal[]>(`select ${COLUMNS} where s.id = $1`, [id])
      : [];
    const [signal] = rows;
    if (!signal) throw new SsfError('not_found', 'there is no such signal');
    return signal;
  }
}
