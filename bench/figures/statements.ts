import { setTimeout as delay } from 'node:timers/promises';
import type { Figure, FigureContext, Measurement } from '../figure.js';
import { Backlog } from '../support/backlog.js';
import { makeBed } from '../support/bed.js';
import type { Sink } from '../support/sink.js';
import { createStreams, type Streams } from '../support/streams.js';
import { type StatementCount, StatementCounts, totalOf } from '../support/statement-counts.js';

const STREAMS = 20;
const DEADLINE_MS = 300_000;
/** Longer than a lease is kept for the next SET, so that each signal finds an idle transmitter. */
const LONE_GAP_MS = 8_000;

/** What delivery and recording ask of the database. */
export const statementsFigure: Figure = {
  name: 'statements',
  about: 'database round trips and write-ahead log per delivered SET and per recorded signal',
  run: async (context) => {
    const bed = await makeBed(context, { receivers: STREAMS, count: STREAMS });
    const lone = await createStreams(bed.transmitter, { count: 1, ports: bed.sink.ports });
    const counts = await StatementCounts.enable(context.resources, bed.transmitter);
    const backlogOf = (streams: Streams): Backlog =>
      new Backlog(bed.transmitter, counts.database, bed.sink, streams);
    return [
      ...(await underLoad(context, counts, backlogOf(bed.streams))),
      ...(await loneSignals(context, bed.sink, counts, backlogOf(lone))),
    ];
  },
};

async function underLoad(
  { size, log }: FigureContext,
  counts: StatementCounts,
  backlog: Backlog,
): Promise<Measurement[]> {
  const { database } = counts;
  const signals = size({ quick: 100, full: 1_500 });
  // warms up, and takes what is written once after a checkpoint
  await backlog.fill(signals);
  await backlog.drain();

  await backlog.hold();
  const unlock = await database.lockProvider(backlog.streams.provider.id);
  const beforeRecording = await database.walBytes();
  await backlog.record(signals);
  const beforeFanOut = await database.walBytes();
  await unlock();
  await database.until('select not exists (select from ssf.signal_queue)', [], DEADLINE_MS);
  const afterFanOut = await database.walBytes();

  await counts.reset();
  const { sets, walBytes } = await backlog.drain({ isAfterCheckpoint: false });
  const statements = await counts.read();
  tell(log, 'statements while SETs are delivered, per 1,000 SETs', statements, 1000 / sets);
  return [
    {
      what: `round trips per delivered SET under load, ${STREAMS} streams`,
      value: totalOf(statements) / sets,
      unit: 'count',
      limit: { below: 0.05 },
      details: `${totalOf(statements)} statements, ${sets} SETs`,
    },
    { what: 'write-ahead log per delivered SET', value: walBytes / sets, unit: 'bytes' },
    {
      what: 'write-ahead log per recorded signal',
      value: (beforeFanOut - beforeRecording) / signals,
      unit: 'bytes',
    },
    {
      what: `write-ahead log per SET that fan-out makes, ${STREAMS} of each signal`,
      value: (afterFanOut - beforeFanOut) / (signals * STREAMS),
      unit: 'bytes',
    },
  ];
}

async function loneSignals(
  { size, log }: FigureContext,
  sink: Sink,
  counts: StatementCounts,
  backlog: Backlog,
): Promise<Measurement[]> {
  const one = async (gapMs: number): Promise<void> => {
    await sink.reset();
    await backlog.record(1);
    await sink.wait(1, DEADLINE_MS);
    await delay(gapMs);
  };
  /** Per signal, without what runs anyway. */
  const count = async (signals: number, gapMs: number, background: StatementCount[]): Promise<number> => {
    await one(gapMs);
    await counts.reset();
    const startedAt = performance.now();
    for (let index = 0; index < signals; index += 1) await one(gapMs);
    const statements = without(
      background,
      (performance.now() - startedAt) / LONE_GAP_MS,
      await counts.read(),
    );
    tell(log, `statements of a lone signal, ${gapMs} ms after the one before`, statements, 1 / signals);
    return totalOf(statements) / signals;
  };

  await one(LONE_GAP_MS);
  await counts.reset();
  await delay(LONE_GAP_MS);
  const background = await counts.read();
  tell(log, 'statements of an idle transmitter, per second', background, 1000 / LONE_GAP_MS);
  return [
    {
      what: 'statements of a lone signal, from its POST to the lease given back',
      value: await count(size({ quick: 1, full: 6 }), LONE_GAP_MS, background),
      unit: 'count',
    },
    {
      what: 'statements of a signal that finds its stream leased',
      value: await count(size({ quick: 5, full: 30 }), 500, background),
      unit: 'count',
    },
    {
      what: 'statements of an idle transmitter, per second',
      value: (totalOf(background) * 1000) / LONE_GAP_MS,
      unit: 'count',
    },
  ];
}

function without(
  background: readonly StatementCount[],
  times: number,
  statements: readonly StatementCount[],
): StatementCount[] {
  const idle = new Map(background.map(({ statement, calls }) => [statement, calls]));
  return statements
    .map(({ statement, calls }) => ({ statement, calls: calls - (idle.get(statement) ?? 0) * times }))
    .filter(({ calls }) => calls > 0.5)
    .sort((a, b) => b.calls - a.calls);
}

function tell(
  log: FigureContext['log'],
  title: string,
  counts: readonly StatementCount[],
  factor: number,
): void {
  log(`${title}:`);
  for (const { statement, calls } of counts)
    log(`  ${(calls * factor).toFixed(2).padStart(8)}  ${statement}`);
}
