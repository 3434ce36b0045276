import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { system } from '../audit/actor.js';
import { ALLOW_RETENTION_SQL, SHORTEN_SQL } from '../audit/audit.sql.js';
import { recordChange } from '../audit/record-change.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';

/** Entries that one transaction deletes. */
const BATCH = 5_000;

interface Gone {
  readonly count: number;
  readonly first: Date | null;
  readonly last: Date | null;
}

/** Takes out of the audit log what is older than it is kept. That it did is in the log, too. */
@Injectable()
export class AuditRetentionService {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async enforce(stopping: AbortSignal): Promise<void> {
    const days = this.config.auditRetentionDays;
    if (days === 0) return;
    while (!stopping.aborted) {
      const count = await this.unitOfWork.run((manager) => shorten(manager, days));
      if (count < BATCH) return;
    }
  }
}

async function shorten(manager: EntityManager, days: number): Promise<number> {
  await manager.query(ALLOW_RETENTION_SQL, [String(days)]);
  const [gone] = await manager.query<Gone[]>(SHORTEN_SQL, [days, BATCH]);
  if (!gone || gone.count === 0) return 0;
  await recordChange(manager, system('retention'), { action: 'audit_log.shortened', before: { ...gone } });
  return gone.count;
}
