import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { ClusterTasks } from '../platform/schedule/cluster-tasks.js';
import { AuditRetentionService } from './audit-retention.service.js';
import { RetentionService } from './retention.service.js';

/** Days do not end that often. */
const HOUSEKEEPING_ROUNDS = 12;

/** Looks once an hour (by default) whether some of the history, or of the audit log, goes. */
@Injectable()
export class RetentionLoop implements OnApplicationBootstrap {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly tasks: ClusterTasks,
    private readonly retention: RetentionService,
    private readonly auditRetention: AuditRetentionService,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    const interval = this.config.housekeepingIntervalMs * HOUSEKEEPING_ROUNDS;
    this.tasks.every(interval, 'retention', (stopping) => this.retention.enforce(stopping));
    this.tasks.every(interval, 'audit-retention', (stopping) => this.auditRetention.enforce(stopping));
  }
}
