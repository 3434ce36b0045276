import { exampleSignal } from '../support/backlog.js';
import type { Figure, FigureContext, Measurement } from '../figure.js';
import type { BareLoopCommands } from '../processes/bare-loop.js';
import type { SignalClientCommands } from '../processes/signal-client.js';
import { type Bed, makeBed } from '../support/bed.js';
import { Child } from '../support/child.js';
import { startMeter, type Used } from '../support/meter.js';
import { median, quantile, readable, spread } from '../support/statistics.js';

const PER_SECOND = 200;
const ALGORITHM = 'RS256';
const ARRIVAL_DEADLINE_MS = 30_000;
const LIMITS = { p50: { below: 15 }, p99: { below: 60 } } as const;

/** Signals one by one at a steady pace, and when their SETs arrive. */
export const latencyFigure: Figure = {
  name: 'latency',
  about: `from the POST of a signal to the arrival of its SET, at ${PER_SECOND} signals a second`,
  needsLinux: true,
  run: async (context) => {
    const { resources, size, rounds, log } = context;
    const bed = await makeBed(context, { receivers: 1, count: 1, provider: { signingAlgorithm: ALGORITHM } });
    const client = Child.start<SignalClientCommands>(resources, 'signal-client');
    await client.call('open', {
      baseUrl: bed.transmitter.baseUrl,
      token: bed.transmitter.adminToken,
      connections: 32,
    });
    const bare = await openBare(context, bed);

    const roundCount = rounds({ quick: 1, full: 5 });
    const count = PER_SECOND * size({ quick: 4, full: 20 });
    const ours: number[][] = [];
    const theirs: number[][] = [];
    const costs: Used[] = [];
    for (let round = 0; round <= roundCount; round += 1) {
      const roundTrips = await bare(round === 0 ? PER_SECOND : count);
      const used = await startMeter(bed.transmitter);
      const latencies = await arrivals(bed, client, round === 0 ? PER_SECOND : count, round);
      log(
        `${round === 0 ? 'warm-up' : `round ${round}`}: ${summary(latencies)}; bare: ${summary(roundTrips)}`,
      );
      if (round === 0) continue;
      ours.push(latencies);
      costs.push(await used());
      theirs.push(roundTrips);
    }
    return [
      ...(['p50', 'p99'] as const).flatMap((name) => measurements(name, ours, theirs)),
      {
        what: 'CPU time of the transmitter per signal and SET at this pace',
        value: median(costs.map((cost) => (cost.transmitter * 1000) / count)),
        unit: 'ms',
        details: `PostgreSQL ${spread(
          costs.map((cost) => (cost.postgres * 1000) / count),
          ' ms',
        )}`,
      },
    ];
  },
};

function measurements(name: 'p50' | 'p99', ours: number[][], theirs: number[][]): Measurement[] {
  const of = (rounds: number[][]): number =>
    median(rounds.map((values) => quantile(values, name === 'p50' ? 0.5 : 0.99)));
  return [
    {
      what: `signal POST to arrival, ${name}, ${PER_SECOND} signals/s, ${ALGORITHM}`,
      value: of(ours),
      unit: 'ms',
      limit: LIMITS[name],
    },
    {
      what: `the same against a bare sign and POST at the same pace, ${name}`,
      value: of(ours) / of(theirs),
      unit: 'ratio',
      details: `bare ${readable(of(theirs))} ms`,
    },
  ];
}

async function openBare(
  { resources }: FigureContext,
  { sink, backlog, streams, database }: Bed,
): Promise<(count: number) => Promise<number[]>> {
  await backlog.fill(1);
  const example = await backlog.exampleClaims();
  await backlog.release(streams.ids);
  await database.until('select not exists (select from ssf.delivery)', [], ARRIVAL_DEADLINE_MS);
  const bare = Child.start<BareLoopCommands>(resources, 'bare-loop');
  await bare.call('open', { algorithm: ALGORITHM, signer: 'native', ports: sink.ports, connections: 8 });
  return async (count) => {
    await bare.call('prepare', { example, count });
    await sink.reset();
    return bare.call('pace', PER_SECOND);
  };
}

/** For each signal how long it took; told apart by their `txn`, which the SET carries. */
async function arrivals(
  { sink, streams }: Bed,
  client: Child<SignalClientCommands>,
  count: number,
  round: number,
): Promise<number[]> {
  const txns = Array.from({ length: count }, (_, index) => `latency-${round}-${index}`);
  await sink.reset();
  const sentAt = await client.call('pace', {
    bodies: txns.map((txn, index) => JSON.stringify({ ...exampleSignal(streams.provider, index), txn })),
    perSecond: PER_SECOND,
  });
  await sink.wait(count, ARRIVAL_DEADLINE_MS);
  const arrivedAt = new Map((await sink.arrivals()).map(({ txn, at }) => [txn, at]));
  return txns.map((txn, index) => {
    const arrival = arrivedAt.get(txn);
    const sent = sentAt[index];
    if (arrival === undefined || sent === undefined) throw new Error(`the SET of ${txn} did not come`);
    return arrival - sent;
  });
}

function summary(values: readonly number[]): string {
  return `p50 ${readable(quantile(values, 0.5))} ms, p99 ${readable(quantile(values, 0.99))} ms`;
}
