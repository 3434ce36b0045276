import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfHealth } from '../platform/health/ssf-health.js';

/**
 * Providers none of whose keys signs, as `ringAt` (core/keys/key-ring.ts) sees it. Nothing here makes one, so somebody
 * changed the tables, or restored a part of them. One pass over the providers and two indexes (signing_key_active,
 * signing_key_next).
 */
const WITHOUT_KEY_SQL = `
select count(*)::int as count from ssf.provider p
 where not exists (select from ssf.signing_key k where k.provider_id = p.id and k.status = 'active')
   and not exists (select from ssf.signing_key k
                    where k.provider_id = p.id and k.status = 'next' and k.changes_at <= now())`;

@Injectable()
export class KeyHealth implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly health: SsfHealth,
  ) {}

  onModuleInit(): void {
    this.health.watch(async () => {
      const [row] = await this.unitOfWork.manager.query<{ count: number }[]>(WITHOUT_KEY_SQL);
      return row?.count
        ? `${row.count} ${row.count === 1 ? 'provider has' : 'providers have'} no active signing key, so their SETs wait`
        : undefined;
    });
  }
}
