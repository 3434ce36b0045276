import type { Arrival, SinkBehaviour, SinkCommands, SinkSummary } from '../processes/sink.js';
import { Child } from './child.js';
import type { Resources } from './resources.js';

/** The receivers of a figure, in a process of their own. */
export class Sink {
  private constructor(
    private readonly child: Child<SinkCommands>,
    /** TCP ports, one per receiver */
    readonly ports: readonly number[],
  ) {}

  static async start(resources: Resources, receivers: number): Promise<Sink> {
    const child = Child.start<SinkCommands>(resources, 'sink');
    return new Sink(child, await child.call('listen', receivers));
  }

  /** Forgets what came. */
  reset(): Promise<void> {
    return this.child.call('reset');
  }

  behave(indexes: readonly number[], behaviour: SinkBehaviour): Promise<void> {
    return this.child.call('behave', { indexes, behaviour });
  }

  /** Resolves when so many came; fails when they do not come in time. */
  async wait(count: number, deadlineMs: number): Promise<void> {
    const received = await this.child.call('wait', { count, deadlineMs });
    if (received < count) throw new Error(`only ${received} of ${count} SETs came within ${deadlineMs} ms`);
  }

  summary(): Promise<SinkSummary> {
    return this.child.call('summary');
  }

  arrivals(): Promise<Arrival[]> {
    return this.child.call('arrivals');
  }

  sample(count: number): Promise<string[]> {
    return this.child.call('sample', count);
  }
}
