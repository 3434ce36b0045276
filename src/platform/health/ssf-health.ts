import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { NotedMigrations } from '../database/noted-migrations.js';
import { within } from '../within.js';

/** Shorter than what supervisors wait for an answer. */
const ANSWER_MS = 2_000;

export interface Health {
  /** `degraded`: it works, and somebody has to look; `unavailable`: it cannot do its work at the moment */
  readonly status: 'ok' | 'degraded' | 'unavailable';
  /** why it is not `ok`, for people; they name nobody */
  readonly reasons: readonly string[];
}

/** Answers what somebody has to look at; undefined: nothing. */
export type Look = () => Promise<string | undefined> | string | undefined;

/**
 * Whether this process can do its work, for load balancers and supervisors. It is asked often and by anybody: looks are
 * cheap, one after another, and never twice at a time.
 *
 * @example
 * const { status, reasons } = await app.get(SsfHealth, { strict: false }).check();
 */
@Injectable()
export class SsfHealth implements OnModuleDestroy {
  private readonly logger = new Logger('Health');
  private readonly looks: Look[] = [];
  private asked: Promise<Health> | undefined;
  private lastStatus: Health['status'] = 'ok';
  private isStopping = false;

  constructor(private readonly migrations: NotedMigrations) {}

  /** To be called by whoever knows what may go wrong, before anything is asked for. */
  watch(look: Look): void {
    this.looks.push(look);
  }

  /** Within two seconds; never rejects. */
  async check(): Promise<Health> {
    if (this.isStopping) return unavailable('shutting down');
    try {
      return this.noted(await within(ANSWER_MS, this.ask()));
    } catch (error) {
      return this.noted(unavailable('the database does not answer'), error);
    }
  }

  /** Before pushes and polls are let end, which may take a while. */
  onModuleDestroy(): void {
    this.isStopping = true;
  }

  /** One at a time: what a database that is stuck does not answer must not use up the connections. */
  private ask(): Promise<Health> {
    this.asked ??= this.look().finally(() => (this.asked = undefined));
    return this.asked;
  }

  private async look(): Promise<Health> {
    const missing = await this.migrations.missing();
    if (missing.length > 0) return unavailable(`the database lacks migrations: ${missing.join(', ')}`);
    const reasons: string[] = [];
    for (const look of this.looks) {
      const reason = await look();
      if (reason !== undefined) reasons.push(reason);
    }
    return { status: reasons.length > 0 ? 'degraded' : 'ok', reasons };
  }

  /** One line when it changes, however often somebody asks. */
  private noted(health: Health, err?: unknown): Health {
    const { status, reasons } = health;
    if (status === this.lastStatus) return health;
    this.lastStatus = status;
    const line = { event: 'health.changed', status, reasons, err };
    if (status === 'ok') this.logger.log(line);
    else this.logger.warn(line);
    return health;
  }
}

function unavailable(reason: string): Health {
  return { status: 'unavailable', reasons: [reason] };
}
