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

/** The doorbell of one stream, for one long poll. */
export interface Bell {
  /** Resolves when it has rung since it was got, when `signal` aborts, after `milliseconds`, or at shutdown. */
  rung(milliseconds: number, signal: AbortSignal): Promise<void>;
  forget(): void;
}

/**
 * The long polls of this process. Each waits for its stream's doorbell; for what no doorbell announced there is one
 * look for all of them together, so that thousands of idle polls cost one statement a sweep.
 */
@Injectable()
export class PollWaiters implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly served = new Set<Promise<unknown>>();
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
      const looks = await this.queue.look([...this.waiting.keys()]);
      this.wake(looks.filter(({ isDue, isPolled }) => isDue || !isPolled).map(({ streamId }) => streamId));
    });
  }

  /** Every poll is answered before the connections are closed (an empty answer is better than a reset). */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.wake([...this.waiting.keys()]);
    await Promise.allSettled(this.served);
  }

  get isShuttingDown(): boolean {
    return this.isStopping;
  }

  /** Runs a poll; the shutdown waits for it. */
  async serve<Answer>(poll: () => Promise<Answer>): Promise<Answer> {
    const run = poll();
    this.served.add(run);
    try {
      return await run;
    } finally {
      this.served.delete(run);
    }
  }

  /** To be got before the queue is read, so that nothing falls between. */
  listen(streamId: string): Bell {
    let hasRung = false;
    let answer: (() => void) | undefined;
    const ring = (): void => {
      hasRung = true;
      answer?.();
    };
    const rings = this.waiting.get(streamId) ?? new Set();
    this.waiting.set(streamId, rings.add(ring));
    return {
      rung: async (milliseconds, signal) => {
        if (hasRung || signal.aborted) return;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          answer = (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', ring);
            resolve();
          };
          signal.addEventListener('abort', ring, { once: true });
        });
      },
      forget: () => {
        rings.delete(ring);
        if (rings.size === 0 && this.waiting.get(streamId) === rings) this.waiting.delete(streamId);
      },
    };
  }

  private wake(streamIds: readonly string[]): void {
    for (const streamId of streamIds) for (const ring of [...(this.waiting.get(streamId) ?? [])]) ring();
  }
}
