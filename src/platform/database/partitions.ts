import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { SsfHealth } from '../health/ssf-health.js';
import { PeriodicTasks } from '../schedule/periodic-tasks.js';
import { SSF_DATA_SOURCE } from './data-source.token.js';
import { HISTORY_TABLES } from './history-tables.js';

/** How many days of history tables stand ready. Days, not hours, so that a stopped scheduler is no outage. */
const DAYS_AHEAD = 7;
const HOUR_MS = 3_600_000;
/** With fewer days ahead somebody has to look. */
const FEW_DAYS_AHEAD = 3;

/** Which of the next $1 days have all their partitions ($2), in order; by name, without a lock. */
const READY_DAYS_SQL = `
select bool_and(to_regclass('ssf.' || t || '_' || to_char((now() at time zone 'UTC')::date + n, 'YYYYMMDD')) is not null)
         as is_ready
  from generate_series(1, $1::int) as n, unnest($2::text[]) as t group by n order by n`;

/** The daily partitions of signals, SETs and attempts. */
@Injectable()
export class Partitions implements OnApplicationBootstrap {
  private readonly logger = new Logger(Partitions.name);

  constructor(
    @Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly tasks: PeriodicTasks,
    private readonly health: SsfHealth,
  ) {}

  onApplicationBootstrap(): void {
    this.health.watch(async () => {
      const daysAhead = await this.daysAhead();
      return daysAhead < FEW_DAYS_AHEAD
        ? `the history has partitions for ${daysAhead} more days only, then nothing can be recorded`
        : undefined;
    });
    this.tasks.every(HOUR_MS, 'partitions', async () => {
      try {
        await this.ensure();
      } finally {
        await this.report();
      }
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

  /** For how many days after today everything is ready. */
  async daysAhead(): Promise<number> {
    const days = await this.dataSource.query<{ is_ready: boolean }[]>(READY_DAYS_SQL, [
      DAYS_AHEAD,
      [...HISTORY_TABLES],
    ]);
    const missing = days.findIndex((day) => !day.is_ready);
    return missing < 0 ? days.length : missing;
  }

  private async report(): Promise<void> {
    const daysAhead = await this.daysAhead();
    if (daysAhead < FEW_DAYS_AHEAD) this.logger.error({ event: 'history.unprepared', daysAhead });
  }
}
