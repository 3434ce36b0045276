import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { ssfMigrations } from '../../../src/platform/database/migrations/ssf-migrations.js';
import { NotedMigrations } from '../../../src/platform/database/noted-migrations.js';
import { migrationOptions, runSsfMigrations } from '../../../src/platform/database/run-migrations.js';
import { SSF_ENTITIES } from '../../../src/ssf-entities.js';
import { TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await TestDatabase.create();
});

afterAll(() => database.drop());

beforeEach(() => {
  dataSource = new DataSource({
    ...migrationOptions({ type: 'postgres', url: database.url }),
    entities: [...SSF_ENTITIES],
  });
});

async function withSession<Result>(work: () => Promise<Result>): Promise<Result> {
  await dataSource.initialize();
  try {
    return await work();
  } finally {
    await dataSource.destroy();
  }
}

async function undoAll(): Promise<void> {
  for (let left = ssfMigrations.length; left > 0; left -= 1)
    await dataSource.undoLastMigration({ transaction: 'each' });
}

/** Every column, index and constraint of the schema, partitions aside: those are of their day. */
async function schema(): Promise<string[]> {
  const rows = await database.query<{ line: string }>(`
    with kept as (
      select c.oid, c.relname from pg_class c
       where c.relnamespace = to_regnamespace('ssf') and c.relkind in ('r', 'p') and not c.relispartition
         and c.relname <> 'migrations')
    select relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
           || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
           || case when attstattarget = 0 then ' without statistics' else '' end as line
      from kept join pg_attribute a on a.attrelid = kept.oid and attnum > 0 and not attisdropped
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    union all select pg_get_indexdef(indexrelid) from kept join pg_index on indrelid = kept.oid
    union all select relname || ' ' || conname || ' ' || pg_get_constraintdef(p.oid) from kept join pg_constraint p on conrelid = kept.oid
    order by 1`);
  return rows.map(({ line }) => line);
}

describe('the migrations', () => {
  it('go down to nothing and up again to the same schema', async () => {
    const before = await schema();

    await withSession(undoAll);
    const empty = await schema();
    await runSsfMigrations(dataSource);

    expect(empty).toEqual([]);
    expect(before.length).toBeGreaterThan(100);
    expect(await schema()).toEqual(before);
  });

  it('go down one by one, each to the schema before it', async () => {
    const schemas = await withSession(async () => {
      const down: string[][] = [];
      for (let left = ssfMigrations.length; left > 0; left -= 1) {
        down.unshift(await schema());
        await dataSource.undoLastMigration({ transaction: 'each' });
      }
      return down;
    });
    const up: string[][] = [];
    for (const migration of ssfMigrations) {
      const own = new DataSource({
        ...migrationOptions({ type: 'postgres', url: database.url }),
        migrations: [...ssfMigrations.slice(0, ssfMigrations.indexOf(migration) + 1)],
      });
      await own.initialize();
      await own.runMigrations({ transaction: 'each' });
      await own.destroy();
      up.push(await schema());
    }

    expect(up).toEqual(schemas);
  });

  it('may be run by many processes at once', async () => {
    await withSession(undoAll);

    const runs = await Promise.all([1, 2, 3].map(() => runSsfMigrations(dataSource)));

    expect(runs.flat()).toHaveLength(ssfMigrations.length);
  });

  it('are known to be missing, be they noted in a table of their own or in that of the host', async () => {
    const last = ssfMigrations.at(-1)?.name ?? '';
    const host = new DataSource({ type: 'postgres', url: database.url, migrationsTableName: 'Host notes' });
    await host.initialize();
    const seen: string[][] = [];
    const look = async (): Promise<void> => void seen.push(await new NotedMigrations(host).missing());
    try {
      await database.query('create table public."Host notes" (name text)');
      await look();
      await database.query('delete from ssf.migrations where name = $1', [last]);
      await look();
      await database.query('insert into public."Host notes" select name from ssf.migrations');
      await database.query('alter table ssf.migrations rename to away');
      await look();
      await database.query('drop table public."Host notes"');
      await look();
    } finally {
      await host.destroy();
    }
    await database.query('alter table ssf.away rename to migrations');
    await database.query('insert into ssf.migrations (timestamp, name) values ($1, $2)', [
      last.slice(-13),
      last,
    ]);

    // at last nobody can tell
    expect(seen).toEqual([[], [last], [last], []]);
  });

  it('make every column that an entity has, with its type', async () => {
    const columns = new Set(
      (await schema()).map((line) => line.split(/ not null| default| without statistics/)[0]),
    );

    const wanted = await withSession(() =>
      Promise.resolve(
        dataSource.entityMetadatas.flatMap(({ tableName, columns: own }) =>
          own.map((column) => `${tableName}.${column.databaseName} ${typeOf(column.type, column.isArray)}`),
        ),
      ),
    );

    expect(wanted.filter((column) => !columns.has(column))).toEqual([]);
  });
});

function typeOf(type: unknown, isArray: boolean): string {
  const names: Record<string, string> = {
    timestamptz: 'timestamp with time zone',
    int: 'integer',
    int4: 'integer',
  };
  const name = names[String(type)] ?? String(type);
  return isArray ? `${name}[]` : name;
}
