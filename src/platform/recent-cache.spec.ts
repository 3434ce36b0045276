import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentCache } from './recent-cache.js';

describe('RecentCache', () => {
  it('gives each value once, and what was put last', () => {
    const cache = new RecentCache<string>(10);
    cache.put('a', 'first');
    cache.put('a', 'second');

    expect(cache.find('a')).toBe('second');
    expect(cache.take('a')).toBe('second');
    expect(cache.take('a')).toBeUndefined();
  });

  it('keeps the latest half of its weight at least, and no more than all of it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 200 }), (weights) => {
        const most = 60;
        const cache = new RecentCache<number>(most, (weight) => weight);
        weights.forEach((weight, index) => cache.put(String(index), weight));

        const kept = weights.map((_, index) => cache.find(String(index)) !== undefined);
        const keptWeight = weights.reduce((sum, weight, index) => sum + (kept[index] ? weight : 0), 0);
        // each generation may be over its half by the value that filled it
        expect(keptWeight).toBeLessThan(most + 2 * 20);
        let latest = 0;
        for (let index = weights.length - 1; index >= 0 && latest < most / 2; index -= 1) {
          expect(kept[index]).toBe(true);
          latest += weights[index] ?? 0;
        }
      }),
    );
  });

  it('forgets in both generations', () => {
    const cache = new RecentCache<string>(2);
    cache.put('a', 'old');
    cache.put('b', 'young');
    cache.put('a', 'young');
    cache.forget('a');

    expect(cache.find('a')).toBeUndefined();
    expect(cache.find('b')).toBe('young');
  });
});
