import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { PeriodicTasks } from '../schedule/periodic-tasks.js';
import { SSF_DATA_SOURCE } from './data-source.token.js';

/** How many days of history tables stand ready. Days, not hours, so that a stopped scheduler is no outage. */
const DAYS_AHEAD = 7;
const HOUR_MS = 3_600_000;

/** The daily partitions of signals, SETs and attempts. */
@Injectable()
export class Partitions implements OnApplicationBootstrap {
  constructor(
    @Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    this.tasks.every(HOUR_MS, 'partitions', async () => {
      await this.ensure();
    });
  }

  /** Makes what is missing from yesterday to a week ahead; safe to call from any number of processes. */
  async ensure(): Promise<number> {
    const rows = await this.dataSource.query<{ made: number }[]>(
      `select ssf.ensure_partitions((now() at time zone 'UTC')::date - 1, (now() at time zone 'UTC')::date + $1::int) as made`,
      [DAYS_AHEAD],
    );
    return rows[0]?.made ?? 0;
  }
}
