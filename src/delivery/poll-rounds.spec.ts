import { trace } from '@opentelemetry/api';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SsfConfig } from '../platform/config/ssf-options.js';
import type { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import type { Disconnection } from '../platform/http/disconnection.js';
import type { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { TestTracing } from '../platform/tracing/test-tracing.fixture.js';
import type { PollQueueService } from '../queue/poll-queue.service.js';
import type { PollHandOutService, Portion } from './poll-hand-out.service.js';
import { PollRounds } from './poll-rounds.js';
import type { SetsAsk } from './waiting-poll.js';

const NOTHING: Portion = { isPolled: true, sets: {}, places: [], hasMore: false, isCutOff: false };
const CONNECTED: Disconnection = { hasHappened: false, whenItHappens: () => () => undefined };

/** Rounds over streams that have as many SETs as `waiting` says; what was asked for in each round is noted. */
function roundsOver(waiting: Map<string, number>, { maxSets = 1_000 } = {}) {
  const asked: string[][] = [];
  const spans: unknown[] = [];
  let doorbell: (payload: { streamIds: string[] }) => void = () => undefined;
  const database = { isAway: false };
  const handOut = async (asks: readonly SetsAsk[]): Promise<Map<string, Portion>> => {
    if (database.isAway) throw new Error('the database is away');
    asked.push(asks.map(({ streamId }) => streamId));
    spans.push(trace.getActiveSpan());
    // the answer of a database takes a turn at least
    await nextTurn();
    let left = maxSets;
    return new Map(
      asks.map(({ streamId, max }): [string, Portion] => {
        const there = waiting.get(streamId) ?? 0;
        const count = Math.min(there, max, left);
        left -= count;
        waiting.set(streamId, there - count);
        const seqs = Array.from({ length: count }, (_, index) => `${streamId}/${index}`);
        return [
          streamId,
          {
            ...NOTHING,
            sets: Object.fromEntries(seqs.map((seq) => [seq, 'signed'])),
            places: seqs.map((seq) => ({ streamId, seq })),
            hasMore: there > count,
            isCutOff: count === 0 && there > 0 && max > 0,
          },
        ];
      }),
    );
  };
  const rounds = new PollRounds(
    { sweepIntervalMs: 1000, maxHeldPolls: 10_000 } as SsfConfig,
    { handOut } as unknown as PollHandOutService,
    {} as PollQueueService,
    {
      on: (name: string, listener: typeof doorbell) => {
        if (name === 'set.queued') doorbell = listener;
        return () => undefined;
      },
    } as unknown as SsfEventBus,
    { every: () => undefined } as unknown as PeriodicTasks,
  );
  rounds.onApplicationBootstrap();
  const serve = async (streamId: string, { max = 100, holdMs = 60_000 } = {}): Promise<number> => {
    const { sets } = await rounds.serve({ streamId, providerId: 'p', max, holdMs }, CONNECTED);
    return Object.keys(sets).length;
  };
  return { rounds, asked, spans, database, serve, ring: (streamIds: string[]) => doorbell({ streamIds }) };
}

async function idle(asked: readonly string[][]): Promise<void> {
  for (let count = -1; count !== asked.length; await nextTurn(), await nextTurn()) count = asked.length;
}

describe('PollRounds', () => {
  it('asks for thousands of woken polls in a few rounds', async () => {
    const streamIds = Array.from({ length: 2_000 }, (_, index) => `stream-${index}`);
    const waiting = new Map<string, number>();
    const { asked, serve, ring } = roundsOver(waiting, { maxSets: 2_000 });
    const held = streamIds.map((streamId) => serve(streamId));
    await idle(asked);
    asked.length = 0;

    for (const streamId of streamIds) waiting.set(streamId, 1);
    ring(streamIds);

    expect(new Set(await Promise.all(held))).toEqual(new Set([1]));
    expect(asked.map((round) => round.length)).toEqual([500, 500, 500, 500]);
  });

  it('asks once for all the polls of a stream, and again only while there is more', async () => {
    const waiting = new Map<string, number>();
    const { asked, serve, ring, rounds } = roundsOver(waiting);
    const held = Array.from({ length: 50 }, () => serve('s', { max: 1 }));
    await idle(asked);
    asked.length = 0;

    waiting.set('s', 2);
    ring(['s']);
    await Promise.all(held.slice(0, 2));
    await idle(asked);

    expect(asked).toEqual([['s'], ['s']]);
    await rounds.beforeApplicationShutdown();
    expect((await Promise.all(held)).filter((count) => count === 1)).toHaveLength(2);
  });

  it('asks again for a stream that others left nothing for, before those that come later', async () => {
    const waiting = new Map([
      ['a', 10],
      ['b', 10],
    ]);
    const { asked, serve } = roundsOver(waiting, { maxSets: 10 });

    const counts = await Promise.all([serve('a', { holdMs: 0 }), serve('b', { holdMs: 0 })]);

    expect(counts).toEqual([10, 10]);
    expect(asked).toEqual([['a', 'b'], ['b']]);
  });

  it('fails the polls that it could not ask for, and serves the next ones', async () => {
    const { serve, database } = roundsOver(new Map([['s', 1]]));
    database.isAway = true;

    await expect(serve('s')).rejects.toThrow('the database is away');
    database.isAway = false;

    expect(await serve('s')).toBe(1);
  });

  it('asks in the trace of nobody, whose poll ever began the round', async () => {
    const tracing = TestTracing.start();
    onTestFinished(() => tracing.stop());
    const { serve, spans } = roundsOver(new Map([['s', 1]]));

    const count = await trace.getTracer('host').startActiveSpan('poll', () => serve('s'));

    expect(count).toBe(1);
    expect(spans).toEqual([undefined]);
  });
});
