import type { Figure, FigureContext } from '../figure.js';
import type { PlainInsertsCommands } from '../processes/plain-inserts.js';
import type { SignalClientCommands } from '../processes/signal-client.js';
import { exampleSignal } from '../support/backlog.js';
import { type Bed, makeBed } from '../support/bed.js';
import { Child } from '../support/child.js';
import { machineMs } from '../support/clock.js';
import { type Contender, interleave, standingOf } from '../support/rounds.js';
import { median, spread } from '../support/statistics.js';

const FAN_OUT = 5;
const PER_CALL = 100;
const CONNECTIONS = 4;
const DEADLINE_MS = 300_000;
const OURS = 'transmitter';
const PLAIN = 'plain INSERTs';

/** Signals in arrays until each has its SETs, against the writing alone. */
export const recordingFigure: Figure = {
  name: 'recording',
  about: `signals a second in arrays of ${PER_CALL}, with ${FAN_OUT} SETs each, against multi-row INSERTs`,
  run: async (context) => {
    const { size, rounds, log } = context;
    const signals = size({ quick: 1_000, full: 20_000 });
    const bed = await makeBed(context, { receivers: 1, count: FAN_OUT });
    await bed.backlog.fill(1);
    const accepted: number[] = [];
    const contenders = [
      await plainInserts(context, bed, signals),
      await transmitter(context, bed, signals, accepted),
    ];
    const standings = await interleave(contenders, rounds({ quick: 2, full: 5 }), log);
    const [ours, plain] = [standingOf(standings, OURS), standingOf(standings, PLAIN)];
    await checkCount(bed, signals, accepted.length);
    // the first round warmed up
    const rates = accepted.slice(1);
    return [
      {
        what: `signals/s recorded and fanned out, arrays of ${PER_CALL}, fan-out ${FAN_OUT}, against plain INSERTs`,
        value: ours.median / plain.median,
        unit: 'ratio',
        limit: { atLeast: 0.4 },
        details: `${ours.text}; ${plain.text}`,
      },
      {
        what: 'signals/s accepted meanwhile',
        value: median(rates),
        unit: 'per s',
        details: spread(rates, '/s'),
      },
    ];
  },
};

async function transmitter(
  { resources }: FigureContext,
  { database, transmitter: { baseUrl, adminToken }, streams, backlog }: Bed,
  signals: number,
  accepted: number[],
): Promise<Contender> {
  const client = Child.start<SignalClientCommands>(resources, 'signal-client');
  await client.call('open', { baseUrl, token: adminToken, connections: CONNECTIONS });
  let recorded = 0;
  let bodies: string[] = [];
  return {
    name: OURS,
    prepare: async () => {
      await backlog.hold();
      await database.checkpoint();
      bodies = Array.from({ length: signals / PER_CALL }, () =>
        JSON.stringify(Array.from({ length: PER_CALL }, () => exampleSignal(streams.provider, recorded++))),
      );
    },
    run: async () => {
      const startedAt = await client.call('flood', bodies);
      accepted.push((signals * 1000) / (machineMs() - startedAt));
      await database.until('select not exists (select from ssf.signal_queue)', [], DEADLINE_MS);
      return (signals * 1000) / (machineMs() - startedAt);
    },
  };
}

async function plainInserts(
  { resources }: FigureContext,
  { database, backlog, streams }: Bed,
  signals: number,
): Promise<Contender> {
  const child = Child.start<PlainInsertsCommands>(resources, 'plain-inserts');
  await child.call('open', {
    connectionString: await database.createDatabase('plain_inserts'),
    connections: CONNECTIONS,
    signalsPerCall: PER_CALL,
    setsPerSignal: FAN_OUT,
  });
  const work = {
    signals,
    subject: JSON.stringify(exampleSignal(streams.provider, 0).subject),
    claims: await backlog.exampleClaims(),
  };
  return { name: PLAIN, prepare: () => database.checkpoint(), run: () => child.call('run', work) };
}

/** Every signal has all its SETs, and there is none besides. */
async function checkCount({ backlog, database }: Bed, signals: number, roundCount: number): Promise<void> {
  const expected = (signals * roundCount + 1) * FAN_OUT;
  const waiting = await backlog.waiting();
  const stored = Number(
    await database.value<string>('select count(distinct jti) from ssf.security_event_token'),
  );
  if (waiting !== expected || stored !== expected)
    throw new Error(`${waiting} SETs wait and ${stored} are stored instead of ${expected}`);
}
