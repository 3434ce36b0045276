import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.js';
import { makeBed } from '../support/bed.js';
import { startMeter } from '../support/meter.js';
import { residentBytes } from '../support/process-usage.js';

/** After the last configuration change, so that what it caused has ended. */
const SETTLE_MS = 7_000;

/** A transmitter that has nothing to do. */
export const idleFigure: Figure = {
  name: 'idle',
  about: 'what a replica with 1,000 streams costs while nothing happens',
  needsLinux: true,
  run: async (context) => {
    const { size } = context;
    const count = size({ quick: 100, full: 1_000 });
    const { transmitter } = await makeBed(context, { receivers: 20, count });
    await delay(SETTLE_MS);
    const used = await startMeter(transmitter);
    await delay(size({ quick: 10_000, full: 120_000 }));
    const { seconds, ...cpu } = await used();
    return [
      {
        what: `CPU of an idle replica with ${count} streams, of one core`,
        value: (cpu.transmitter * 100) / seconds,
        unit: '%',
        limit: { below: 1 },
      },
      {
        what: 'CPU of its PostgreSQL meanwhile, of one core',
        value: (cpu.postgres * 100) / seconds,
        unit: '%',
      },
      {
        what: 'memory of the idle replica',
        value: (await residentBytes(transmitter.pid)) / 1e6,
        unit: 'MB',
      },
    ];
  },
};
