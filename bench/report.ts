import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { table } from '../scripts/docs/markdown.js';
import type { Limit, Measurement, Unit } from './figure.js';
import { readable } from './support/statistics.js';
import { ROOT } from './support/root.js';

const PAGE = join(ROOT, 'docs', 'benchmarks.md');
/** What the page was written from: a run of some figures keeps what there is of the others. */
const KEPT = join(ROOT, 'docs', 'benchmarks.json');
const MARKERS = {
  start: '<!-- results: written by `npm run bench -- --write` -->',
  end: '<!-- end of results -->',
};

/** What one figure came to. */
export interface Outcome {
  readonly name: string;
  readonly measurements: readonly Measurement[];
  /** why there are none */
  readonly problem?: string;
}

/** An outcome, and when and where it was measured. */
interface KeptOutcome extends Outcome {
  readonly facts: readonly string[];
}

export function isMet({ value, limit }: Measurement): boolean | undefined {
  if (!limit) return undefined;
  if ('atLeast' in limit) return value >= limit.atLeast;
  return 'atMost' in limit ? value <= limit.atMost : value < limit.below;
}

/** The results for a terminal. */
export function printed(outcomes: readonly Outcome[]): string {
  const lines = outcomes.flatMap(({ name, measurements, problem }) => [
    name,
    ...(problem === undefined ? [] : [`  ${problem}`]),
    ...measurements.map((each) => {
      const verdict = limitText(each);
      const details = each.details === undefined ? '' : `\n      ${each.details}`;
      return `  ${each.what}: ${valueText(each)}${verdict === '' ? '' : `  [${verdict}]`}${details}`;
    }),
  ]);
  return lines.join('\n');
}

/** Puts the results into docs/benchmarks.md, between the markers, in the order of `names`. */
export async function writePage(
  facts: readonly string[],
  outcomes: readonly Outcome[],
  names: readonly string[],
): Promise<void> {
  const kept = await keep(
    outcomes.map((outcome) => ({ ...outcome, facts })),
    names,
  );
  const page = await readFile(PAGE, 'utf8');
  const start = page.indexOf(MARKERS.start);
  const end = page.indexOf(MARKERS.end);
  if (start < 0 || end < start) throw new Error('docs/benchmarks.md lacks the markers of the results');
  const rows = kept.flatMap(({ name, measurements, problem }) => [
    ...(problem === undefined ? [] : [[`\`${name}\``, problem, '', '', '', '']]),
    ...measurements.map((each) => [
      `\`${name}\``,
      each.what,
      valueText(each),
      each.limit ? targetText(each.limit, each.unit) : '',
      metText(each),
      each.details ?? '',
    ]),
  ]);
  const results = [
    MARKERS.start,
    runs(kept),
    table(['figure', 'what', 'measured', 'target', 'met', 'median (smallest to largest)'], rows),
    MARKERS.end,
  ].join('\n\n');
  const text = page.slice(0, start) + results + page.slice(end + MARKERS.end.length);
  await writeFile(PAGE, await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
}

/** Those of before, with these in place of their own. */
async function keep(outcomes: readonly KeptOutcome[], names: readonly string[]): Promise<KeptOutcome[]> {
  const before = JSON.parse(await readFile(KEPT, 'utf8')) as KeptOutcome[];
  const all = new Map([...before, ...outcomes].map((outcome) => [outcome.name, outcome]));
  const kept = names.flatMap((name) => all.get(name) ?? []);
  const options = { ...(await resolveConfig(KEPT)), parser: 'json' };
  await writeFile(KEPT, await format(JSON.stringify(kept), options));
  return kept;
}

/** Which figures were measured when and on what. */
function runs(kept: readonly KeptOutcome[]): string {
  const namesOf = new Map<string, string[]>();
  for (const { name, facts } of kept) {
    const run = facts.join('; ');
    namesOf.set(run, [...(namesOf.get(run) ?? []), `\`${name}\``]);
  }
  return [...namesOf].map(([run, names]) => `- ${names.join(', ')}: ${run}`).join('\n');
}

function valueText({ value, unit }: Measurement): string {
  return withUnit(readable(value), unit);
}

function targetText(limit: Limit, unit: Unit): string {
  if ('atLeast' in limit) return `at least ${withUnit(String(limit.atLeast), unit)}`;
  if ('atMost' in limit) return `at most ${withUnit(String(limit.atMost), unit)}`;
  return `below ${withUnit(String(limit.below), unit)}`;
}

function limitText(measurement: Measurement): string {
  const { limit, unit } = measurement;
  return limit ? `${targetText(limit, unit)}: ${metText(measurement)}` : '';
}

function metText(measurement: Measurement): string {
  switch (isMet(measurement)) {
    case undefined:
      return '';
    case true:
      return 'yes';
    case false:
      return 'NO';
  }
}

function withUnit(number: string, unit: Unit): string {
  switch (unit) {
    case 'ratio':
    case 'count':
      return number;
    case 'per s':
      return `${number}/s`;
    case 'ms':
    case '%':
    case 'MB':
    case 'kB':
    case 'bytes':
      return `${number} ${unit}`;
  }
}
