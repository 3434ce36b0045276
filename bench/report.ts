import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { table } from '../scripts/docs/markdown.js';
import type { Limit, Measurement, Unit } from './figure.js';
import { readable } from './support/statistics.js';
import { ROOT } from './support/root.js';

const PAGE = join(ROOT, 'docs', 'benchmarks.md');
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

/** Puts the results into docs/benchmarks.md, between the markers. */
export async function writePage(facts: readonly string[], outcomes: readonly Outcome[]): Promise<void> {
  const page = await readFile(PAGE, 'utf8');
  const start = page.indexOf(MARKERS.start);
  const end = page.indexOf(MARKERS.end);
  if (start < 0 || end < start) throw new Error('docs/benchmarks.md lacks the markers of the results');
  const rows = outcomes.flatMap(({ name, measurements, problem }) => [
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
    facts.map((fact) => `- ${fact}`).join('\n'),
    table(['figure', 'what', 'measured', 'target', 'met', 'median (smallest to largest)'], rows),
    MARKERS.end,
  ].join('\n\n');
  const text = page.slice(0, start) + results + page.slice(end + MARKERS.end.length);
  await writeFile(PAGE, await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
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
