import { expect, it, vi } from 'vitest';
import type { SsfConfig } from '../platform/config/ssf-options.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { FRONT, type LeaseService, type PendingSet } from '../queue/lease.service.js';
import type { PushTarget, PushTargetsService } from '../streams/push-targets.service.js';
import { LeaseKeeper } from './lease-keeper.js';

const STREAMS = ['done', 'done-and-unsettled', 'busy'];

async function leased() {
  const held = new Set(STREAMS);
  const heartbeat = vi.fn<LeaseService['heartbeat']>(async (_owner, _seconds, released) => {
    for (const streamId of released) held.delete(streamId);
    return held;
  });
  const leases = new LeaseKeeper(
    { leaseSeconds: 30, maxInFlightPerStream: 8 } as SsfConfig,
    {
      acquire: async () => STREAMS.map((streamId) => ({ streamId, version: '1', failures: 0 })),
      heartbeat,
    } as unknown as LeaseService,
    {
      load: async () => new Map(STREAMS.map((streamId) => [streamId, { streamId } as PushTarget])),
    } as unknown as PushTargetsService,
    new SsfMetrics(),
  );
  await leases.acquire(undefined);
  await leases.renewAndRelease(() => false);
  for (const stream of leases.table.all()) if (stream.streamId !== 'busy') stream.stop();
  heartbeat.mockClear();
  return { leases, heartbeat };
}

it('a lease that is done is given back, but not before what was done under it is written', async () => {
  const { leases, heartbeat } = await leased();

  await leases.renewAndRelease((streamId) => streamId === 'done-and-unsettled');
  await leases.renewAndRelease(() => false);

  expect(heartbeat.mock.calls.map(([, , released]) => released)).toEqual([['done'], ['done-and-unsettled']]);
  expect([...leases.table.all()].map(({ streamId }) => streamId)).toEqual(['busy']);
});

it.each([
  ['a read that began behind the front', '5', 'on'],
  ['a look at the first SET', FRONT, 'look'],
  ['a read from the front', FRONT, 'front'],
] as const)(
  'a change that is seen by %s: the front is read before more is sent, unless it was',
  async (_, after, kind) => {
    const { leases } = await leased();
    const stream = leases.table.get('busy');
    if (!stream) throw new Error('it is not leased');

    const request = { streamId: 'busy', after, max: 8, kind };
    const isFrontNext = kind !== 'front';
    const result = { isOwned: true, isOpen: true, version: '2', sets: [pending('7')] };
    await leases.refresh([{ stream, request, result }]);
    stream.accept([{ ...pending('7'), claims: '{}' }], result, request);

    expect(stream.next() === undefined).toBe(isFrontNext);
    if (isFrontNext) expect(stream.readRequest()).toMatchObject({ after: FRONT });
  },
);

function pending(seq: string): PendingSet {
  return { seq, jti: `jti-${seq}`, subjectHash: seq, attempts: 0, enqueuedAt: 0, isExpired: false };
}
