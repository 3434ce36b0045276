import type { Figure, FigureContext, Limit, Measurement } from '../figure.js';
import { bareLoop } from '../support/baselines.js';
import { makeBed } from '../support/bed.js';
import { interleave, standingOf } from '../support/rounds.js';

const RECEIVERS = 20;
/** What the transmitter has in flight at most: to one stream, and in all. */
const IN_FLIGHT = { perStream: 8, inAll: 256 };
const OURS = 'transmitter';
const JOSE = 'jose loop';
const NATIVE = 'node:crypto loop';

interface Variant {
  readonly algorithm: 'RS256' | 'ES256';
  readonly streams: { readonly quick: number; readonly full: number };
  readonly sets: { readonly quick: number; readonly full: number };
  readonly limit: Limit;
}

const VARIANTS: Readonly<Record<string, Variant>> = {
  'throughput-rs256': {
    algorithm: 'RS256',
    streams: { quick: 20, full: 20 },
    sets: { quick: 2_000, full: 30_000 },
    limit: { atLeast: 0.95 },
  },
  'throughput-rs256-1000': {
    algorithm: 'RS256',
    streams: { quick: 100, full: 1_000 },
    sets: { quick: 2_000, full: 30_000 },
    limit: { atLeast: 0.9 },
  },
  'throughput-es256': {
    algorithm: 'ES256',
    streams: { quick: 20, full: 20 },
    sets: { quick: 4_000, full: 60_000 },
    limit: { atLeast: 0.8 },
  },
  'throughput-es256-1000': {
    algorithm: 'ES256',
    streams: { quick: 100, full: 1_000 },
    sets: { quick: 4_000, full: 60_000 },
    limit: { atLeast: 0.8 },
  },
};

/** SETs that wait are delivered, against loops that sign and POST and have no database. */
export const throughputFigures: readonly Figure[] = Object.entries(VARIANTS).map(([name, variant]) => ({
  name,
  about: `delivered SETs a second with ${variant.streams.full} streams and ${variant.algorithm}, against loops without a database`,
  run: (context) => measure(context, variant),
}));

async function measure(context: FigureContext, variant: Variant): Promise<Measurement[]> {
  const { resources, size, rounds, log } = context;
  const { algorithm, limit } = variant;
  const count = size(variant.streams);
  const perStream = Math.ceil(size(variant.sets) / count);
  const { sink, backlog } = await makeBed(context, {
    receivers: RECEIVERS,
    count,
    provider: { signingAlgorithm: algorithm },
  });
  await backlog.fill(perStream);

  const work = { sets: perStream * count, sink, exampleClaims: await backlog.exampleClaims() };
  const options = {
    algorithm,
    ports: sink.ports,
    connections: Math.min(IN_FLIGHT.inAll, IN_FLIGHT.perStream * count),
  };
  const standings = await interleave(
    [
      await bareLoop(resources, JOSE, { ...options, signer: 'jose' }, work),
      await bareLoop(resources, NATIVE, { ...options, signer: 'native' }, work),
      {
        name: OURS,
        prepare: async () => {
          if ((await backlog.waiting()) === 0) await backlog.fill(perStream);
        },
        run: async () => (await backlog.drain()).setsPerSecond,
      },
    ],
    rounds({ quick: 2, full: 9 }),
    log,
  );
  const ours = standingOf(standings, OURS);
  return [
    { name: JOSE, judged: limit },
    // as fast as it gets in Node: reported, since the target names jose
    { name: NATIVE, judged: undefined },
  ].map(({ name, judged }) => ({
    what: `delivered SETs/s, ${algorithm}, ${count} streams, against a ${name}`,
    value: ours.median / standingOf(standings, name).median,
    unit: 'ratio',
    limit: judged,
    details: `${ours.text}; ${standingOf(standings, name).text}`,
  }));
}
