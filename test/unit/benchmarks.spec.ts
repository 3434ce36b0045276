import { describe, expect, it } from 'vitest';
import type { Limit } from '../../bench/figure.js';
import { isMet } from '../../bench/report.js';
import { Resources } from '../../bench/support/resources.js';
import { median, quantile } from '../../bench/support/statistics.js';

describe('statistics of the benchmarks', () => {
  it('take the middle of the sorted values, or the mean of the two in the middle', () => {
    expect(median([100, 9, 20])).toBe(20);
    expect(median([100, 9, 20, 30])).toBe(25);
  });

  it('take quantiles by nearest rank', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);

    expect(quantile(values, 0.5)).toBe(100);
    expect(quantile(values, 0.99)).toBe(198);
    expect(quantile([7], 0.99)).toBe(7);
  });
});

describe('targets of the benchmarks', () => {
  it.each<[Limit | undefined, number, boolean | undefined]>([
    [{ atLeast: 0.95 }, 0.95, true],
    [{ atLeast: 0.95 }, 0.94, false],
    [{ atMost: 1 }, 1, true],
    [{ atMost: 1 }, 1.01, false],
    [{ below: 15 }, 14.9, true],
    [{ below: 15 }, 15, false],
    [undefined, 15, undefined],
  ])('%o is met by %d: %s', (limit, value, met) => {
    expect(isMet({ what: 'it', value, unit: 'ratio', limit })).toBe(met);
  });
});

describe('what a benchmark has started', () => {
  it('ends in the opposite order, whatever fails, and tells what failed', async () => {
    const resources = new Resources();
    const ended: string[] = [];
    const end = (name: string) => async (): Promise<void> => {
      ended.push(name);
      if (name === 'second') throw new Error('stuck');
    };
    for (const name of ['first', 'second', 'third']) resources.add(name, end(name));

    await expect(resources.end()).rejects.toThrow(AggregateError);

    expect(ended).toEqual(['third', 'second', 'first']);
  });

  it('ends too when it started after an interruption', async () => {
    const resources = new Resources();
    await resources.end();
    const ended: string[] = [];

    expect(() =>
      resources.add('late', async () => {
        ended.push('late');
      }),
    ).toThrow('interrupted before late');
    await resources.end();

    expect(ended).toEqual(['late']);
  });
});
