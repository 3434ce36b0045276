import { expect, onTestFinished } from 'vitest';
import type { Provider } from './api-types.js';
import { TestDatabase } from './database.js';
import { Fleet, type ReplicaOptions } from './fleet.js';
import { Load, type LoadOptions } from './load.js';
import { type Connection, connect, createProvider, sessionRevoked } from './scenario.js';
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

/** What a server may need, with room for a machine that is slow to collect garbage. */
const MOST_MEMORY_MB = 400;

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
  await fleet.admin.record(sessionRevoked(provider, { txn }));
  await Promise.all(receivers.map((receiver) => receiver.next(({ claims }) => claims.txn === txn)));
  return { fleet, database, provider, connections, load: new Load(fleet, provider, receivers, options.load) };
}

async function temporaryDatabase(): Promise<TestDatabase> {
  const database = await TestDatabase.create();
  onTestFinished(() => database.drop());
  return database;
}

/**
 * Ends the load and waits until all of it has come through; then everything that the oracle knows has to be true.
 * Prints what happened, with `what` was done to the servers.
 */
export async function settle(
  busy: BusyFleet,
  what: string,
  deadlineMs = 100_000,
): Promise<{ duplicates: number }> {
  const { fleet, database, connections, load } = busy;
  await load.stop();
  try {
    await load.arrived(deadlineMs);
    await everythingEnded(database, deadlineMs);
  } catch (error) {
    console.log(`${what}:\n${await postMortem(busy)}`);
    throw error;
  }
  const { duplicates } = load.judge();
  console.log(
    `${what}: ${load.total} signals at ${connections.length} receivers, ${duplicates} SETs twice, ` +
      `${load.repeated} requests repeated, at most ${Math.round(fleet.peakMemoryMb)} MB`,
  );
  expect(fleet.peakMemoryMb).toBeLessThan(MOST_MEMORY_MB);
  return { duplicates };
}

/**
 * The most SETs that may come twice: for each server that was killed, or whose leases were taken over, what it had in
 * flight (eight a stream) and what was answered but not written down yet.
 */
export function mostDuplicates(faults: number, streams: number): number {
  return faults * (8 * streams + 200);
}

/** Nothing waits to be fanned out or sent, and each SET came to its end once. */
export async function everythingEnded(database: TestDatabase, deadlineMs: number): Promise<void> {
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
    `select t.jti, json_agg(json_build_array(a.attempt, a.at, a.method, a.outcome, a.err) order by a.at) as ends
       from ssf.security_event_token t left join ssf.attempt a on a.jti = t.jti and a.outcome <> 'retry'
      group by t.jti having count(a.jti) <> 1 limit 10`,
  );
  expect(unequal).toEqual([]);
}

/** For whoever has to find out why something did not arrive. */
async function postMortem({ fleet, database }: BusyFleet): Promise<string> {
  const queues = await database.query(
    `select stream_id, runnable, lease_owner, lease_pid, lease_until - now() as lease_left, not_before - now() as backs_off,
            failures, last_error, (select count(*) from ssf.delivery d where d.stream_id = q.stream_id) as pending,
            (select count(*) from ssf.signal_queue) as signals_left
       from ssf.stream_queue q`,
  );
  const tries = await database.query(
    `select outcome, err, http_status, count(*)::int, min(at), max(at), avg(duration_ms)::int as average_ms
       from ssf.attempt where at > now() - interval '1 minute' group by outcome, err, http_status`,
  );
  const sessions = await database.query(
    `select pid, state, wait_event_type, wait_event, now() - query_start as since, left(query, 80) as query
       from pg_stat_activity where state <> 'idle'`,
  );
  const lines = fleet.replicas.flatMap(({ url, logLines }) =>
    logLines.slice(-15).map((line) => `${url} ${JSON.stringify(line).slice(0, 500)}`),
  );
  return [...[...queues, ...tries, ...sessions].map((row) => JSON.stringify(row)), ...lines].join('\n');
}
