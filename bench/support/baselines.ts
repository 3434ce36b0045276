import { compactVerify, importJWK, type JWK } from 'jose';
import pg from 'pg';
import type { BareLoopCommands } from '../processes/bare-loop.js';
import type { JobQueueCommands } from '../processes/graphile-worker.js';
import type { PushClientOptions } from '../processes/push-client.js';
import { rateOf } from './backlog.js';
import { Child } from './child.js';
import type { Resources } from './resources.js';
import type { Contender } from './rounds.js';
import type { Sink } from './sink.js';

const DEADLINE_MS = 300_000;
const VERIFIED = 20;

export interface Work {
  readonly sets: number;
  readonly exampleClaims: string;
  readonly sink: Sink;
}

/** A loop that signs and POSTs, without a database. */
export async function bareLoop(
  resources: Resources,
  name: string,
  options: PushClientOptions,
  { sets, exampleClaims, sink }: Work,
): Promise<Contender> {
  const child = Child.start<BareLoopCommands>(resources, 'bare-loop');
  const publicKey = (await child.call('open', options)) as JWK;
  return {
    name,
    prepare: () => child.call('prepare', { example: exampleClaims, count: sets }),
    run: async () => {
      await sink.reset();
      await child.call('run');
      return checkedRate(sink, sets, publicKey);
    },
  };
}

export type JobQueue = 'pg-boss' | 'graphile-worker';

/** The same job on a queue of jobs, in a database of its own beside the transmitter's. */
export async function jobQueue(
  resources: Resources,
  { name, queue }: { readonly name: string; readonly queue: JobQueue },
  options: PushClientOptions & {
    readonly connectionString: string;
    readonly checkpoint: () => Promise<void>;
  },
  { sets, exampleClaims, sink }: Work,
): Promise<Contender> {
  const { checkpoint, ...rest } = options;
  const child = Child.start<JobQueueCommands>(resources, queue);
  const publicKey = (await child.call('open', rest)) as JWK;
  return {
    name,
    prepare: async () => {
      await child.call('prepare', { example: exampleClaims, count: sets, receivers: options.ports.length });
      await vacuum(options.connectionString);
    },
    run: async () => {
      await checkpoint();
      await sink.reset();
      await child.call('run');
      await sink.wait(sets, DEADLINE_MS);
      const rate = await checkedRate(sink, sets, publicKey);
      await child.call('stop');
      return rate;
    },
  };
}

/** Until autovacuum has done it pg-boss takes up to four times as long. */
async function vacuum(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('vacuum (analyze)');
  } finally {
    await client.end();
  }
}

async function checkedRate(sink: Sink, sets: number, publicKey: JWK): Promise<number> {
  const summary = await sink.summary();
  if (summary.received - summary.duplicates !== sets)
    throw new Error(`${summary.received} requests, ${summary.duplicates} of them again, instead of ${sets}`);
  const key = await importJWK(publicKey);
  for (const token of await sink.sample(VERIFIED)) await compactVerify(token, key);
  return rateOf(sets, summary);
}
