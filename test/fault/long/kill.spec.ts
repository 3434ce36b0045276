import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mostDuplicates, settle, startBusyFleet } from '../../support/busy-fleet.js';
import { SeededRandom } from '../../support/seeded-random.js';

const RUN_MS = 40_000;
const STREAMS = 5;

it('two servers are killed at random under load, again and again: nothing is lost, little is sent twice', async () => {
  const random = new SeededRandom();
  const busy = await startBusyFleet({
    streams: STREAMS,
    load: { users: 12, batch: 4, paceMs: 40 },
  });
  const { fleet, connections, load } = busy;
  for (const { receiver } of connections)
    receiver.behave(async () => {
      await delay(random.between(0, 20));
      return { status: 202 };
    });
  load.start();
  const starts: Promise<void>[] = [];
  let kills = 0;

  for (const end = performance.now() + RUN_MS; performance.now() < end;) {
    await delay(random.between(500, 3_000));
    const alive = fleet.replicas.filter(({ isReady }) => isReady);
    if (alive.length === 0) continue;
    const victim = random.oneOf(alive);
    await victim.kill();
    kills += 1;
    starts.push(victim.start());
  }
  await Promise.all(starts);

  const { duplicates } = await settle(busy, `${kills} kills (seed ${random.seed})`);
  expect(kills).toBeGreaterThan(5);
  expect(duplicates).toBeLessThanOrEqual(mostDuplicates(kills, STREAMS));
});
