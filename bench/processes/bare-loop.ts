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
}

async function loop(client: PushClient, receiver: number, claims: Iterable<string>): Promise<void> {
  for (const each of claims) await client.push(receiver, each);
}

const bare = new BareLoop();

const commands = {
  open: (options: PushClientOptions) => bare.open(options),
  prepare: ({ example, count }: { example: string; count: number }) => bare.prepare(example, count),
  run: () => bare.run(),
};

export type BareLoopCommands = typeof commands;

serve(commands);
