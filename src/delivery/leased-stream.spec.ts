import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PushOutcome } from '../core/delivery/classify-push-response.js';
import { FRONT, type PendingSet, type ReadResult } from '../queue/lease.service.js';
import { LeasedStream } from './leased-stream.js';
import type { ReadySet } from './ready-set.js';

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

function failedBefore(seq: number, subject = `u-${seq}`, failedAt = 1): PendingSet {
  const past = { isDue: true, failedAt, strikes: 0, othersPassed: false };
  return { ...pending(seq, subject), attempts: 1, past };
}

function notDue(seq: number, subject: string): PendingSet {
  const past = { isDue: false, failedAt: 1, strikes: 1, othersPassed: false };
  return { ...pending(seq, subject), attempts: 2, past };
}

/** Reads as the engine does, from a queue that holds `queue`. */
function read(stream: LeasedStream, queue: readonly PendingSet[], isOpen = true): boolean {
  const request = stream.readRequest();
  if (!request) return false;
  const blocked = new Set(request.blocked);
  const sets = queue
    .filter(({ seq }) => BigInt(seq) > BigInt(request.after))
    .filter(({ subjectHash, past }) => past || !blocked.has(subjectHash))
    .slice(0, request.max);
  const result: ReadResult = { isOwned: true, isOpen, version: '1', sets };
  const ready = stream.unknown(result, new Set()).map((set): ReadySet => ({ ...set, claims: '{}' }));
  stream.accept(ready, result, request);
  return true;
}

/** A read whose answer is taken in later: what is new is told apart now. */
function readLate(stream: LeasedStream, queue: readonly PendingSet[]): () => void {
  const request = stream.readRequest();
  if (!request) throw new Error('there is nothing to read');
  const result: ReadResult = { isOwned: true, isOpen: true, version: '1', sets: [...queue] };
  const ready = stream.unknown(result, new Set()).map((set): ReadySet => ({ ...set, claims: '{}' }));
  return () => stream.accept(ready, result, request);
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

  it('waits while nothing can be signed, tries with one SET, and then goes on as ever', () => {
    const stream = lease({ cap: 2 });
    const queue = [pending(1, 'ana'), pending(2, 'ben'), pending(3, 'ana')];
    read(stream, queue);
    for (const set of takeAll(stream)) stream.putBack(set, 0);

    expect([stream.isStarving, stream.isDone, stream.isIdle(10_000, 0)]).toEqual([false, false, false]);
    stream.ring();
    expect(read(stream, queue)).toBe(false);
    expect(stream.failureToReport()).toBeUndefined();

    stream.tryToSign();
    read(stream, queue);
    const [first, ...others] = takeAll(stream);
    expect([first?.seq, first?.signed, others]).toEqual(['1', undefined, []]);
    if (first) stream.settle(first, DELIVERED, 0);
    read(stream, queue.slice(1));
    expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['2', '3']);
  });

  it('takes in nothing that was read before it had to wait', () => {
    const stream = lease();
    read(stream, [pending(1)]);
    const [set] = takeAll(stream);
    stream.ring();
    const answer = readLate(stream, [pending(2)]);
    if (!set) throw new Error('there is nothing to send');
    stream.putBack(set, 0);

    answer();

    expect(stream.next()).toBeUndefined();
  });

  it.each<{ what: string; comesBack: (stream: LeasedStream, sets: readonly ReadySet[]) => void }>([
    {
      what: 'failed alone among others that passed',
      comesBack: (stream, [first, second]) => {
        if (first) stream.settle(first, FAILED, 0);
        if (second) stream.settle(second, DELIVERED, 0);
      },
    },
    {
      what: 'could not be signed',
      comesBack: (stream, [first, second]) => {
        if (second) stream.settle(second, DELIVERED, 0);
        if (first) stream.putBack(first, 0);
        stream.tryToSign();
      },
    },
  ])('what was read while a SET was in flight that $what does not overtake it', ({ comesBack }) => {
    const stream = lease({ cap: 2 });
    read(stream, [pending(1, 'ana'), pending(2, 'ben')]);
    const sets = takeAll(stream);
    stream.ring();
    const answer = readLate(stream, [pending(1, 'ana'), pending(2, 'ben'), pending(3, 'ana')]);
    comesBack(stream, sets);

    answer();

    expect(stream.next()).toBeUndefined();
    read(stream, [failedBefore(1, 'ana'), pending(3, 'ana')]);
    expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['1']);
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

    stream.settle(second, FAILED, 0);
    expect(stream.failureToReport()).toMatchObject({ failure: { err: 'http_503' }, failures: 1 });
  });

  it('goes on when one SET failed and another that was in flight beside it passed, and tries that one again', () => {
    const stream = lease({ cap: 2 });
    const queue = [pending(1), pending(2), pending(3), pending(4)];
    read(stream, queue);
    const [first, second] = takeAll(stream);
    if (!first || !second) throw new Error('two were to be in flight');

    expect(stream.settle(first, FAILED, 0)).toEqual({ outcome: 'retry' });
    stream.settle(second, DELIVERED, 0);
    expect(stream.failureToReport()).toBeUndefined();

    read(stream, [failedBefore(1), pending(3), pending(4)]);
    // carefully
    const [again, ...others] = takeAll(stream);
    expect([again?.seq, others]).toEqual(['1', []]);
    if (again) expect(stream.settle(again, FAILED, 0)).toMatchObject({ outcome: 'retry', strikes: 1 });
    expect(stream.failureToReport()).toBeUndefined();
    expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['3']);
  });

  it.each<[string, PushOutcome, PushOutcome]>([
    ['what passed had passed before', DELIVERED, FAILED],
    ['two failed', FAILED, FAILED],
    ['it was never sent', { ...FAILED, err: 'connection_refused' }, DELIVERED],
  ])('backs off after a failure when %s', (_what, ...outcomes) => {
    const stream = lease({ cap: 2 });
    read(stream, [pending(1), pending(2), pending(3)]);

    takeAll(stream).forEach((set, index) => {
      const outcome = outcomes[index];
      if (outcome) stream.settle(set, outcome, 0);
    });

    expect(stream.failureToReport()).toMatchObject({ failures: 1 });
  });

  it('sends all but what is about the subjects of what is aside, however much that is', () => {
    const stream = lease({ cap: 1 });
    const many = (count: number, subject: string, from: number): PendingSet[] =>
      Array.from({ length: count }, (_, index) => pending(from + index, subject));
    // more of each than is read ahead
    const behind = [...many(20, 'ana', 10), ...many(20, 'ben', 30), ...many(5, 'eve', 50)];
    const queue = [pending(0, 'dan'), notDue(1, 'ana'), failedBefore(2, 'ben'), ...behind];

    const sent: string[] = [];
    while (read(stream, queue))
      for (let set = stream.next(); set; set = stream.next()) {
        sent.push(set.seq);
        const fails = set.seq === '2';
        stream.settle(set, fails ? FAILED : DELIVERED, 0);
        queue.splice(
          queue.findIndex(({ seq }) => seq === set?.seq),
          1,
          ...(fails ? [notDue(2, 'ben')] : []),
        );
      }

    expect(sent).toEqual(['0', '2', '50', '51', '52', '53', '54']);
  });

  it('sends what was aside, and then what waited behind it, in order', () => {
    const stream = lease({ cap: 1 });
    read(stream, [notDue(1, 'ana'), pending(2, 'ana'), pending(3, 'ana')]);
    expect(stream.next()).toBeUndefined();

    stream.ring();
    const queue = [failedBefore(1, 'ana'), pending(2, 'ana'), pending(3, 'ana')];
    const sent: string[] = [];
    while (read(stream, queue))
      for (let set = stream.next(); set; set = stream.next()) {
        sent.push(set.seq);
        stream.settle(set, DELIVERED, 0);
        queue.shift();
      }

    expect(sent).toEqual(['1', '2', '3']);
  });

  it('keeps the order of a subject when what was aside is due in the middle of a long queue', () => {
    const stream = lease({ cap: 1 });
    const others = Array.from({ length: 12 }, (_, index) => pending(10 + index));
    const queue = [notDue(1, 'ana'), pending(2, 'ana'), ...others, pending(40, 'ana')];
    read(stream, queue);

    queue[0] = failedBefore(1, 'ana');
    stream.ring();
    const sent: ReadySet[] = [];
    while (read(stream, queue))
      for (let set = stream.next(); set; set = stream.next()) {
        sent.push(set);
        stream.settle(set, DELIVERED, 0);
        queue.splice(
          queue.findIndex(({ seq }) => seq === set?.seq),
          1,
        );
      }

    expect(queue).toEqual([]);
    expect(sent.filter(({ subjectHash }) => subjectHash === 'ana').map(({ seq }) => seq)).toEqual([
      '1',
      '2',
      '40',
    ]);
  });

  it('sends what waited behind what was aside when that is gone from the queue', () => {
    const stream = lease({ cap: 1 });
    read(stream, [notDue(1, 'ana'), pending(2, 'ana')]);

    stream.ring();
    const sent: (string | undefined)[] = [];
    while (read(stream, [pending(2, 'ana')]) && sent.length === 0)
      sent.push(...takeAll(stream).map(({ seq }) => seq));

    expect(sent).toEqual(['2']);
  });

  it('probes with a SET that has not failed for the longest time, never past an earlier one about its subject', () => {
    const probe = (...queue: PendingSet[]): string | undefined => {
      const stream = lease({ failures: 1 });
      read(stream, queue);
      return stream.next()?.seq;
    };

    expect(probe(failedBefore(1, 'ana', 50), pending(2, 'ben'), pending(3, 'eve'))).toBe('2');
    expect(probe(failedBefore(1, 'ana', 50), pending(2, 'ana'), failedBefore(3, 'eve', 40))).toBe('3');
    expect(probe(failedBefore(1, 'ana', 50), pending(2, 'ana'))).toBe('1');
  });

  it('probes with the new status first, but not for ever', () => {
    const probe = (attempts: number): string | undefined => {
      const stream = lease({ failures: 1 });
      read(stream, [{ ...failedBefore(-5, 'stream', 50), attempts }, pending(2, 'ben')]);
      return stream.next()?.seq;
    };

    expect([0, 1, 2, 3].map(probe)).toEqual(['-5', '-5', '-5', '2']);
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

  describe('in the middle of a backlog', () => {
    const backlog = Array.from({ length: 200 }, (_, index) => pending(10 + index));

    function inTheMiddle(): LeasedStream {
      const stream = lease({ cap: 2 });
      read(stream, backlog);
      expect(stream.readRequest()).toBeUndefined();
      return stream;
    }

    it('looks at the first SET alone, and goes on when it knows that', () => {
      const stream = inTheMiddle();
      stream.look();
      const request = stream.readRequest();
      expect(request).toMatchObject({ after: FRONT, max: 1 });

      const result = { isOwned: true, isOpen: true, version: '1', sets: backlog.slice(0, 1) };
      if (request) stream.accept([], result, request);
      expect(stream.readRequest()).toBeUndefined();
      expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['10', '11']);
    });

    it('sends first what such a look has found', () => {
      const stream = inTheMiddle();
      const queue = [pending(3), pending(4), ...backlog];

      stream.look();
      read(stream, queue);
      const first = stream.next();
      read(stream, queue);

      expect([first, ...takeAll(stream)].map((set) => set?.seq)).toEqual(['3', '4']);
    });

    it('reads from the front when the first SET is not due, and puts that aside', () => {
      const stream = inTheMiddle();
      const past = { isDue: false, failedAt: null, strikes: 0, othersPassed: false };
      const queue = [{ ...pending(3), past }, pending(4), ...backlog];

      stream.look();
      read(stream, queue);
      expect(stream.readRequest()).toMatchObject({ kind: 'front' });
      stream.restart();
      read(stream, queue);

      expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['4', '10']);
    });

    it('reads from the front when it is to look and needs more', () => {
      const stream = inTheMiddle();
      for (let count = 0; count < 5; count += 1)
        for (const set of takeAll(stream)) stream.settle(set, DELIVERED, 0);
      stream.look();

      read(stream, [pending(3), ...backlog.slice(10)]);
      expect(stream.readRequest()).toBeUndefined();
      expect(takeAll(stream).map(({ seq }) => seq)).toEqual(['3', '20']);
    });

    it('needs no look when it reads from the front anyway', () => {
      const stream = inTheMiddle();
      stream.look();
      stream.restart();

      read(stream, backlog);
      expect(stream.readRequest()).toBeUndefined();
    });
  });

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

  it.each([
    ['eight times what may be in flight', undefined, 32],
    ['its share of what the process may have at hand', 10, 10],
    ['never less than may be in flight', 1, 4],
  ])('reads ahead %s', (_, share, max) => {
    expect(lease({ cap: 4 }).readRequest(share)).toMatchObject({ max });
  });

  it('keeps its lease until its failure is written down', () => {
    const stream = lease();
    read(stream, [pending(1)]);
    for (const set of takeAll(stream)) stream.settle(set, FAILED, 0);

    expect(stream.failureToReport()).toMatchObject({ failures: 1 });
    expect(stream.isReleasable).toBe(false);

    const deleted = lease();
    deleted.stop();
    expect(deleted.isReleasable).toBe(true);
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

  it('delivers all, each subject in order, whichever SETs fail by themselves and however often', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ subject: fc.nat(4), failsLeft: fc.constantFrom(0, 0, 0, 1, 2, 3) }), {
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 8 }),
        fc.infiniteStream(fc.nat()),
        (sets, cap, picks) => {
          const rows = new Map(
            sets.map(({ subject, failsLeft }, seq) => [
              String(seq),
              { set: pending(seq, `u-${subject}`), failsLeft },
            ]),
          );
          const queue = (): PendingSet[] => [...rows.values()].map(({ set }) => set);
          const delivered: ReadySet[] = [];
          let stream = lease({ cap });
          const settle = (sent: ReadySet): void => {
            const row = rows.get(sent.seq);
            if (!row) return;
            const fails = row.failsLeft > 0;
            const { asideSeconds, strikes } = stream.settle(sent, fails ? FAILED : DELIVERED, 0);
            if (!fails) {
              delivered.push(sent);
              rows.delete(sent.seq);
              return;
            }
            row.failsLeft -= 1;
            const past = { strikes: strikes ?? row.set.past?.strikes ?? 0, failedAt: 1, othersPassed: false };
            row.set = { ...row.set, attempts: 1, past: { ...past, isDue: asideSeconds === undefined } };
          };
          // each turn sends something, or lets time pass
          for (let turn = 0; rows.size > 0 && turn < 1_000; turn += 1) {
            const inFlight: ReadySet[] = [];
            do {
              while (read(stream, queue()));
              inFlight.push(...takeAll(stream));
              const [done] = inFlight.splice(Number(picks.next().value) % Math.max(1, inFlight.length), 1);
              if (done) settle(done);
            } while (inFlight.length > 0);
            const report = stream.failureToReport();
            if (report) stream = lease({ cap, failures: report.failures });
            stream.ring();
            for (const row of rows.values())
              if (row.set.past) row.set = { ...row.set, past: { ...row.set.past, isDue: true } };
          }

          expect(rows.size).toBe(0);
          for (const subject of new Set(sets.map((each) => `u-${each.subject}`))) {
            const seqs = delivered.filter((set) => set.subjectHash === subject).map(({ seq }) => Number(seq));
            expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
          }
        },
      ),
    );
  });
});
