import { describe, expect, it, vi } from 'vitest';
import { SsfMetrics } from './metrics.js';

const NAME = 'ssf_things';

describe('a metric that is read when somebody asks', () => {
  it('is read once for all who ask within some seconds', async () => {
    const metrics = new SsfMetrics();
    const read = vi.fn(() => Promise.resolve([{ labels: { kind: 'a' }, value: 3 }]));
    metrics.observe({ name: NAME, help: 'Things', labels: ['kind'] }, read);

    const pages = [await metrics.registry.metrics(), await metrics.registry.metrics()];

    for (const page of pages) expect(page).toContain(`${NAME}{kind="a"} 3`);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it.each([[['kind'] as const], [[]]])(
    'is missing when it cannot be read, with all else there, and comes back (labels: %s)',
    async (labels: readonly string[]) => {
      const metrics = new SsfMetrics();
      const values = labels.map((label) => [label, 'a']);
      const read = vi
        .fn<() => Promise<{ labels: Record<string, string>; value: number }[]>>()
        .mockRejectedValueOnce(new Error('the database is away'))
        .mockResolvedValue([{ labels: Object.fromEntries(values) as Record<string, string>, value: 3 }]);
      metrics.observe({ name: NAME, help: 'Things', labels }, read);

      const without = await metrics.registry.metrics();
      const back = await metrics.registry.metrics();

      expect(without).not.toMatch(new RegExp(`^${NAME}`, 'm'));
      expect(back).toMatch(new RegExp(`^${NAME}(\\{kind="a"\\})? 3$`, 'm'));
      expect(back).toContain(`ssf_metrics_errors_total{metric="${NAME}"} 1`);
    },
  );
});
