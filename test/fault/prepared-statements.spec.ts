import { DataSource } from 'typeorm';
import { expect, it, onTestFinished } from 'vitest';
import { sqlStateOf } from '../../src/platform/database/sql-state.js';
import { Statements } from '../../src/platform/database/statements.service.js';
import { TestDatabase } from '../support/database.js';

const SQL = 'select 10 / $1::int as quotient';

/** One connection, so that each statement meets what the one before has left there. */
async function oneConnection(): Promise<{ dataSource: DataSource; prepared: () => Promise<number> }> {
  const database = await TestDatabase.create();
  onTestFinished(() => database.drop());
  const { host, port, user, database: name } = database.connection;
  const dataSource = new DataSource({
    type: 'postgres',
    host,
    port,
    username: user,
    database: name,
    poolSize: 1,
  });
  await dataSource.initialize();
  onTestFinished(() => dataSource.destroy());
  const prepared = async () =>
    (await dataSource.query<unknown[]>('select from pg_prepared_statements')).length;
  return { dataSource, prepared };
}

it('a connection prepares a statement for few rows once, and none for many', async () => {
  const { dataSource, prepared } = await oneConnection();
  const statements = new Statements(dataSource);
  expect(await statements.run(SQL, [2], 11)).toEqual([{ quotient: 5 }]);
  expect(await prepared()).toBe(0);
  for (const divisor of [1, 2, 5])
    expect(await statements.run(SQL, [divisor], 10)).toEqual([{ quotient: 10 / divisor }]);
  expect(await prepared()).toBe(1);
});

it('an error tells its SQLSTATE, and the connection goes back to the pool', async () => {
  const { dataSource } = await oneConnection();
  const statements = new Statements(dataSource);
  for (let round = 0; round < 2; round += 1) {
    const error: unknown = await statements.run(SQL, [0], 1).catch((thrown: unknown) => thrown);
    expect(sqlStateOf(error)).toBe('22012');
  }
  expect(await statements.run(SQL, [5], 1)).toEqual([{ quotient: 2 }]);
});

it.each([
  ['is not there', 'deallocate all'],
  ['is there already', `prepare %name (int) as ${SQL}`],
])('a pooler that loses track of what is prepared costs no answer: it %s', async (_, sabotage) => {
  const { dataSource, prepared } = await oneConnection();
  await new Statements(dataSource).run(SQL, [1], 1);
  const [known] = await dataSource.query<{ name: string }[]>('select name from pg_prepared_statements');
  const isFresh = sabotage.startsWith('prepare');
  // what node-postgres prepared on this connection, it would not prepare again
  const statements = new Statements(isFresh ? await reconnected(dataSource) : dataSource);
  await dataSource.query(sabotage.replace('%name', known?.name ?? ''));
  expect(await statements.run(SQL, [2], 1)).toEqual([{ quotient: 5 }]);
  await dataSource.query('deallocate all');
  expect(await statements.run(SQL, [5], 1)).toEqual([{ quotient: 2 }]);
  expect(await prepared()).toBe(0);
});

async function reconnected(dataSource: DataSource): Promise<DataSource> {
  await dataSource.destroy();
  return dataSource.initialize();
}
