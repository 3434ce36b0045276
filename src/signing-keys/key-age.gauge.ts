import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';

const KEY_AGES_SQL = `
select algorithm, extract(epoch from now() - min(status_changed_at))::float8 as seconds
  from ssf.signing_key where status = 'active' group by algorithm`;

/** How long the oldest key of each algorithm has been signing: what an alert about rotation looks at. */
@Injectable()
export class KeyAgeGauge implements OnModuleInit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly metrics: SsfMetrics,
  ) {}

  onModuleInit(): void {
    this.metrics.observe(
      {
        name: 'ssf_signing_key_age_seconds',
        help: 'How long the oldest active signing key of an algorithm has been active',
        labels: ['algorithm'],
      },
      async () => {
        const rows =
          await this.unitOfWork.manager.query<{ algorithm: string; seconds: number }[]>(KEY_AGES_SQL);
        return rows.map(({ algorithm, seconds }) => ({ labels: { algorithm }, value: seconds }));
      },
    );
  }
}
