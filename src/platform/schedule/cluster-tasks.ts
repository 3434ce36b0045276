import { Inject, Injectable, Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { SSF_DATA_SOURCE } from '../database/data-source.token.js';
import { PeriodicTasks } from './periodic-tasks.js';

/** How long a round that does not renew its claim keeps others out: it is that of a process that died. */
const HOLD_SECONDS = 60;
const RENEW_MS = 20_000;

/**
 * Whoever writes the row first has the round, unless the last one is still under way. A little less than the interval,
 * since timers are never quite equal.
 */
const CLAIM_SQL = `
insert into ssf.periodic_task as t (name, begun_at, held_by, held_until)
values ($1, now(), $3, now() + make_interval(secs => ${HOLD_SECONDS}))
on conflict (name) do update set begun_at = now(), held_by = excluded.held_by, held_until = excluded.held_until
  where t.begun_at <= now() - make_interval(secs => $2 * 0.9) and t.held_until < now()
returning name`;

const HOLD_SQL = `
update ssf.periodic_task set held_until = now() + make_interval(secs => $3) where name = $1 and held_by = $2`;

/**
 * Periodic tasks that one process does for all that share the database, whichever comes first. The claim is a row and
 * not an advisory lock, which belongs to a session and would not work behind a pooler of transactions. A process that
 * hangs for a minute may meet the next round, so what a task does must be harmless twice.
 */
@Injectable()
export class ClusterTasks {
  private readonly logger = new Logger(ClusterTasks.name);
  private readonly owner = randomUUID();

  constructor(
    private readonly tasks: PeriodicTasks,
    @Inject(SSF_DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /** `stopping` aborts at shutdown, which waits for the task. */
  every(milliseconds: number, name: string, task: (stopping: AbortSignal) => Promise<void>): void {
    this.tasks.every(milliseconds, name, async (stopping) => {
      const claim = [name, milliseconds / 1000, this.owner];
      if ((await this.dataSource.query<unknown[]>(CLAIM_SQL, claim)).length === 0) return;
      const renewal = setInterval(() => {
        this.hold(name, HOLD_SECONDS).catch((error: unknown) => this.complain(name, error));
      }, RENEW_MS);
      try {
        await task(stopping);
      } finally {
        clearInterval(renewal);
        await this.hold(name, 0).catch((error: unknown) => this.complain(name, error));
      }
    });
  }

  private async hold(name: string, seconds: number): Promise<void> {
    await this.dataSource.query(HOLD_SQL, [name, this.owner, seconds]);
  }

  /** It costs others a minute at most, or meets the next round. */
  private complain(name: string, error: unknown): void {
    this.logger.warn({ err: error, task: name }, 'the claim of a periodic task could not be written');
  }
}
