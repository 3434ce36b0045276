import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PushOutcome } from '../core/delivery/classify-push-response.js';
import { FRONT, type PendingSet, type ReadResult } from '../queue/lease.service.js';
import { LeasedStream, type ReadySet } from './leased-stream.js';

const TARGET = {
  streamId: 's-1',
  providerId: 'p-1',
  endpointUrl: 'https://rx.test',
  authorizationHeader: undefined,
};
const DELIVERED: PushOutcome = { outcome: 'delivered' };
const FAILED: PushOutcome = { outcome: 'retry', pace: 'quick', err: 'http_503' };
const REJECTED: PushOutcome = { outcome: 'rejected', err: 'invalid_audience' };

function lease({ failures = 0, cap = 8 } = {}): LeasedStream {
  return new LeasedStream(TARGET, { version: '1', failures, cap, now: 0 });
}

function pending(seq: number, subject = `u-${seq}`): PendingSet {
  return {
    seq: String(seq),
    jti: `j-${seq}`,
    subjectHash: subject,
    attempts: 0,
    enqueuedAt: 0,
    isExpired: false,
  };
}

/** Reads as the engine does, from a queue that holds `queue`. */
function read(stream: LeasedStream, queue: readonly PendingSet[], isOpen = true): boolean {
  const request = stream.readRequest();
  if (!request) return false;
  const sets = queue.filter(({ seq }) => BigInt(seq) > BigInt(request.after)).slice(0, request.max);
  const result: ReadResult = { isOwned: true, isOpen, version: '1', sets };
  const ready = stream.unknown(result, new Set()).map((set): ReadySet => ({ ...set, claims: '{}' }));
  stream.accept(ready, result, request);
  return true;
}

function takeAll(stream: LeasedStream): ReadySet[] {
  const taken: ReadySet[] = [];
  for (let set = stream.next(); set; set = stream.next()) taken.push(set);
  return taken;
}

describe('LeasedStream', () => {
  it('sends up to the cap side by side, in order', () => {
    const stream = lease({ cap: 3 });
    read(
      stream,
      [1, 2, 3, 4, 5].map((seq) => pending(seq)),
    );

    expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['1', '2', '3']);
  });

  it('holds a later SET about a subject back until the earlier one is done', () => {
    const stream = lease();
    read(stream, [pending(1, 'ana'), pending(2, 'ana'), pending(3, 'ben')]);

    const [first, ...others] = takeAll(stream);
    expect(others.map(({ seq }) => seq)).toEqual(['3']);

    if (first) stream.settle(first, DELIVERED, 0);
    expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['2']);
  });

  it('probes with one SET after a failure and doubles with each success', () => {
    const stream = lease({ failures: 3 });
    const queue = Array.from({ length: 20 }, (_, index) => pending(index));
    read(stream, queue);

    const sizes = [1, 2, 4, 8].map(() => {
      const round = takeAll(stream);
      for (const set of round) stream.settle(set, DELIVERED, 0);
      return round.length;
    });

    // the window grows with each success, so a round of two makes room for eight
    expect(sizes).toEqual([1, 2, 8, 8]);
  });

  it('sends nothing more after a failure and reports it when all that was in flight is done', () => {
    const stream = lease({ cap: 2 });
    read(stream, [pending(1), pending(2), pending(3)]);
    const [first, second] = takeAll(stream);
    if (!first || !second) throw new Error('two were to be in flight');

    stream.settle(first, FAILED, 0);
    expect(stream.next()).toBeUndefined();
    expect(stream.failureToReport()).toBeUndefined();

    stream.settle(second, DELIVERED, 0);
    expect(stream.failureToReport()).toMatchObject({ failure: { err: 'http_503' }, failures: 1 });
  });

  it('counts failures in a row on from the lease before', () => {
    const stream = lease({ failures: 4 });
    read(stream, [pending(1)]);
    for (const set of takeAll(stream)) stream.settle(set, FAILED, 0);

    expect(stream.failureToReport()?.failures).toBe(5);
  });

  it('backs off after ten rejections in a row, and a success in between starts the count anew', () => {
    const stream = lease({ cap: 1 });
    const outcomes = [
      ...Array<PushOutcome>(9).fill(REJECTED),
      DELIVERED,
      ...Array<PushOutcome>(9).fill(REJECTED),
    ];
    const queue = Array.from({ length: 30 }, (_, index) => pending(index));
    const settleNext = (outcome: PushOutcome): void => {
      read(stream, queue);
      const set = stream.next();
      if (set) stream.settle(set, outcome, 0);
    };

    for (const outcome of outcomes) settleNext(outcome);
    expect(stream.failureToReport()).toBeUndefined();

    settleNext(REJECTED);
    expect(stream.failureToReport()).toMatchObject({ failure: { err: 'invalid_audience' } });
  });

  it('takes a rejected probe for no success', () => {
    const stream = lease({ failures: 1 });
    read(stream, [pending(1)]);
    for (const set of takeAll(stream)) stream.settle(set, REJECTED, 0);

    expect(stream.failureToReport()?.failures).toBe(2);
  });

  it('reads a SET that came in with a lower seq once it was at the end of the queue', () => {
    const stream = lease();
    read(stream, [pending(5)]);
    for (const set of takeAll(stream)) stream.settle(set, DELIVERED, 0);
    expect(stream.readRequest()).toBeUndefined();

    stream.ring();
    read(stream, [pending(2)]);

    expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['2']);
  });

  it.each(['restart', 'hold'] as const)(
    'sends first what was put in front of what it has read (%s)',
    (how) => {
      const stream = lease({ cap: 2 });
      const queue = Array.from({ length: 40 }, (_, index) => pending(10 + index));
      read(stream, queue);
      const inFlight = takeAll(stream);

      stream[how]();
      read(stream, [pending(3), pending(4), ...queue]);
      for (const set of inFlight) stream.settle(set, DELIVERED, 0);

      expect(inFlight.map(({ seq }) => seq)).toEqual(['10', '11']);
      expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['3', '4']);
    },
  );

  it('starts anew although the answer to a read came in meanwhile', () => {
    const stream = lease({ cap: 1 });
    const sets = [1, 2, 3, 4].map((seq) => pending(seq));
    const request = stream.readRequest();
    stream.restart();
    if (request)
      stream.accept(
        sets.map((set) => ({ ...set, claims: '{}' })),
        { isOwned: true, isOpen: true, version: '1', sets },
        request,
      );
    for (const set of [stream.next()]) if (set) stream.settle(set, DELIVERED, 0);

    expect(stream.readRequest()).toMatchObject({ after: FRONT });
  });

  it('asks again when the doorbell rang during a read', () => {
    const stream = lease();
    const request = stream.readRequest();
    stream.ring();
    if (request) stream.accept([], { isOwned: true, isOpen: true, version: '1', sets: [] }, request);

    expect(stream.readRequest()).toMatchObject({ after: FRONT });
  });

  it('sends nothing that is at hand after a change until it has read how the stream stands', () => {
    const stream = lease();
    read(stream, [pending(1), pending(2)]);

    stream.hold();
    expect(stream.next()).toBeUndefined();
    expect(stream.isStarving).toBe(true);

    read(stream, [pending(1), pending(2)]);
    expect(takeAll(stream)).toHaveLength(2);
  });

  it('sends nothing of a stream that was paused but its status, and is then done', () => {
    const stream = lease();
    read(stream, [pending(1), pending(2)]);
    stream.hold();

    read(stream, [pending(-5, 'stream')], false);

    const [status, ...others] = takeAll(stream);
    expect(status?.seq).toBe('-5');
    expect(others).toEqual([]);
    if (status) stream.settle(status, DELIVERED, 0);
    expect(stream.isDone).toBe(true);
  });

  it('sends what was held only after the new status has arrived', () => {
    const stream = lease();
    read(stream, [pending(-5, 'stream'), pending(1), pending(2)]);

    const [status, ...others] = takeAll(stream);
    expect(status?.seq).toBe('-5');
    expect(others).toEqual([]);
    if (status) stream.settle(status, DELIVERED, 0);
    expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['1', '2']);
  });

  it('is idle only at the end of its queue, with nothing in flight, after a while', () => {
    const stream = lease();
    expect(stream.isIdle(10_000, 5_000)).toBe(false);

    read(stream, []);

    expect(stream.isIdle(4_999, 5_000)).toBe(false);
    expect(stream.isIdle(5_000, 5_000)).toBe(true);
  });

  it('sends each SET once, each subject in order, whatever the order of the answers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 120 }),
        fc.integer({ min: 1, max: 8 }),
        fc.infiniteStream(fc.nat()),
        (subjects, cap, picks) => {
          const queue = new Map(subjects.map((subject, seq) => [String(seq), pending(seq, `u-${subject}`)]));
          const stream = lease({ cap });
          const inFlight: ReadySet[] = [];
          const sent: ReadySet[] = [];
          for (;;) {
            stream.ring();
            read(stream, [...queue.values()]);
            const taken = takeAll(stream);
            sent.push(...taken);
            inFlight.push(...taken);
            expect(inFlight.length).toBeLessThanOrEqual(cap);
            expect(new Set(inFlight.map(({ subjectHash }) => subjectHash)).size).toBe(inFlight.length);
            if (inFlight.length === 0) break;
            const [done] = inFlight.splice(Number(picks.next().value) % inFlight.length, 1);
            if (!done) break;
            stream.settle(done, DELIVERED, 0);
            queue.delete(done.seq);
          }

          expect(sent).toHaveLength(subjects.length);
          for (const subject of new Set(subjects)) {
            const seqs = sent
              .filter((set) => set.subjectHash === `u-${subject}`)
              .map(({ seq }) => Number(seq));
            expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
          }
        },
      ),
    );
  });
});
