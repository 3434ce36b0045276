import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { SSF_DATA_SOURCE } from '../database/data-source.token.js';
import { PeriodicTasks } from './periodic-tasks.js';

/** Whoever writes the row first has the round. A little less than the interval, since timers are never quite equal. */
const CLAIM_SQL = `
insert into ssf.periodic_task (name, begun_at) values ($1, now())
on conflict (name) do update set begun_at = now()
  where periodic_task.begun_at <= now() - make_interval(secs => $2 * 0.9)
returning name`;

/**
 * Periodic tasks that one process does for all that share the database, whichever comes first. No lock is held: a
 * process that dies in the middle leaves the rest to the next round, and a round that takes longer than the interval
 * may meet the next one, so a task must bear company.
 */
@Injectable()
export class ClusterTasks {
  constructor(
    private readonly tasks: PeriodicTasks,
    @Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /** `stopping` aborts at shutdown, which waits for the task. */
  every(milliseconds: number, name: string, task: (stopping: AbortSignal) => Promise<void>): void {
    this.tasks.every(milliseconds, name, async (stopping) => {
      const claimed = await this.dataSource.query<unknown[]>(CLAIM_SQL, [name, milliseconds / 1000]);
      if (claimed.length > 0) await task(stopping);
    });
  }
}
