import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Provider } from './api-types.js';
import type { Fleet } from './fleet.js';
import { sessionRevoked } from './scenario.js';
import type { ReceivedSet, TestReceiver } from './test-receiver.js';
import { until } from './until.js';

const REQUEST_DEADLINE_MS = 15_000;
const RETRY_MS = 50;

export interface LoadOptions {
  /** users, each with signals in an order of their own */
  readonly users: number;
  /** signals of one request */
  readonly batch: number;
  /** between two requests about one user */
  readonly paceMs: number;
}

/**
 * An identity provider that records signals with ids of its own, one user's one after the other, and asks again
 * until it is told 202. It knows what it was told, and nothing else: the judge of the fault tests.
 */
export class Load {
  /** how many signals of each user were acknowledged */
  readonly acknowledged: number[];
  /** how many requests got no 202 and were made again */
  repeated = 0;
  private readonly run = randomBytes(3).toString('hex');
  private readonly tallies: Tally[];
  private readonly loops: Promise<void>[] = [];
  private isStopping = false;

  constructor(
    private readonly fleet: Fleet,
    private readonly provider: Provider,
    receivers: readonly TestReceiver[],
    private readonly options: LoadOptions,
  ) {
    this.acknowledged = Array.from({ length: options.users }, () => 0);
    this.tallies = receivers.map((receiver) => new Tally(receiver, this.run));
  }

  start(): void {
    this.acknowledged.forEach((_, user) => this.loops.push(this.record(user)));
  }

  get total(): number {
    return this.acknowledged.reduce((sum, count) => sum + count, 0);
  }

  /** Stops recording; what is under way is acknowledged first. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.loops);
  }

  /** Waits until every acknowledged signal is at every receiver. */
  async arrived(deadlineMs: number): Promise<void> {
    await until(
      `${this.total} signals at each receiver`,
      () => this.tallies.every((tally) => tally.isComplete(this.acknowledged)),
      deadlineMs,
    ).catch((error: unknown) => {
      const missing = this.tallies.map((tally) => tally.missing(this.acknowledged).slice(0, 5));
      throw new Error(`lost: ${JSON.stringify(missing)}`, { cause: error });
    });
  }

  /**
   * What has to be true at every receiver: each signal is there, as one SET however often it came, and the SETs
   * about a user arrived for the first time in the order in which they were recorded. Answers how many came twice.
   */
  judge(): { readonly duplicates: number } {
    for (const tally of this.tallies) {
      tally.look();
      expect(tally.missing(this.acknowledged)).toEqual([]);
      expect(tally.differing).toEqual([]);
      expect(tally.outOfOrder).toEqual([]);
    }
    return { duplicates: this.tallies.reduce((sum, { duplicates }) => sum + duplicates, 0) };
  }

  private async record(user: number): Promise<void> {
    const { batch, paceMs } = this.options;
    while (!this.isStopping) {
      const first = this.acknowledged[user] ?? 0;
      const signals = Array.from({ length: batch }, (_, index) => {
        const id = `${this.run}:${user}:${first + index}`;
        return sessionRevoked(this.provider, { id, txn: id, subject: { user: { id: `user-${user}` } } });
      });
      await this.acknowledge(signals);
      this.acknowledged[user] = first + batch;
      await delay(paceMs);
    }
  }

  private async acknowledge(signals: readonly object[]): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      const ready = this.fleet.replicas.filter(({ isReady }) => isReady);
      const replica = ready[(tries + signals.length + this.total) % Math.max(ready.length, 1)];
      const status = await replica?.admin
        .call('/signals', { body: signals, signal: AbortSignal.timeout(REQUEST_DEADLINE_MS) })
        .then((answer) => answer.status)
        .catch(() => undefined); // killed, stuck or refusing: nobody knows what became of it
      if (status === 202) return;
      if (status !== undefined && status < 500) throw new Error(`recording was answered ${status}`);
      this.repeated += 1;
      await delay(RETRY_MS);
    }
  }
}

/** What one receiver got of a load. */
class Tally {
  duplicates = 0;
  /** signals that came as two SETs */
  readonly differing: string[] = [];
  readonly outOfOrder: string[] = [];
  private readonly jtis = new Map<string, string>();
  private readonly last = new Map<string, number>();
  private seen = 0;

  constructor(
    private readonly receiver: TestReceiver,
    private readonly run: string,
  ) {}

  isComplete(acknowledged: readonly number[]): boolean {
    this.look();
    const expected = acknowledged.reduce((sum, count) => sum + count, 0);
    return this.jtis.size >= expected && this.missing(acknowledged).length === 0;
  }

  missing(acknowledged: readonly number[]): string[] {
    return acknowledged.flatMap((count, user) =>
      Array.from({ length: count }, (_, index) => `${this.run}:${user}:${index}`).filter(
        (txn) => !this.jtis.has(txn),
      ),
    );
  }

  look(): void {
    if (this.receiver.refused.length > 0) throw new Error(`not to be believed: ${this.receiver.refused[0]}`);
    for (; this.seen < this.receiver.received.length; this.seen += 1) {
      const set = this.receiver.received[this.seen];
      if (set?.claims.txn?.startsWith(`${this.run}:`)) this.count(set.claims.txn, set);
    }
  }

  private count(txn: string, { claims: { jti } }: ReceivedSet): void {
    const known = this.jtis.get(txn);
    if (known !== undefined) {
      this.duplicates += 1;
      if (known !== jti) this.differing.push(txn);
      return;
    }
    this.jtis.set(txn, jti);
    const [, user = '', position = ''] = txn.split(':');
    const before = this.last.get(user) ?? -1;
    if (Number(position) !== before + 1) this.outOfOrder.push(`${txn} after ${before}`);
    this.last.set(user, Number(position));
  }
}
