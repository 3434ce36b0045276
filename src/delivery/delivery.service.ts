import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfHealth } from '../platform/health/ssf-health.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { DeliveryEngine } from './delivery-engine.js';

/** Longer than a database that restarts, and than the pauses between turns that fail. */
const STUCK_AFTER_MS = 60_000;

/**
 * When the engine works: at once when a doorbell rings, and on schedule, which finds what no doorbell announced:
 * SETs of a process that died, back-offs that ended, leases that ran out.
 */
@Injectable()
export class DeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly unsubscribe: (() => void)[] = [];

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly engine: DeliveryEngine,
    private readonly bus: SsfEventBus,
    private readonly tasks: PeriodicTasks,
    private readonly health: SsfHealth,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    this.unsubscribe.push(
      this.bus.on('set.queued', ({ streamIds }) => this.engine.ring(streamIds)),
      this.bus.on('stream.changed', ({ streamIds }) => this.engine.changed(streamIds)),
    );
    this.tasks.every(this.config.sweepIntervalMs, 'delivery-sweep', () => this.engine.sweep());
    this.health.watch(() => {
      const { lateMs } = this.engine;
      return lateMs > STUCK_AFTER_MS
        ? `the delivery engine has not managed a turn for ${Math.floor(lateMs / 1000)} seconds`
        : undefined;
    });
    this.engine.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    if (this.config.delivery) await this.engine.stop();
  }
}
