import { Logger, makeWorkerUtils, run, type Runner, runMigrations } from 'graphile-worker';
import { claimsLike, PushClient, type PushClientOptions } from './push-client.js';
import { serve } from './serve.js';

const TASK = 'push';
const JOBS_PER_CALL = 1000;
/** Errors only. (It warns that it has fewer database connections than jobs, which batches make up for.) */
const QUIET = new Logger(() => (level, message) => {
  if (String(level) === 'error') process.stderr.write(`graphile-worker: ${message}\n`);
});

interface Job {
  readonly receiver: number;
  readonly claims: string;
}

/** The same job on graphile-worker, in batches as its manual's chapter on performance recommends. */
class GraphileWorker {
  private client: PushClient | undefined;
  private connectionString = '';
  private width = 0;
  private done = 0;
  private runner: Runner | undefined;

  async open({
    connectionString,
    ...options
  }: PushClientOptions & { connectionString: string }): Promise<unknown> {
    this.connectionString = connectionString;
    this.width = options.connections;
    this.client = await PushClient.create(options);
    await runMigrations({ connectionString, logger: QUIET });
    return this.client.publicKey;
  }

  async prepare({
    example,
    count,
    receivers,
  }: {
    example: string;
    count: number;
    receivers: number;
  }): Promise<void> {
    const utils = await makeWorkerUtils({ connectionString: this.connectionString, logger: QUIET });
    const jobs = claimsLike(example, count).map((claims, index) => ({
      identifier: TASK,
      payload: { receiver: index % receivers, claims } satisfies Job,
      maxAttempts: 1,
    }));
    for (let start = 0; start < count; start += JOBS_PER_CALL)
      await utils.addJobs(jobs.slice(start, start + JOBS_PER_CALL));
    await utils.release();
    this.done = 0;
  }

  /** Resolves when it has begun. */
  async run(): Promise<void> {
    const { client } = this;
    if (!client) throw new Error('it was not opened');
    this.runner = await run({
      logger: QUIET,
      noHandleSignals: true,
      taskList: {
        [TASK]: async (payload) => {
          const { receiver, claims } = payload as Job;
          await client.push(receiver, claims);
          this.done += 1;
        },
      },
      preset: {
        worker: {
          connectionString: this.connectionString,
          concurrentJobs: this.width,
          maxPoolSize: 12,
          localQueue: { size: 500 },
          completeJobBatchDelay: 5,
          failJobBatchDelay: 5,
        },
      },
    });
  }

  /** Ends the workers; answers how many jobs were done. */
  async stop(): Promise<number> {
    await this.runner?.stop();
    return this.done;
  }
}

const worker = new GraphileWorker();

const commands = {
  open: (options: PushClientOptions & { connectionString: string }) => worker.open(options),
  prepare: (work: { example: string; count: number; receivers: number }) => worker.prepare(work),
  run: () => worker.run(),
  stop: () => worker.stop(),
};

export type JobQueueCommands = typeof commands;

serve(commands);
