import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatheredLines } from './gathered-lines.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function gathered() {
  const written: string[] = [];
  const flushes: number[] = [];
  let hasRoom = true;
  const sink = Object.assign(new EventEmitter(), {
    write: (text: string) => (hasRoom ? written.push(text) : sink.emit('drop', text)),
    flushSync: () => flushes.push(written.length),
  });
  const lines = new GatheredLines(sink, (count) => `lost ${count}\n`);
  const stall = () => (hasRoom = false);
  const goOn = () => {
    hasRoom = true;
    sink.emit('drain');
  };
  return { lines, written, flushes, stall, goOn };
}

it('hands on the lines of a tenth of a second together, in order', () => {
  const { lines, written } = gathered();
  lines.write('a\n');
  lines.write('b\n');
  vi.advanceTimersByTime(99);
  expect(written).toEqual([]);

  vi.advanceTimersByTime(1);
  lines.write('c\n');
  vi.advanceTimersByTime(100);

  expect(written).toEqual(['a\nb\n', 'c\n']);
});

it('hands them on at once when they are many', () => {
  const { lines, written } = gathered();
  const line = `${'x'.repeat(1023)}\n`;
  for (let count = 0; count < 20; count += 1) lines.write(line);
  expect(written).toEqual([line.repeat(16)]);

  vi.advanceTimersByTime(100);
  expect(written).toEqual([line.repeat(16), line.repeat(4)]);
});

it('writes what is left before a flush ends, and nothing twice', () => {
  const { lines, written, flushes } = gathered();
  lines.write('last words\n');
  lines.flushSync();
  expect(written).toEqual(['last words\n']);
  expect(flushes).toEqual([1]);

  lines.flushSync();
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(['last words\n']);
});

it('says how many were lost while there was no room, before what comes next', () => {
  const { lines, written, stall, goOn } = gathered();
  stall();
  for (const batch of ['a\nb\n', 'c\n']) {
    lines.write(batch);
    vi.advanceTimersByTime(100);
  }
  expect(written).toEqual([]);

  lines.write('d\n');
  goOn();
  lines.write('e\n');
  vi.advanceTimersByTime(100);

  expect(written).toEqual(['lost 3\nd\n', 'e\n']);
});
