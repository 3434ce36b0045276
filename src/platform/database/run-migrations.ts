import { DataSource, type DataSourceOptions } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { ssfMigrations } from './migrations/ssf-migrations.js';

/** Any constant: concurrent starts on one database take turns. */
const MIGRATION_LOCK = 7_713_001;

/**
 * Brings the `ssf` schema up to date, in its own short connection and its own table of migrations
 * (`ssf.migrations`), so that it neither sees nor disturbs the host's. Any number of processes may call it at
 * once. Returns the names of the migrations that it ran.
 */
export async function runSsfMigrations(dataSource: DataSource | DataSourceOptions): Promise<string[]> {
  const options = dataSource instanceof DataSource ? dataSource.options : dataSource;
  const own = new DataSource(migrationOptions(options));
  await own.initialize();
  try {
    const runner = own.createQueryRunner();
    try {
      await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const [schema] = await own.query<{ is_there: boolean }[]>(
        `select to_regnamespace('ssf') is not null as is_there`,
      );
      // asked first: the right to create schemas is only needed for the first start
      if (!schema?.is_there) await runner.query('create schema ssf');
      const done = await own.runMigrations({ transaction: 'each' });
      return done.map(({ name }) => name);
    } finally {
      // the session ends with its lock, even when the unlock itself cannot be sent
      await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
      await runner.release();
    }
  } finally {
    await own.destroy();
  }
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
  } as PostgresDataSourceOptions;
}
