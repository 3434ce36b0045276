import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.js';
import { makeBed } from '../support/bed.js';
import { startMeter } from '../support/meter.js';
import { until } from '../../test/support/until.js';

/** A receiver that answers nothing but 503 costs one probe per step of the back-off, whatever waits for it. */
export const deadReceiverFigure: Figure = {
  name: 'dead-receiver',
  about: 'what a receiver costs that is down while 10,000 SETs wait for it',
  needsLinux: true,
  run: async (context) => {
    const { size, log } = context;
    const pending = size({ quick: 1_000, full: 10_000 });
    const watchedMs = size({ quick: 10_000, full: 60_000 });
    const { sink, streams, backlog, transmitter } = await makeBed(context, { receivers: 1, count: 1 });
    const [id = ''] = streams.ids;
    const failures = async (): Promise<number> =>
      (await transmitter.admin.stream(id)).health.consecutiveFailures;
    await backlog.fill(pending);
    await sink.behave([0], 'fail');
    await sink.reset();
    await backlog.release();
    await until('the first back-off', async () => (await failures()) > 0);

    const requests = async (): Promise<number> => (await sink.summary()).requests[0] ?? 0;
    const first = await requests();
    const used = await startMeter(transmitter);
    await delay(watchedMs);
    const { seconds, ...cpu } = await used();

    const probes = (await requests()) - first;
    const steps = (await failures()) - 1;
    const left = await backlog.waiting();
    if (left !== pending) throw new Error(`${left} of ${pending} SETs still wait`);
    if (steps === 0) throw new Error('there was no step of the back-off');
    log(`${first} requests before the first back-off, then ${probes} in ${steps} steps`);
    return [
      {
        what: 'probes of a receiver that is down, per step of its back-off',
        value: probes / steps,
        unit: 'count',
        limit: { atMost: 1 },
        details: `${probes} probes, ${steps} steps, ${pending} SETs pending`,
      },
      {
        what: 'CPU of the transmitter meanwhile, of one core',
        value: (cpu.transmitter * 100) / seconds,
        unit: '%',
        limit: { below: 2 },
      },
      {
        what: 'CPU of its PostgreSQL meanwhile, of one core',
        value: (cpu.postgres * 100) / seconds,
        unit: '%',
      },
    ];
  },
};
