/**
 * The benchmarks (docs/benchmarks.md):
 *
 *     npm run bench -- [names] [--quick] [--strict] [--write] [--list] [--awake] [--rounds=3] [--log-level=warn]
 *         [--cpu-prof=folder]
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ALL_FIGURES } from './all-figures.js';
import type { Figure, FigureContext } from './figure.js';
import { machineFacts } from './machine.js';
import { isMet, type Outcome, printed, writePage } from './report.js';
import { keepAwake } from './support/awake.js';
import { Resources } from './support/resources.js';
import type { TransmitterOptions } from './support/transmitter.js';

const INTERRUPTED = 130;
/** What the running figure has started. */
let running = new Resources();
let isInterrupted = false;

interface Options {
  readonly names: readonly string[];
  readonly isQuick: boolean;
  readonly isStrict: boolean;
  readonly isWritten: boolean;
  readonly isAwake: boolean;
  /** instead of each figure's own number */
  readonly rounds: number | undefined;
  readonly transmitter: TransmitterOptions;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      awake: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'log-level': { type: 'string' },
      'cpu-prof': { type: 'string' },
    },
  });
  if (values.list) {
    for (const { name, about } of ALL_FIGURES) console.log(`${name.padEnd(24)} ${about}`);
    return 0;
  }
  const logLevel = values['log-level'];
  const profiles = values['cpu-prof'];
  return runAll({
    names: positionals,
    isQuick: values.quick,
    isStrict: values.strict,
    isWritten: values.write,
    isAwake: values.awake,
    rounds: values.rounds === undefined ? undefined : positiveInteger(values.rounds),
    transmitter: {
      settings: logLevel === undefined ? {} : { SSF_LOG_LEVEL: logLevel },
      nodeArguments: profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profiles)}`],
    },
  });
}

async function runAll(options: Options): Promise<number> {
  const figures = select(options.names);
  const outcomes: Outcome[] = [];
  for (const figure of figures) {
    outcomes.push(await runOne(figure, options));
    if (isInterrupted) return INTERRUPTED;
  }
  const facts = [
    ...(await machineFacts()),
    (options.isQuick ? 'quick run: the values mean little' : 'full run') +
      (options.isAwake ? ', cores kept awake' : ''),
  ];
  console.log(`\n${facts.join('\n')}\n\n${printed(outcomes)}`);
  if (options.isWritten)
    await writePage(
      facts,
      outcomes,
      ALL_FIGURES.map(({ name }) => name),
    );
  const isMissed = outcomes.some(({ measurements }) => measurements.some((each) => isMet(each) === false));
  const hasFailed = outcomes.some(({ problem }) => problem !== undefined);
  return hasFailed || (options.isStrict && isMissed) ? 1 : 0;
}

/** A name is a figure's, or the beginning of several; no name stands for all there are. */
function select(names: readonly string[]): readonly Figure[] {
  if (names.length === 0) return ALL_FIGURES;
  const wanted = new Set(
    names.flatMap((name) => {
      const exact = ALL_FIGURES.filter((figure) => figure.name === name);
      const found = exact.length > 0 ? exact : ALL_FIGURES.filter((figure) => figure.name.startsWith(name));
      if (found.length === 0) throw new Error(`there is no figure ${name}: see npm run bench -- --list`);
      return found;
    }),
  );
  return ALL_FIGURES.filter((figure) => wanted.has(figure));
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new Error('--rounds takes a number from 1 to 999');
  return Number(text);
}

/** A figure that fails is reported, and the others still run. */
async function runOne(figure: Figure, { isQuick, isAwake, rounds, transmitter }: Options): Promise<Outcome> {
  const { name, needsLinux } = figure;
  if (needsLinux && process.platform !== 'linux')
    return { name, measurements: [], problem: 'not measured: it reads /proc, which only Linux has' };
  console.log(`\n${name}: ${figure.about}`);
  const startedAt = performance.now();
  const resources = new Resources();
  running = resources;
  const context: FigureContext = {
    isQuick,
    resources,
    transmitter,
    size: (sizes) => (isQuick ? sizes.quick : sizes.full),
    rounds: (numbers) => rounds ?? (isQuick ? numbers.quick : numbers.full),
    log: (line) => console.log(`  ${line}`),
  };
  const problems: unknown[] = [];
  const run = async (): Promise<Outcome['measurements']> => {
    if (isAwake) await keepAwake(resources);
    return figure.run(context);
  };
  const measurements = await run().catch((error: unknown) => {
    problems.push(error);
    return [];
  });
  await resources.end().catch((error: unknown) => problems.push(error));
  console.log(`  took ${Math.round((performance.now() - startedAt) / 1000)} s`);
  if (problems.length === 0) return { name, measurements };
  if (!isInterrupted) for (const problem of problems) console.error(problem);
  return { name, measurements: [], problem: 'failed' };
}

/** Ends what runs, in order; the figure then fails for want of it. A second signal does not wait. */
function interrupt(signal: NodeJS.Signals): void {
  if (isInterrupted) process.exit(INTERRUPTED);
  isInterrupted = true;
  console.error(`\n${signal}: ending what was started ...`);
  running.end().then(
    () => process.exit(INTERRUPTED),
    (error: unknown) => {
      console.error(error);
      process.exit(INTERRUPTED);
    },
  );
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
