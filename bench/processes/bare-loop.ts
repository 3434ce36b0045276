import { setTimeout as delay } from 'node:timers/promises';
import { claimsLike, PushClient, type PushClientOptions } from './push-client.js';
import { serve } from './serve.js';

/** Signs and POSTs and does nothing else: no database, no retries, no order. */
class BareLoop {
  private claims: string[] = [];
  private width = 0;

  constructor(private client: PushClient | undefined = undefined) {}

  async open(options: PushClientOptions): Promise<unknown> {
    this.width = options.connections;
    this.client = await PushClient.create(options);
    return this.client.publicKey;
  }

  prepare(example: string, count: number): void {
    this.claims = claimsLike(example, count);
  }

  /** As many loops as connections, each with one receiver. */
  async run(): Promise<void> {
    const { client } = this;
    if (!client) throw new Error('it was not opened');
    const claims = this.claims.values();
    await Promise.all(Array.from({ length: this.width }, (_, receiver) => loop(client, receiver, claims)));
  }

  /** Sends at this pace; answers how long each took, from before it was signed until it was answered. */
  async pace(perSecond: number): Promise<number[]> {
    const { client } = this;
    if (!client) throw new Error('it was not opened');
    const sent: Promise<number>[] = [];
    const startedAt = performance.now();
    for (const [index, claims] of this.claims.entries()) {
      const ahead = startedAt + (index * 1000) / perSecond - performance.now();
      if (ahead > 0) await delay(ahead);
      sent.push(timed(client, claims));
    }
    return Promise.all(sent);
  }
}

async function timed(client: PushClient, claims: string): Promise<number> {
  const startedAt = performance.now();
  await client.push(0, claims);
  return performance.now() - startedAt;
}

async function loop(client: PushClient, receiver: number, claims: Iterable<string>): Promise<void> {
  for (const each of claims) await client.push(receiver, each);
}

const bare = new BareLoop();

const commands = {
  open: (options: PushClientOptions) => bare.open(options),
  prepare: ({ example, count }: { example: string; count: number }) => bare.prepare(example, count),
  run: () => bare.run(),
  pace: (perSecond: number) => bare.pace(perSecond),
};

export type BareLoopCommands = typeof commands;

serve(commands);
