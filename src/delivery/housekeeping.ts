import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { ClusterTasks } from '../platform/schedule/cluster-tasks.js';
import { ExpiryService } from '../queue/expiry.service.js';
import { KeyRotationService } from '../signing-keys/key-rotation.service.js';
import { FailingStreamsService } from '../streams/failing-streams.service.js';

/** What has to be done now and then whether or not anything is sent; by one of the processes that deliver. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly tasks: ClusterTasks,
    private readonly expiry: ExpiryService,
    private readonly failingStreams: FailingStreamsService,
    private readonly keyRotation: KeyRotationService,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    const { housekeepingIntervalMs } = this.config;
    this.tasks.every(housekeepingIntervalMs, 'expiry', (stopping) => this.expiry.sweep(stopping));
    this.tasks.every(housekeepingIntervalMs, 'failing-streams', (stopping) =>
      this.failingStreams.sweep(stopping),
    );
    this.tasks.every(housekeepingIntervalMs, 'signing-keys', (stopping) => this.keyRotation.sweep(stopping));
  }
}
