import { setTimeout as sleep } from 'node:timers/promises';

/** After a tick that failed: doubles up to the last. A ticker never gives up. */
const RETRY_MS = { first: 100, most: 5_000 };

export interface TickerTasks {
  tick(): Promise<void>;
  /** before the next try */
  failed(error: unknown, retryMs: number): void;
  /** after each tick: whether to ask for another one */
  ended(): void;
}

/** Runs ticks one at a time, each as soon as somebody asked for it. */
export class Ticker {
  private timer: NodeJS.Timeout | undefined;
  private at = Number.POSITIVE_INFINITY;
  private running: Promise<void> | undefined;
  private retryMs = RETRY_MS.first;
  private isAskedAgain = false;
  private unservedSince: number | undefined;
  private isStopped = false;

  constructor(private readonly tasks: TickerTasks) {}

  /** A tick is to begin within this time; an earlier wish stands. One that falls into a tick is served after it. */
  within(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    this.unservedSince ??= at;
    if (this.isStopped || at >= this.at) return;
    clearTimeout(this.timer);
    this.at = at;
    this.timer = setTimeout(() => this.begin(), milliseconds);
  }

  /** How long somebody has waited for a tick that ended without an error; 0 when nobody waits. */
  get lateMs(): number {
    return Math.max(0, performance.now() - (this.unservedSince ?? Number.POSITIVE_INFINITY));
  }

  /** Begins no further tick; resolves when none is running. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private begin(): void {
    this.at = Number.POSITIVE_INFINITY;
    if (this.running) {
      this.isAskedAgain = true;
      return;
    }
    this.running = this.run().finally(() => {
      this.running = undefined;
      if (this.isAskedAgain) this.within(0);
      this.isAskedAgain = false;
      this.tasks.ended();
    });
  }

  private async run(): Promise<void> {
    try {
      await this.tasks.tick();
      this.retryMs = RETRY_MS.first;
      // what was asked during the tick has waited since then at the most
      const isAsked = this.isAskedAgain || this.at < Number.POSITIVE_INFINITY;
      this.unservedSince = isAsked ? performance.now() : undefined;
    } catch (error) {
      this.tasks.failed(error, this.retryMs);
      await sleep(this.retryMs);
      this.retryMs = Math.min(this.retryMs * 2, RETRY_MS.most);
    }
  }
}
