import { expect, it } from 'vitest';
import type { SsfConfig } from '../platform/config/ssf-options.js';
import type { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import type { FailingQueuesService } from '../queue/failing-queues.service.js';
import { FailingStreamsService } from './failing-streams.service.js';
import type { StreamStatusService } from './stream-status.service.js';

it('a stream whose time is over between two looks is told of before it is paused', async () => {
  const done: string[] = [];
  let looks = 0;
  // its time is over from the second look on, whichever that is
  const isOver = (): boolean => ++looks > 1;
  const queue = { streamId: 's-1', failingSince: new Date(), lastError: 'http_503' };
  const queues: Pick<FailingQueuesService, 'news' | 'failed'> = {
    news: () => Promise.resolve(isOver() && !done.includes('told') ? [{ ...queue, reached: [100] }] : []),
    failed: () => Promise.resolve(isOver() ? [queue] : []),
  };
  const statuses: Pick<StreamStatusService, 'changeIf'> = {
    changeIf: () => {
      done.push('paused');
      return Promise.resolve(true);
    },
  };
  const bus: Pick<SsfEventBus, 'emit'> = { emit: () => void done.push('told') };
  const service = new FailingStreamsService(
    { pauseFailingStreamsAfterHours: 120 } as SsfConfig,
    queues as FailingQueuesService,
    statuses as StreamStatusService,
    bus as SsfEventBus,
    new SsfMetrics(),
  );

  await service.sweep(new AbortController().signal);
  expect(done).toEqual(['told']);

  await service.sweep(new AbortController().signal);
  expect(done).toEqual(['told', 'paused']);
});
