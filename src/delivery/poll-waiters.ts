import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { PollQueueService } from '../queue/poll-queue.service.js';

/** A long poll that waits for its stream. */
export interface PollWait {
  /** Resolves when the stream may have something, when `signal` aborts, after `milliseconds`, or at shutdown. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * The long polls of this process. Each waits for its stream's doorbell; for what no doorbell announced there is one
 * look for all of them together, so that thousands of idle polls cost one statement a sweep.
 */
@Injectable()
export class PollWaiters implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private unsubscribe: (() => void)[] = [];
  private isStopping = false;

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly queue: PollQueueService,
    private readonly bus: SsfEventBus,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe = (['set.queued', 'stream.changed'] as const).map((event) =>
      this.bus.on(event, ({ streamIds }) => this.wake(streamIds)),
    );
    this.tasks.every(this.config.sweepIntervalMs, 'poll-sweep', async () => {
      this.wake(await this.queue.due([...this.waiting.keys()]));
    });
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.wake([...this.waiting.keys()]);
  }

  get isShuttingDown(): boolean {
    return this.isStopping;
  }

  /** Listens from now on: to be called before the queue is read, so that nothing falls between. */
  listen(streamId: string): PollWait {
    let isRung = false;
    let resolveWait: (() => void) | undefined;
    const ring = (): void => {
      isRung = true;
      resolveWait?.();
    };
    const rings = this.waiting.get(streamId) ?? new Set();
    this.waiting.set(streamId, rings);
    rings.add(ring);
    return {
      wait: async (milliseconds, signal) => {
        if (!isRung && !signal.aborted && !this.isStopping && milliseconds > 0)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, milliseconds);
            signal.addEventListener('abort', () => resolve(), { once: true });
            resolveWait = () => {
              clearTimeout(timer);
              resolve();
            };
          });
        rings.delete(ring);
        if (rings.size === 0 && this.waiting.get(streamId) === rings) this.waiting.delete(streamId);
      },
    };
  }

  private wake(streamIds: readonly string[]): void {
    for (const streamId of streamIds) for (const ring of this.waiting.get(streamId) ?? []) ring();
  }
}
