import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { everythingEnded } from '../../support/busy-fleet.js';
import { TestDatabase } from '../../support/database.js';
import { compare, deliveryCommands, newModel, type Real } from '../../support/delivery-model.js';
import { Fleet } from '../../support/fleet.js';
import { type Connection, connect, createProvider } from '../../support/scenario.js';
import { SeededRandom } from '../../support/seeded-random.js';
import type { Transmitter } from '../../support/transmitter.js';

const STREAMS = 2;
const RUNS = 8;
const COMMANDS = 30;

it('whatever is done to streams, receivers and servers, each receiver gets what a plain model says', async () => {
  const { seed } = new SeededRandom();
  const database = await TestDatabase.create();
  onTestFinished(() => database.drop());
  const fleet = await Fleet.start(database.url, [{}, {}]);
  onTestFinished(() => fleet.end());
  let commands = 0;
  let crashes = 0;
  let duplicates = 0;

  await fc.assert(
    fc.asyncProperty(deliveryCommands(STREAMS, COMMANDS), async (sequence) => {
      const real = await setUp(fleet, database);
      const model = newModel(STREAMS);
      await fc.asyncModelRun(() => ({ model, real }), sequence);
      duplicates += await compare(model, real);
      await everythingEnded(database, 30_000);
      commands += [...sequence].length;
      crashes += real.crashes;
    }),
    { seed, numRuns: RUNS, endOnFailure: true },
  );

  console.log(`seed ${seed}: ${commands} commands, ${crashes} crashes, ${duplicates} SETs twice`);
  expect(commands).toBeGreaterThan(RUNS);
});

async function setUp(fleet: Fleet, database: TestDatabase): Promise<Real> {
  const transmitter = { admin: fleet.admin } as Transmitter;
  const provider = await createProvider(transmitter);
  const connections: Connection[] = [];
  for (let index = 0; index < STREAMS; index += 1)
    connections.push(await connect(transmitter, { to: provider }));
  await Promise.all(connections.map(({ receiver }) => receiver.learnKeys()));
  return {
    run: randomBytes(3).toString('hex'),
    fleet,
    database,
    connections,
    streamIds: connections.map(({ stream }) => stream.stream_id),
    crashes: 0,
  };
}
