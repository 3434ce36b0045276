import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type BusyFleet, mostDuplicates, settle, startBusyFleet } from '../../support/busy-fleet.js';
import { TestDatabase } from '../../support/database.js';
import { DatabaseCluster } from '../../support/database-cluster.js';
import { SeededRandom } from '../../support/seeded-random.js';
import { until } from '../../support/until.js';

const STREAMS = 4;
const LOAD = { users: 10, batch: 4, paceMs: 30 };

/** On a PostgreSQL of its own, which the test may break. */
async function start(): Promise<BusyFleet & { readonly cluster: DatabaseCluster }> {
  const cluster = await DatabaseCluster.start();
  onTestFinished(() => cluster.stop());
  const database = await TestDatabase.createEmpty(cluster.connection);
  onTestFinished(() => database.drop());
  const busy = await startBusyFleet({ database, streams: STREAMS, load: LOAD });
  busy.load.start();
  return { ...busy, cluster };
}

/** Nobody gave up: these are still the processes of the start. */
async function finish(busy: BusyFleet, what: string): Promise<{ duplicates: number }> {
  const verdict = await settle(busy, what);
  for (const replica of busy.fleet.replicas) expect(await replica.readiness()).toBe(200);
  return verdict;
}

it('PostgreSQL crashes and comes back, three times under load', async () => {
  const busy = await start();
  const { cluster, load } = busy;

  for (let restarts = 1; restarts <= 3; restarts += 1) {
    const before = load.total;
    await until('load', () => load.total > before + 200, 30_000);
    await cluster.restart();
  }
  const before = load.total;
  await until('load', () => load.total > before + 200, 30_000);

  const { duplicates } = await finish(busy, 'three restarts');
  // each server has sessions that it does not know to have lost
  expect(duplicates).toBeLessThanOrEqual(mostDuplicates(3 * 2, STREAMS));
});

it('PostgreSQL stands still for ten seconds: readiness says so, and nothing is sent twice', async () => {
  const busy = await start();
  const { cluster, fleet, load } = busy;
  await until('load', () => load.total > 300, 30_000);

  cluster.freeze();
  onTestFinished(() => cluster.thaw());
  const frozenAt = performance.now();
  await until('not ready', async () => (await fleet.replicas[0]?.readiness()) === 503);
  expect(performance.now() - frozenAt).toBeLessThan(5_000);
  await delay(10_000 - (performance.now() - frozenAt));
  const before = load.total;
  cluster.thaw();
  await until('load', () => load.total > before + 200, 30_000);

  const { duplicates } = await finish(busy, 'ten seconds without an answer');
  // leases last longer than that
  expect(duplicates).toBe(0);
});

it('sessions end at random, those that listen too', async () => {
  const random = new SeededRandom();
  const busy = await start();
  const { database } = busy;
  let ended = 0;
  let listenersEnded = 0;

  for (const end = performance.now() + 20_000; performance.now() < end;) {
    await delay(random.between(50, 500));
    const victims = await database.query<{ name: string }>(
      `select application_name as name, pg_terminate_backend(pid)
         from (select pid, application_name from pg_stat_activity
                where datname = current_database() and application_name like 'ssf%'
                order by md5(pid::text || $1) limit 2) chosen`,
      [String(random.next())],
    );
    ended += victims.length;
    listenersEnded += victims.filter(({ name }) => name === 'ssf doorbell').length;
  }

  const { duplicates } = await finish(
    busy,
    `seed ${random.seed}: ${ended} sessions, ${listenersEnded} that listen`,
  );
  expect(listenersEnded).toBeGreaterThan(0);
  // a stream changes hands when the database no longer knows its owner's connection
  expect(duplicates).toBeLessThanOrEqual(mostDuplicates(listenersEnded, STREAMS));
  await until(
    'two who listen',
    async () => {
      const rows = await database.query(
        `select from pg_stat_activity where datname = current_database() and application_name = 'ssf doorbell'`,
      );
      return rows.length === 2;
    },
    30_000,
  );
});
