import { onTestFinished } from 'vitest';
import type { Provider } from './api-types.js';
import { TestDatabase } from './database.js';
import { Fleet, type ReplicaOptions } from './fleet.js';
import { Load, type LoadOptions } from './load.js';
import { type Connection, connect, createProvider } from './scenario.js';
import type { Transmitter } from './transmitter.js';
import { until } from './until.js';

export interface BusyFleet {
  readonly fleet: Fleet;
  readonly database: TestDatabase;
  readonly provider: Provider;
  readonly connections: readonly Connection[];
  /** not started yet */
  readonly load: Load;
}

export interface BusyOptions {
  /** Default: a new one. */
  readonly database?: TestDatabase;
  /** what the servers connect with, when it is not the database itself */
  readonly databaseUrl?: string;
  /** Default: two. */
  readonly replicas?: readonly ReplicaOptions[];
  readonly streams: number;
  readonly load: LoadOptions;
}

/** Servers on one database, receivers, and a load to come. All of it ends with the test. */
export async function startBusyFleet(options: BusyOptions): Promise<BusyFleet> {
  const database = options.database ?? (await temporaryDatabase());
  const fleet = await Fleet.start(options.databaseUrl ?? database.url, options.replicas ?? [{}, {}]);
  onTestFinished(() => fleet.end());
  const transmitter = { admin: fleet.admin } as Transmitter;
  const provider = await createProvider(transmitter);
  const connections: Connection[] = [];
  for (let index = 0; index < options.streams; index += 1)
    connections.push(await connect(transmitter, { to: provider }));
  const receivers = connections.map(({ receiver }) => receiver);
  // with the first SET each receiver gets the keys, which it cannot get while servers are down
  const txn = 'the first';
  await fleet.admin.record({ ...connections[0]?.signal(), txn });
  await Promise.all(receivers.map((receiver) => receiver.next(({ claims }) => claims.txn === txn)));
  return { fleet, database, provider, connections, load: new Load(fleet, provider, receivers, options.load) };
}

async function temporaryDatabase(): Promise<TestDatabase> {
  const database = await TestDatabase.create();
  onTestFinished(() => database.drop());
  return database;
}

/** Nothing waits to be fanned out or sent, and of each SET it is written once that it was delivered. */
export async function everythingEnded(database: TestDatabase, deadlineMs = 10_000): Promise<void> {
  await until(
    'empty queues',
    async () => {
      const [row] = await database.query<{ left: number }>(
        `select ((select count(*) from ssf.signal_queue) + (select count(*) from ssf.delivery))::int as left`,
      );
      return row?.left === 0;
    },
    deadlineMs,
  );
  const unequal = await database.query(
    `select t.jti, count(a.jti)::int as ends
       from ssf.security_event_token t left join ssf.attempt a on a.jti = t.jti and a.outcome <> 'retry'
      group by t.jti having count(a.jti) <> 1 limit 10`,
  );
  if (unequal.length > 0) throw new Error(`SETs without one end: ${JSON.stringify(unequal)}`);
}
