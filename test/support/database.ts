import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { EmbeddedConnection } from '../../src/platform/database/embedded/embedded-postgres.js';

/** A database of the test's own, cloned from the migrated one. */
export class TestDatabase {
  private readonly pool: pg.Pool;

  private constructor(readonly connection: EmbeddedConnection) {
    this.pool = new pg.Pool({ ...connection, ssl: false, max: 2, application_name: 'the test itself' });
    // a fault test ends connections; the next query gets a new one
    this.pool.on('error', () => undefined);
  }

  static async create(): Promise<TestDatabase> {
    const template = inject('database');
    return TestDatabase.createOn(template, `template ${template.database}`);
  }

  /** Without the schema. */
  static createEmpty(server: EmbeddedConnection = inject('database')): Promise<TestDatabase> {
    return TestDatabase.createOn(server);
  }

  private static async createOn(server: EmbeddedConnection, how = ''): Promise<TestDatabase> {
    const name = `test_${randomBytes(6).toString('hex')}`;
    await asAdministrator(server, `create database ${name} ${how}`);
    return new TestDatabase({ ...server, database: name });
  }

  /** As the setting `DATABASE_URL` takes it: node-postgres understands a socket folder as the host parameter. */
  get url(): string {
    const { host, port, user, database } = this.connection;
    return `postgres://${user}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
  }

  async query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters: unknown[] = [],
  ): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, parameters)).rows;
  }

  /** The columns of the product's tables in which these bytes stand. */
  async placesOf(secret: string): Promise<string[]> {
    const columns = await this.query<{ table: string; column: string; type: string }>(
      `select c.table_name as table, c.column_name as column, c.data_type as type
         from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'ssf' and t.table_type = 'BASE TABLE'`,
    );
    if (columns.length < 50) throw new Error('the tables were not found');
    const places: string[] = [];
    for (const { table, column, type } of columns) {
      const bytes = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
      const rows = await this.query(
        `select from ssf."${table}" where position($1::bytea in ${bytes}) > 0 limit 1`,
        [Buffer.from(secret)],
      );
      if (rows.length > 0) places.push(`${table}.${column}`);
    }
    return places;
  }

  /** Keeps everybody else from a table, or only from writing to it, until the returned function is called. */
  lock(
    table: string,
    mode: 'access exclusive' | 'share row exclusive' = 'access exclusive',
  ): Promise<() => Promise<void>> {
    return this.hold(`lock table ${table} in ${mode} mode`);
  }

  /** Keeps a transaction with this statement open until the returned function rolls it back. */
  hold(sql: string, parameters: unknown[] = []): Promise<() => Promise<void>> {
    return this.open([{ sql, parameters }], 'rollback');
  }

  /** A transaction of these statements that commits when the returned function is called. */
  begin(...statements: string[]): Promise<() => Promise<void>> {
    return this.open(
      statements.map((sql) => ({ sql, parameters: [] })),
      'commit',
    );
  }

  private async open(
    statements: readonly { sql: string; parameters: unknown[] }[],
    end: 'commit' | 'rollback',
  ): Promise<() => Promise<void>> {
    const client = await this.pool.connect();
    await client.query('begin');
    for (const { sql, parameters } of statements) await client.query(sql, parameters);
    return async () => {
      await client.query(end);
      client.release();
    };
  }

  /** Whether somebody waits for a lock. */
  async hasWaiting(): Promise<boolean> {
    const rows = await this.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  }

  async drop(): Promise<void> {
    await this.pool.end();
    await asAdministrator(this.connection, `drop database ${this.connection.database} with (force)`);
  }
}

async function asAdministrator(connection: EmbeddedConnection, sql: string): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres', ssl: false });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
