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
import { FanOutService } from './fan-out.service.js';

/**
 * Fans signals out as soon as their doorbell rings, and by the sweep when it did not. Providers are worked on side
 * by side, each by one run at a time. An error is logged and left to the next sweep: the loop never gives up.
 */
@Injectable()
export class FanOutLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(FanOutLoop.name);
  private readonly runs = new Map<string, Promise<void>>();
  private readonly rungAgain = new Set<string>();
  /** providers whose host has to be asked again, however often the doorbell rings until then */
  private readonly heldUntil = new Map<string, number>();
  private unsubscribe: (() => void) | undefined;
  private readonly stopping = new AbortController();

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly fanOut: FanOutService,
    private readonly bus: SsfEventBus,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    this.unsubscribe = this.bus.on('signal.recorded', ({ providerIds }) => this.wake(providerIds));
    this.tasks.every(this.config.sweepIntervalMs, 'fan-out-sweep', () => this.sweep());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.unsubscribe?.();
    await Promise.all(this.runs.values());
  }

  async sweep(): Promise<void> {
    this.wake(await this.fanOut.waitingProviders());
  }

  private wake(providerIds: readonly string[]): void {
    if (this.stopping.signal.aborted) return;
    for (const providerId of providerIds) {
      if (performance.now() < (this.heldUntil.get(providerId) ?? 0)) continue;
      if (this.runs.has(providerId)) {
        this.rungAgain.add(providerId);
        continue;
      }
      const run = this.run(providerId)
        .catch((error: unknown) =>
          this.logger.error({ err: error, providerId }, 'fan-out failed, the sweep tries again'),
        )
        .finally(() => this.runs.delete(providerId));
      this.runs.set(providerId, run);
    }
  }

  private async run(providerId: string): Promise<void> {
    this.heldUntil.delete(providerId);
    let hasMore = true;
    while (hasMore && !this.stopping.signal.aborted) {
      this.rungAgain.delete(providerId);
      const progress = await this.fanOut.fanOut(providerId, this.stopping.signal);
      hasMore = progress === 'more' || this.rungAgain.has(providerId);
      if (progress !== 'held') continue;
      // a little less than until the next sweep
      this.heldUntil.set(providerId, performance.now() + this.config.sweepIntervalMs * 0.9);
      return;
    }
  }
}
