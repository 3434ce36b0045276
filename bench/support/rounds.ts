import { median, spread } from './statistics.js';

/** Somebody who does the same job as the others. */
export interface Contender {
  readonly name: string;
  /** Makes everything ready; not measured. */
  prepare(): Promise<void>;
  /** Does the job; answers what it reached, in jobs per second. */
  run(): Promise<number>;
}

export interface Standing {
  readonly name: string;
  readonly median: number;
  readonly text: string;
}

/**
 * All contenders in turn, round after round, so that whatever else the machine does meanwhile meets them alike; the
 * order is turned round each time. The first round warms everybody up and does not count.
 */
export async function interleave(
  contenders: readonly Contender[],
  rounds: number,
  log: (line: string) => void,
): Promise<Map<string, Standing>> {
  const results = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const { name, prepare, run } of order) {
      await prepare();
      const result = await run();
      log(`${round === 0 ? 'warm-up' : `round ${round}`}, ${name}: ${Math.round(result)}/s`);
      if (round > 0) results.get(name)?.push(result);
    }
  }
  return new Map(
    [...results].map(([name, values]) => [
      name,
      { name, median: median(values), text: `${name} ${spread(values, '/s')}` },
    ]),
  );
}

export function standingOf(standings: ReadonlyMap<string, Standing>, name: string): Standing {
  const standing = standings.get(name);
  if (!standing) throw new Error(`${name} did not take part`);
  return standing;
}
