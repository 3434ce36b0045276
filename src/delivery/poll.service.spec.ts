import { SpanStatusCode } from '@opentelemetry/api';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { PollRequest } from '../core/delivery/poll-request.js';
import { SsfError } from '../core/errors.js';
import type { SsfConfig } from '../platform/config/ssf-options.js';
import type { Disconnection } from '../platform/http/disconnection.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { TestTracing } from '../platform/tracing/test-tracing.fixture.js';
import type { Stream } from '../streams/stream.entity.js';
import type { PollHandOutService } from './poll-hand-out.service.js';
import type { PollRounds } from './poll-rounds.js';
import { PollService } from './poll.service.js';
import type { SetTracesService } from './set-traces.service.js';

const STREAM = { id: 's-1', providerId: 'p-1' } as Stream;
const REQUEST: PollRequest = { returnImmediately: true, ack: [], setErrs: new Map(), ackedAndFailed: [] };
const CONNECTED: Disconnection = { hasHappened: false, whenItHappens: () => () => undefined };

it('a poll that fails is a span that says so, and fails all the same', async () => {
  const tracing = TestTracing.start();
  onTestFinished(() => tracing.stop());
  const polls = new PollService(
    { longPollSeconds: 30 } as SsfConfig,
    { end: vi.fn() } as unknown as PollHandOutService,
    { serve: () => Promise.reject(new SsfError('unavailable', 'of ana@acme.test')) } as unknown as PollRounds,
    { of: vi.fn() } as unknown as SetTracesService,
    new SsfMetrics(),
  );

  await expect(polls.poll(STREAM, REQUEST, CONNECTED)).rejects.toMatchObject({ code: 'unavailable' });

  expect(tracing.spans).toMatchObject([{ name: 'ssf.poll', status: { code: SpanStatusCode.ERROR } }]);
  expect(tracing.spans[0]?.attributes).toEqual({
    'ssf.provider_id': 'p-1',
    'ssf.stream_id': 's-1',
    'error.type': 'unavailable',
  });
});
