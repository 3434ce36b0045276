import { describe, expect, it, onTestFinished } from 'vitest';
import { type BusyFleet, settle, startBusyFleet } from '../../support/busy-fleet.js';
import { TestDatabase } from '../../support/database.js';
import { noPgBouncer, PgBouncer } from '../../support/pg-bouncer.js';
import { until } from '../../support/until.js';

const LISTENERS = `pg_stat_activity where application_name = 'ssf doorbell' and datname = current_database()`;
const reason = noPgBouncer === undefined ? '' : ` (${noPgBouncer})`;

/** Two servers at once, on a database without the schema: they take turns in making it. */
async function start({ listensDirectly }: { listensDirectly: boolean }): Promise<BusyFleet> {
  const database = await TestDatabase.createEmpty();
  onTestFinished(() => database.drop());
  const pooler = await PgBouncer.start(database.connection);
  onTestFinished(() => pooler.stop());
  const settings: Record<string, string> = listensDirectly ? { SSF_LISTEN_DATABASE_URL: database.url } : {};
  const busy = await startBusyFleet({
    database,
    databaseUrl: pooler.url,
    replicas: [{ settings }, { settings }],
    streams: 2,
    load: { users: 8, batch: 3, paceMs: 20 },
  });
  busy.load.start();
  return busy;
}

async function countOf(database: TestDatabase, where: string): Promise<number> {
  const [row] = await database.query<{ count: number }>(`select count(*)::int as count from ${where}`);
  return row?.count ?? -1;
}

describe.skipIf(noPgBouncer)(`behind PgBouncer in transaction mode${reason}`, () => {
  it('with a direct connection to listen, doorbells ring, and the streams of a killed server are taken over', async () => {
    const busy = await start({ listensDirectly: true });
    const { fleet, database, load } = busy;
    await until('two who listen', async () => (await countOf(database, LISTENERS)) === 2);
    await until('leases that are known by those connections', async () => {
      const rows = await database.query(
        `select from ssf.stream_queue where lease_pid in (select pid from ${LISTENERS})`,
      );
      return rows.length > 0;
    });

    await until('some load', () => load.total > 300, 30_000);
    await fleet.replicas[0]?.kill();
    const before = load.total;
    await until('more load', () => load.total > before + 300, 30_000);

    // the leases of the dead would last for 30 seconds
    await settle(busy, 'behind a pooler, with a direct connection, one killed', 20_000);
    const lines = fleet.replicas.flatMap(({ logLines }) => logLines);
    expect(lines.filter(({ event }) => event === 'doorbell.deaf')).toEqual([]);
  });

  it('without one, each server says so once, and the sweep finds everything', async () => {
    const busy = await start({ listensDirectly: false });
    const { fleet, database, load } = busy;
    await until('some load', () => load.total > 600, 60_000);

    await settle(busy, 'behind a pooler, without a direct connection');
    for (const { logLines } of fleet.replicas) {
      expect(logLines.filter(({ event }) => event === 'doorbell.deaf')).toHaveLength(1);
      expect(logLines.filter(({ event }) => event === 'database.no_limits')).toHaveLength(1);
      expect(logLines.filter(({ level }) => level === 'error')).toEqual([]);
    }
    expect(await countOf(database, 'ssf.stream_queue where lease_pid is not null')).toBe(0);
  });

  it('nothing is left in the sessions that are shared, the lock of the migrations least of all', async () => {
    const busy = await start({ listensDirectly: true });
    const { fleet, database, load } = busy;
    expect(await countOf(database, `pg_locks where locktype = 'advisory'`)).toBe(0);
    await until('some load', () => load.total > 300, 30_000);
    await settle(busy, 'behind a pooler');
    for (const replica of fleet.replicas) await replica.stop();

    const shared = `pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'the test itself'`;
    expect(await countOf(database, shared)).toBeGreaterThan(0);
    expect(await countOf(database, `${shared} and state <> 'idle'`)).toBe(0);
    expect(await countOf(database, `pg_locks where locktype = 'advisory'`)).toBe(0);
  });
});
