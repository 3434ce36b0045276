import type { Figure, FigureContext, Measurement } from '../figure.js';
import { type JobQueue, jobQueue } from '../support/baselines.js';
import { makeBed } from '../support/bed.js';
import { type Contender, interleave, standingOf } from '../support/rounds.js';

const STREAMS = 20;
/** 20 streams with 8 SETs in flight each. */
const CONNECTIONS = 160;
const OURS = 'transmitter';
const LIMITS = { RS256: { atLeast: 1.05 }, ES256: { atLeast: 1.2 } } as const;
/** What the bare loop of the targets signs with, and what the transmitter does. */
const SIGNERS = ['jose', 'native'] as const;
const QUEUES = SIGNERS.flatMap((signer) =>
  (['pg-boss', 'graphile-worker'] as const).map((queue) => ({ queue, signer, name: nameOf(queue, signer) })),
);

type Signer = (typeof SIGNERS)[number];
type Algorithm = keyof typeof LIMITS;

/** The same job (sign and POST) on general job queues, on the same PostgreSQL. */
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
  for (const { queue, signer, name } of QUEUES)
    contenders.push(
      await jobQueue(
        resources,
        { name, queue },
        {
          algorithm,
          signer,
          ports: sink.ports,
          connections: CONNECTIONS,
          connectionString: await database.createDatabase(`${queue}_${signer}`.replaceAll('-', '_')),
          checkpoint: () => database.checkpoint(),
        },
        work,
      ),
    );
  contenders.push({
    name: OURS,
    prepare: async () => {
      if ((await backlog.waiting()) === 0) await backlog.fill(perStream);
      // as for the others
      await database.vacuum();
    },
    run: async () => (await backlog.drain()).setsPerSecond,
  });
  const standings = await interleave(contenders, rounds({ quick: 2, full: 9 }), log);
  const ours = standingOf(standings, OURS);
  return QUEUES.map(({ name, signer }) => ({
    what: `delivered SETs/s, ${algorithm}, ${STREAMS} streams, against ${name}`,
    value: ours.median / standingOf(standings, name).median,
    unit: 'ratio',
    // the target is one of jobs that are signed as by the bare loop
    limit: signer === 'jose' ? LIMITS[algorithm] : undefined,
    details: `${ours.text}; ${standingOf(standings, name).text}`,
  }));
}

function nameOf(queue: JobQueue, signer: Signer): string {
  return `${queue} with ${signer === 'jose' ? 'jose' : 'node:crypto'}`;
}
