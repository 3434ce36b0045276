import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { decodeCursor, type Page, pageSize, type PageRequest, toPage } from '../platform/paging/page.js';
import type { ActorKind } from './actor.js';
import type { AuditAction } from './audit-action.js';
import { type AuditFilter, auditPageSql } from './audit.sql.js';
import type { Shown } from './audited.js';

/** Entries that an export reads at a time, which is what it keeps in memory. */
const EXPORT_BATCH = 500;

export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: ActorKind;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly action: AuditAction;
  readonly providerId: string | null;
  readonly applicationId: string | null;
  readonly streamId: string | null;
  readonly targetId: string | null;
  readonly before: Shown | null;
  readonly after: Shown | null;
  readonly address: string | null;
  readonly requestId: string | null;
}

/** Who changed what, and when. It is written by record-change.ts. */
@Injectable()
export class AuditLogService {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Newest first. */
  async list(filter: AuditFilter, request: PageRequest): Promise<Page<AuditEntry>> {
    const limit = pageSize(request);
    const before = decodeCursor(request.cursor);
    const { sql, parameters } = auditPageSql(filter, 'newest first', before, limit + 1);
    const rows = await this.unitOfWork.manager.query<AuditEntry[]>(sql, parameters);
    return toPage(rows, limit, ({ id }) => id);
  }

  /** Oldest first, batch by batch, to the newest that there is by then. */
  async *batches(filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
    let last: string | undefined;
    for (;;) {
      const { sql, parameters } = auditPageSql(filter, 'oldest first', last, EXPORT_BATCH);
      const rows = await this.unitOfWork.manager.query<AuditEntry[]>(sql, parameters);
      last = rows.at(-1)?.id;
      if (last === undefined) return;
      yield rows;
      if (rows.length < EXPORT_BATCH) return;
    }
  }
}
