import { DataSource, type DataSourceOptions } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { ssfMigrations } from './migrations/ssf-migrations.js';

/** Any constant: concurrent starts on one database take turns. */
const MIGRATION_LOCK = 7_713_001;

/**
 * Brings the `ssf` schema up to date, in its own short connections and its own table of migrations
 * (`ssf.migrations`), so that it neither sees nor disturbs the host's. Any number of processes may call it at
 * once. Returns the names of the migrations that it ran.
 */
export async function runSsfMigrations(dataSource: DataSource | DataSourceOptions): Promise<string[]> {
  const options = dataSource instanceof DataSource ? dataSource.options : dataSource;
  const own = new DataSource(migrationOptions(options));
  await own.initialize();
  try {
    return await takingTurns(own, async () => {
      // asked first: the right to create schemas is only needed for the first start
      if (!(await hasSchema(own))) await own.query('create schema ssf');
      const done = await own.runMigrations({ transaction: 'each' });
      return done.map(({ name }) => name);
    });
  } finally {
    await own.destroy();
  }
}

/**
 * Holds the lock by a transaction beside the work: a pooler may give the next statement of a session, but not of a
 * transaction, to another connection, and a lock of the session would then stay there. The transaction only waits;
 * READ COMMITTED, so that it keeps no snapshot that the work might have to wait for.
 */
async function takingTurns<Result>(own: DataSource, work: () => Promise<Result>): Promise<Result> {
  const runner = own.createQueryRunner();
  try {
    await runner.startTransaction('READ COMMITTED');
    await runner.query(`set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`);
    await runner.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const result = await work();
    await runner.rollbackTransaction();
    return result;
  } finally {
    // should the transaction still be open, it ends with the connection
    await runner.release();
  }
}

async function hasSchema(own: DataSource): Promise<boolean> {
  const [schema] = await own.query<{ is_there: boolean }[]>(
    `select to_regnamespace('ssf') is not null as is_there`,
  );
  return schema?.is_there ?? false;
}

/** The same connection as the host's, without its entities, subscribers and migrations. */
export function migrationOptions(options: DataSourceOptions): PostgresDataSourceOptions {
  if (options.type !== 'postgres')
    throw new TypeError('the ssf schema needs a data source of type "postgres"');
  return {
    ...options,
    name: undefined,
    entities: [],
    subscribers: [],
    migrations: ssfMigrations,
    migrationsRun: false,
    synchronize: false,
    dropSchema: false,
    // named explicitly: with a database user called "ssf", the search path would hide the table from the look-up
    schema: 'ssf',
    migrationsTableName: 'migrations',
    // one for the lock, one for the work, however few the host allows itself
    extra: { ...(options.extra as object | undefined), max: 2 },
  } as PostgresDataSourceOptions;
}
