import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { RecoveryWorkerService } from './recovery-worker.service.js';

const HOUR_MS = 3_600_000;

/** Works on recoveries when one is asked for, and by the sweep, which finds what a process left that died. */
@Injectable()
export class RecoveryLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RecoveryLoop.name);
  private unsubscribe: (() => void) | undefined;
  private running: Promise<void> | undefined;
  private isRungAgain = false;
  private isStopped = false;

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly worker: RecoveryWorkerService,
    private readonly bus: SsfEventBus,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    this.unsubscribe = this.bus.on('recovery.requested', () => this.wake());
    // not waited for: a recovery may take longer than a shutdown may
    this.tasks.every(this.config.sweepIntervalMs, 'recovery-sweep', () => this.wake());
    this.tasks.every(HOUR_MS, 'recovery-purge', () => this.worker.purge());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.unsubscribe?.();
    await this.running;
  }

  private wake(): void {
    this.isRungAgain = true;
    if (this.isStopped || this.running) return;
    this.running = this.run()
      .catch((error: unknown) => this.logger.error({ err: error }, 'a recovery failed, it is tried again'))
      .finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    let hasMore = true;
    while (hasMore && !this.isStopped) {
      this.isRungAgain = false;
      hasMore = (await this.worker.work()) || this.isRungAgain;
    }
  }
}
