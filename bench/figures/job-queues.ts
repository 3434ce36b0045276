import type { Figure, FigureContext, Measurement } from '../figure.js';
import { jobQueue } from '../support/baselines.js';
import { makeBed } from '../support/bed.js';
import { type Contender, interleave, standingOf } from '../support/rounds.js';

const STREAMS = 20;
/** 20 streams with 8 SETs in flight each. */
const CONNECTIONS = 160;
const OURS = 'transmitter';
const QUEUES = ['pg-boss', 'graphile-worker'] as const;
const LIMITS = { RS256: { atLeast: 1.05 }, ES256: { atLeast: 1.2 } } as const;

type Algorithm = keyof typeof LIMITS;

/** The same job (sign and POST) on general job queues, with the transmitter's signer, on the same PostgreSQL. */
export const jobQueueFigures: readonly Figure[] = (['RS256', 'ES256'] as const).map((algorithm) => ({
  name: `job-queues-${algorithm.toLowerCase()}`,
  about: `delivered SETs a second with ${STREAMS} streams and ${algorithm}, against pg-boss and graphile-worker`,
  run: (context) => measure(context, algorithm),
}));

async function measure(context: FigureContext, algorithm: Algorithm): Promise<Measurement[]> {
  const { resources, size, rounds, log } = context;
  const perStream = size({ quick: 100, full: algorithm === 'RS256' ? 1_500 : 3_000 });
  const { sink, database, backlog } = await makeBed(context, {
    receivers: STREAMS,
    count: STREAMS,
    provider: { signingAlgorithm: algorithm },
  });
  await backlog.fill(perStream);

  const work = { sets: perStream * STREAMS, sink, exampleClaims: await backlog.exampleClaims() };
  const contenders: Contender[] = [];
  for (const name of QUEUES)
    contenders.push(
      await jobQueue(
        resources,
        name,
        {
          algorithm,
          signer: 'native',
          ports: sink.ports,
          connections: CONNECTIONS,
          connectionString: await database.createDatabase(name.replaceAll('-', '_')),
          checkpoint: () => database.checkpoint(),
        },
        work,
      ),
    );
  contenders.push({
    name: OURS,
    prepare: async () => {
      if ((await backlog.waiting()) === 0) await backlog.fill(perStream);
    },
    run: async () => (await backlog.drain()).setsPerSecond,
  });
  const standings = await interleave(contenders, rounds({ quick: 2, full: 5 }), log);
  const ours = standingOf(standings, OURS);
  return QUEUES.map((name) => ({
    what: `delivered SETs/s, ${algorithm}, ${STREAMS} streams, against ${name}`,
    value: ours.median / standingOf(standings, name).median,
    unit: 'ratio',
    limit: LIMITS[algorithm],
    details: `${ours.text}; ${standingOf(standings, name).text}`,
  }));
}
