import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedConnection } from '../../src/platform/database/embedded/embedded-postgres.js';
import type { Resources } from './resources.js';

/** A role of our own, so that our statements are told from the transmitter's. */
const ROLE = 'benchmark';
const POLL_MS = 20;

/** The transmitter's database, seen from outside. */
export class Database {
  private constructor(
    readonly connection: EmbeddedConnection,
    private readonly client: pg.Client,
  ) {}

  static async connect(resources: Resources, connection: EmbeddedConnection): Promise<Database> {
    await ensureRole(connection);
    const own = { ...connection, user: ROLE };
    const client = new pg.Client({ ...own, ssl: false });
    // the server ends before this connection does
    client.on('error', () => undefined);
    resources.add('a database connection', () => client.end());
    await client.connect();
    return new Database(own, client);
  }

  async query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(sql, parameters)).rows;
  }

  async value<Value>(sql: string, parameters: unknown[] = []): Promise<Value> {
    const [row] = await this.query<{ value: Value }>(`select (${sql}) as value`, parameters);
    if (!row) throw new Error('the database answered nothing');
    return row.value;
  }

  /** Waits until this SQL condition holds. */
  async until(condition: string, parameters: unknown[], deadlineMs: number): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    while (!(await this.value<boolean>(condition, parameters))) {
      if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${condition}`);
      await delay(POLL_MS);
    }
  }

  /** What was written before is not written during what is measured. */
  async checkpoint(): Promise<void> {
    await this.client.query('checkpoint');
  }

  /**
   * What autovacuum does sooner or later, in the midst of what is measured perhaps: until then the planner knows nothing of
   * what was inserted.
   */
  async vacuum(): Promise<void> {
    await this.client.query('vacuum (analyze)');
  }

  /** How far the write-ahead log has come, in bytes. */
  async walBytes(): Promise<number> {
    return Number(await this.value<string>(`pg_current_wal_insert_lsn() - '0/0'::pg_lsn`));
  }

  /** Keeps fan-out from a provider's signals until the returned function is called: it waits for this row. */
  async lockProvider(providerId: string): Promise<() => Promise<void>> {
    await this.client.query('begin');
    await this.client.query('select from ssf.provider where id = $1 for update', [providerId]);
    return async () => {
      await this.client.query('commit');
    };
  }

  /** An empty database on the same server; its URL. */
  async createDatabase(name: string): Promise<string> {
    await this.client.query(`create database ${name}`);
    const { host, port } = this.connection;
    return `postgres://${ROLE}@/${name}?host=${encodeURIComponent(host)}&port=${port}`;
  }
}

async function ensureRole(connection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...connection, ssl: false });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [ROLE]);
    if (rowCount === 0) await client.query(`create role ${ROLE} superuser login`);
  } finally {
    await client.end();
  }
}
