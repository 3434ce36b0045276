import { styleText } from 'node:util';
import type { ReceivedSet } from './messages.js';

type Style = Parameters<typeof styleText>[0];

const WIDTH = 88;
const INDENT = '   ';
/** Of the names before claims. */
const NAME_WIDTH = 9;

/** hasColors heeds NO_COLOR and what the terminal can do. */
const hasColours = process.stdout.isTTY && process.stdout.hasColors();
let steps = 0;

export function title(text: string): void {
  write(`\n${paint('bold', text)}`);
}

/** A numbered step of the story. */
export function step(text: string): void {
  steps += 1;
  write(`\n${paint(['bold', 'cyan'], String(steps))}  ${paint('bold', text)}`);
}

export function line(text = ''): void {
  write(text === '' ? '' : `${INDENT}${text}`);
}

/** A request, the status of its answer, and what matters of it. */
export function exchange(request: string, status: number, note: string): void {
  line(`${request.padEnd(44)} ${paint('green', String(status))}  ${paint('dim', note)}`);
}

export function signal(type: string, text: string): void {
  line();
  line(`${paint('yellow', '>')} ${paint('bold', type.padEnd(18))} ${text}`);
}

/** A SET as it came: header, claims and event. */
export function set({ header, claims }: ReceivedSet, milliseconds: number): void {
  const [[uri = '', event = {}] = []] = Object.entries(claims.events);
  const head = `${paint('green', '<')} ${paint(['bold', 'green'], eventName(uri))}`;
  line(`${head}${ms(milliseconds).padStart(WIDTH - INDENT.length - 2 - eventName(uri).length)}`);
  named('header', json(header));
  for (const [name, value] of Object.entries(claims))
    if (name !== 'events') named(name, json(value) + timeNote(name, value));
  named('events', json(uri));
  named('', json(event));
}

/** Rows of cells; the first row is the head, and what looks like a number stands right. */
export function table(rows: readonly (readonly string[])[]): void {
  const columns = (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => (row[index] ?? '').length)),
  );
  const isNumber = (index: number) => rows.slice(1).every((row) => /^[\d ]*$/.test(row[index] ?? ''));
  line();
  for (const [index, row] of rows.entries()) {
    const cells = row.map((cell, column) =>
      isNumber(column) ? cell.padStart(columns[column] ?? 0) : cell.padEnd(columns[column] ?? 0),
    );
    line(paint(index === 0 ? 'dim' : 'reset', cells.join('   ').trimEnd()));
  }
}

export function success(text: string): void {
  write(`\n${INDENT}${paint(['bold', 'green'], text)}`);
}

/** To stderr: the reason why the demo failed, in one line. */
export function failure(text: string): void {
  process.stderr.write(`\n${INDENT}${paint(['bold', 'red'], text)}\n`);
}

/** The last part of an event type URI, with its family before: `CAEP session-revoked`. */
export function eventName(uri: string): string {
  const [, family = '', name = uri] = /\/secevent\/(\w+)\/event-type\/(.+)$/.exec(uri) ?? [];
  return `${family.toUpperCase()} ${name}`.trim();
}

export function dim(text: string): string {
  return paint('dim', text);
}

function ms(milliseconds: number): string {
  return `${Math.round(milliseconds)} ms`;
}

function timeNote(name: string, value: unknown): string {
  return name === 'iat' && typeof value === 'number' ? dim(`  ${new Date(value * 1000).toISOString()}`) : '';
}

function named(name: string, text: string): void {
  const [first = '', ...rest] = text.split('\n');
  line(`  ${paint('cyan', name.padEnd(NAME_WIDTH))}${first}`);
  for (const each of rest) line(`  ${' '.repeat(NAME_WIDTH)}${each}`);
}

/** JSON with as many members in a line as fit. */
function json(value: unknown): string {
  const room = WIDTH - INDENT.length - 2 - NAME_WIDTH;
  const isContainer = typeof value === 'object' && value !== null && !Array.isArray(value);
  const oneLine = plain(value);
  if (!isContainer || oneLine.length <= room) return colourJson(oneLine);
  const lines: string[] = [];
  let current = '{';
  for (const [index, [name, member]] of Object.entries(value).entries()) {
    const text = ` ${JSON.stringify(name)}: ${plain(member)}${index < Object.keys(value).length - 1 ? ',' : ' }'}`;
    if (current.length + text.length > room && current !== '{') {
      lines.push(current);
      current = ' ';
    }
    current += text;
  }
  return [...lines, current].map(colourJson).join('\n');
}

function plain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${plain(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function colourJson(text: string): string {
  if (!hasColours) return text;
  return text.replace(/("(?:[^"\\]|\\.)*")(:?)/g, (_, quoted: string, colon: string) =>
    colon === '' ? paint('green', quoted) : `${quoted}${colon}`,
  );
}

function paint(style: Style, text: string): string {
  return hasColours ? styleText(style, text) : text;
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
