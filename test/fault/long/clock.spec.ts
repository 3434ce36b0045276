import { expect, it } from 'vitest';
import { mostDuplicates, settle, startBusyFleet } from '../../support/busy-fleet.js';
import { clockShiftedBy } from '../../support/shifted-clock.js';
import { until } from '../../support/until.js';

const HOUR_MS = 3_600_000;
const STREAMS = 3;

it('a server whose clock is an hour ahead and one whose clock is an hour behind take over from each other', async () => {
  const busy = await startBusyFleet({
    replicas: [{ nodeArguments: clockShiftedBy(HOUR_MS) }, { nodeArguments: clockShiftedBy(-HOUR_MS) }],
    streams: STREAMS,
    load: { users: 8, batch: 3, paceMs: 30 },
  });
  const { fleet, database, connections, load } = busy;
  const someLoad = async (): Promise<void> => {
    const before = load.total;
    await until('load', () => load.total >= before + 200, 60_000);
  };
  // a second failure in a row would make it wait for longer than there is time here
  const allWell = (): Promise<unknown> =>
    until(
      'streams that do not fail',
      async () => (await database.query('select from ssf.stream_queue where failures > 0')).length === 0,
      30_000,
    );
  const startedAt = Date.now();
  load.start();

  for (const replica of fleet.replicas) {
    await someLoad();
    await allWell();
    // asked to wait it backs off; one failure alone among successes would be no reason to
    connections[0]?.receiver.answerInTurn({ status: 503, headers: { 'retry-after': '1' } });
    await someLoad();
    await replica.kill();
    await someLoad();
    await replica.start();
  }
  // the leases of the dead would last for 30 seconds
  const { duplicates } = await settle(busy, 'clocks two hours apart, both killed', 20_000);

  expect(duplicates).toBeLessThanOrEqual(mostDuplicates(2, STREAMS));
  const backOffs = await database.query<{ seconds: number }>(
    `select extract(epoch from b.at - a.at)::float8 as seconds
       from ssf.attempt a join ssf.attempt b on b.jti = a.jti and b.attempt = a.attempt + 1
      where a.outcome = 'retry' and a.err = 'http_503'`,
  );
  expect(backOffs.length).toBeGreaterThanOrEqual(2);
  // some were under way when another failed and wait for the probe before them
  for (const { seconds } of backOffs) expect(seconds).toBeGreaterThan(4);
  for (const { seconds } of backOffs) expect(seconds).toBeLessThan(15);
  const [leases] = await database.query<{ most: number }>(
    'select max(lease_epoch)::int as most from ssf.stream_queue',
  );
  // nobody took a lease that had not ended
  expect(leases?.most).toBeLessThan(10);
  const issued = connections.flatMap(({ receiver }) =>
    receiver.received.map(({ claims }) => claims.iat * 1000),
  );
  expect(Math.min(...issued)).toBeGreaterThan(startedAt - 60_000);
  expect(Math.max(...issued)).toBeLessThan(Date.now() + 60_000);
});
