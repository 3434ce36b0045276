import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { settle, startBusyFleet } from '../../support/busy-fleet.js';
import { until } from '../../support/until.js';

const ROUNDS = 2;

it('servers are restarted by SIGTERM under load, one after the other: nothing is lost, and nothing is sent twice', async () => {
  const busy = await startBusyFleet({ streams: 4, load: { users: 10, batch: 4, paceMs: 30 } });
  const { fleet, database, connections, load } = busy;
  for (const { receiver } of connections)
    receiver.behave(async () => {
      await delay(15);
      return { status: 202 };
    });
  load.start();

  for (let round = 0; round < ROUNDS; round += 1)
    for (const replica of fleet.replicas) {
      const before = load.total;
      await until('load', () => load.total >= before + 150, 60_000);
      const endedAt = performance.now();
      expect(await replica.stop()).toEqual({ code: 0, signal: null });
      // what is in flight takes 15 ms, so there is nothing to wait for
      expect(performance.now() - endedAt).toBeLessThan(10_000);
      await replica.start();
    }
  const { duplicates } = await settle(busy, `${ROUNDS * 2} restarts by SIGTERM`);

  expect(duplicates).toBe(0);
  const leases = await database.query(
    'select from ssf.stream_queue where lease_owner is not null and lease_pid is null',
  );
  expect(leases).toEqual([]);
});
