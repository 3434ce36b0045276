import PgBoss from 'pg-boss';
import type { JobQueueCommands } from './graphile-worker.js';
import { claimsLike, PushClient, type PushClientOptions } from './push-client.js';
import { serve } from './serve.js';

const QUEUE = 'push';
const JOBS_PER_CALL = 1000;
const WORKERS = 4;
const BATCH = 1000;

interface Job {
  readonly receiver: number;
  readonly claims: string;
}

/** The same job on pg-boss, in large batches, and without the pause that its workers make between two. */
class Boss {
  private client: PushClient | undefined;
  private boss: PgBoss | undefined;
  private done = 0;

  async open({
    connectionString,
    ...options
  }: PushClientOptions & { connectionString: string }): Promise<unknown> {
    this.client = await PushClient.create(options);
    this.boss = new PgBoss({ connectionString, supervise: false, schedule: false, max: 10 });
    this.boss.on('error', (error) => process.stderr.write(`pg-boss: ${String(error)}\n`));
    await this.boss.start();
    await this.boss.createQueue(QUEUE);
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
    const jobs = claimsLike(example, count).map((claims, index) => ({
      name: QUEUE,
      data: { receiver: index % receivers, claims } satisfies Job,
      retryLimit: 0,
    }));
    // as its archiving does with what is done
    await this.boss?.clearStorage();
    for (let start = 0; start < count; start += JOBS_PER_CALL)
      await this.boss?.insert(jobs.slice(start, start + JOBS_PER_CALL));
    this.done = 0;
  }

  async run(): Promise<void> {
    for (let index = 0; index < WORKERS; index += 1) await this.work();
  }

  async stop(): Promise<number> {
    await this.boss?.offWork(QUEUE);
    return this.done;
  }

  private async work(): Promise<void> {
    const { boss, client } = this;
    if (!boss || !client) throw new Error('it was not opened');
    let id = '';
    id = await boss.work<Job>(
      QUEUE,
      { batchSize: BATCH, pollingIntervalSeconds: 0.5, priority: false },
      async (jobs) => {
        await Promise.all(jobs.map(({ data }) => client.push(data.receiver, data.claims)));
        this.done += jobs.length;
        // the next batch at once
        boss.notifyWorker(id);
      },
    );
  }
}

const boss = new Boss();

const commands: JobQueueCommands = {
  open: (options) => boss.open(options),
  prepare: (work) => boss.prepare(work),
  run: () => boss.run(),
  stop: () => boss.stop(),
};

serve(commands);
