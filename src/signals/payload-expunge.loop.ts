import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { ClusterTasks } from '../platform/schedule/cluster-tasks.js';
import { PayloadExpungeService } from './payload-expunge.service.js';

/** Rounds of the payload retention, by one of the processes that deliver; none while it is off. */
@Injectable()
export class PayloadExpungeLoop implements OnApplicationBootstrap {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly tasks: ClusterTasks,
    private readonly payloads: PayloadExpungeService,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery || this.config.payloadRetentionHours === 0) return;
    this.tasks.every(this.config.housekeepingIntervalMs, 'payload-expunge', (stopping) =>
      this.payloads.enforce(stopping),
    );
  }
}
