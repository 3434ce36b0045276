import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';

type Task = (stopping: AbortSignal) => Promise<void> | void;

/**
 * The module's periodic tasks, each an interval in @nestjs/schedule's registry under a name that starts with
 * `ssf.`: a host sees them beside its own. A run that is still under way is not started twice, and one that
 * throws is logged and comes again.
 */
@Injectable()
export class PeriodicTasks implements BeforeApplicationShutdown {
  private readonly logger = new Logger(PeriodicTasks.name);
  private readonly names: string[] = [];
  private readonly running = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly registry: SchedulerRegistry) {}

  /** `stopping` aborts at shutdown, which waits for what is running. */
  every(milliseconds: number, name: string, task: Task): void {
    const fullName = `ssf.${name}`;
    this.names.push(fullName);
    this.registry.addInterval(
      fullName,
      setInterval(() => this.start(fullName, task), milliseconds),
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    for (const name of this.names.splice(0)) this.registry.deleteInterval(name);
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  private start(name: string, task: Task): void {
    if (this.running.has(name)) return;
    const run = Promise.resolve()
      .then(() => task(this.stopping.signal))
      .catch((error: unknown) => this.logger.error({ err: error, task: name }, 'periodic task failed'))
      .finally(() => this.running.delete(name));
    this.running.set(name, run);
  }
}
