import type { Database } from './database.js';
import type { Resources } from './resources.js';
import type { Transmitter } from './transmitter.js';

/** One statement, whatever its parameters. */
export interface StatementCount {
  readonly statement: string;
  readonly calls: number;
}

/**
 * Counts the transmitter's statements where they arrive: the database's own pg_stat_statements, which counts
 * transactions' begins and ends too. Each is one round trip.
 */
export class StatementCounts {
  private constructor(readonly database: Database) {}

  /** Restarts the transmitter: the extension has to be loaded with the server. */
  static async enable(resources: Resources, transmitter: Transmitter): Promise<StatementCounts> {
    const before = await transmitter.database(resources);
    await before.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
    await transmitter.restart();
    const database = await transmitter.database(resources);
    await database.query('create extension if not exists pg_stat_statements');
    return new StatementCounts(database);
  }

  async reset(): Promise<void> {
    await this.database.query('select pg_stat_statements_reset()');
  }

  /** Since the last reset, the most frequent first; not those of the benchmark. */
  async read(): Promise<StatementCount[]> {
    const rows = await this.database.query<{ query: string; calls: string }>(
      `select query, sum(calls)::text as calls from pg_stat_statements
        where userid <> (select oid from pg_roles where rolname = current_user) and toplevel
        group by query order by sum(calls) desc`,
    );
    return rows.map(({ query, calls }) => ({ statement: shortened(query), calls: Number(calls) }));
  }
}

export function totalOf(counts: readonly StatementCount[]): number {
  return counts.reduce((total, { calls }) => total + calls, 0);
}

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > 110 ? `${line.slice(0, 110)} ...` : line;
}
