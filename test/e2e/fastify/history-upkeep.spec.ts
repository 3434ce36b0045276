import { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HISTORY_TABLES } from '../../../src/platform/database/history-tables.js';
import { migrationOptions, runSsfMigrations } from '../../../src/platform/database/run-migrations.js';
import { TestDatabase } from '../../support/database.js';

const MADE = `select ssf.ensure_partitions(current_date + 40, current_date + 40)`;
const JTI = `ssf.uuid_at(now())`;

let database: TestDatabase;
let dataSource: DataSource;

beforeEach(async () => {
  database = await TestDatabase.create();
  dataSource = new DataSource(migrationOptions({ type: 'postgres', url: database.url }));
});

afterEach(() => database.drop());

interface Upkeep {
  readonly table: string;
  readonly days: number;
  readonly options: string | null;
  /** columns of which nothing is gathered */
  readonly without: string;
  /** how much is gathered of the others; PostgreSQL's default is left out */
  readonly samples: string;
}

/** What autovacuum is told of each day. */
async function upkeep(): Promise<Upkeep[]> {
  return database.query(
    `select table_name as table, count(*)::int as days, options, without, samples
       from (select p.relname::text as table_name, array_to_string(c.reloptions, ',') as options,
                    (select coalesce(string_agg(attname, ' ' order by attname), '') from pg_attribute
                      where attrelid = c.oid and attnum > 0 and not attisdropped and attstattarget = 0) as without,
                    (select coalesce(string_agg(distinct attstattarget::text, ' '), '') from pg_attribute
                      where attrelid = c.oid and attnum > 0 and not attisdropped and attstattarget > 0) as samples
               from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relkind = 'r'
               join pg_class p on p.oid = i.inhparent
              where p.relnamespace = 'ssf'::regnamespace) d
      group by 1, 3, 4, 5 order by 1, 3`,
  );
}

/** Columns of the history that values are kept of in `pg_statistic`. */
async function gathered(): Promise<string[]> {
  const rows = await database.query<{ column: string }>(
    `select distinct regexp_replace(tablename, '_\\d{8}$', '') || '.' || attname as column
       from pg_stats where schemaname = 'ssf' order by 1`,
  );
  return rows.map(({ column }) => column);
}

/** The files that tables and indexes are in: a new one was written anew. */
async function files(): Promise<object[]> {
  return database.query(
    `select relname, pg_relation_filenode(oid) as file from pg_class
      where relnamespace = 'ssf'::regnamespace and relkind in ('r', 'i') order by 1`,
  );
}

describe('autovacuum', () => {
  it('leaves days alone that were only added to, old ones and new ones, and gathers nothing personal', async () => {
    const before = await upkeep();

    await database.query(MADE);

    const after = await upkeep();
    expect(before.map(({ table }) => table)).toEqual([...HISTORY_TABLES].sort());
    expect(after).toEqual(before.map((each) => ({ ...each, days: each.days + 1 })));
    expect(new Set(after.map(({ options }) => options))).toEqual(
      new Set(['autovacuum_vacuum_insert_threshold=-1']),
    );
    expect(after.map(({ samples }) => samples)).toEqual(['10', '10', '10', '10']);
    expect(Object.fromEntries(after.map(({ table, without }) => [table, without]))).toEqual({
      attempt: 'description',
      security_event_token: 'claims',
      signal: 'details reason_admin reason_user subject',
      signal_outcome: '',
    });
  });

  it('had gathered values before, which are gone then, and no table was written anew', async () => {
    await dataSource.initialize();
    await dataSource.undoLastMigration({ transaction: 'each' });
    await dataSource.destroy();
    await database.query(MADE);
    await database.query(
      `insert into ssf.attempt (jti, stream_id, attempt, method, outcome, description)
       select ${JTI}, ${JTI}, 1, 'push', 'rejected', 'who is ' || n from generate_series(1, 9) n`,
    );
    await database.query('analyze ssf.attempt');
    const before = { gathered: await gathered(), upkeep: await upkeep(), files: await files() };

    await runSsfMigrations(dataSource);

    expect(before.gathered).toContain('attempt.description');
    expect(before.upkeep.map(({ options, without, samples }) => [options, without, samples])).toEqual(
      HISTORY_TABLES.map(() => [null, '', '']),
    );
    expect(await gathered()).toEqual(before.gathered.filter((column) => column !== 'attempt.description'));
    expect((await upkeep()).map(({ options }) => options)).not.toContain(null);
    expect(await files()).toEqual(before.files);
  });
});
