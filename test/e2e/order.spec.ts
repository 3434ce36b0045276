import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signal } from '../support/api-types.js';
import { connect, signals, userNumber } from '../support/scenario.js';
import { makeDue } from '../support/queue.js';
import type { TestReceiver } from '../support/test-receiver.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ sweepIntervalMs: 200 });
});

afterAll(() => transmitter.stop());

function arrivals(receiver: TestReceiver): (string | undefined)[] {
  return receiver.received.map(({ claims }) => claims.txn);
}

const numbered = (index: number): Partial<Signal> => ({ txn: `n-${index}` });

describe('SETs about one subject', () => {
  it('arrive in the order of their signals', async () => {
    const { signal, receiver } = await connect(transmitter);
    const all = signals(200, signal, numbered);

    for (let start = 0; start < all.length; start += 10)
      await transmitter.admin.recordAll(all.slice(start, start + 10));
    await until('the last of them', () => new Set(arrivals(receiver)).size === 200);

    const firstArrivals = [...new Set(arrivals(receiver))];
    expect(firstArrivals).toEqual(all.map((_, index) => `n-${index}`));
    expect(receiver.mostInFlight).toBe(1);
  });

  it('are never under way two at a time, while those of others are', async () => {
    const { signal, receiver } = await connect(transmitter);
    const release = receiver.hold();

    await transmitter.admin.recordAll([
      ...signals(3, signal, (index) => ({ ...userNumber(0), ...numbered(index) })),
      signal({ ...userNumber(1), txn: 'other' }),
    ]);
    await until('two requests at once', () => receiver.inFlight === 2);

    expect(arrivals(receiver).toSorted()).toEqual(['n-0', 'other']);
    release();
    await receiver.atLeast(4);
    expect(arrivals(receiver).filter((txn) => txn !== 'other')).toEqual(['n-0', 'n-1', 'n-2']);
  });

  it('keep their order when the first has to be sent again', async () => {
    const { signal, receiver, stream } = await connect(transmitter);
    receiver.answerInTurn({ status: 503 });

    await transmitter.admin.recordAll(signals(4, signal, numbered));
    await transmitter.admin.streamWhen(
      stream.stream_id,
      'backs off',
      ({ health }) => health.consecutiveFailures > 0,
    );
    await makeDue(transmitter, stream.stream_id);
    await receiver.atLeast(5);

    expect(arrivals(receiver)).toEqual(['n-0', 'n-0', 'n-1', 'n-2', 'n-3']);
  });

  it('keep their order when each fails once, alone among others that pass', async () => {
    const { signal, receiver, stream } = await connect(transmitter);
    const failed = new Set<string | undefined>();
    receiver.behave(({ claims: { txn } }) => {
      if (!txn?.startsWith('0-') || failed.has(txn)) return { status: 202 };
      failed.add(txn);
      return { status: 503 };
    });

    await transmitter.admin.recordAll(
      signals(200, signal, (index) => ({
        ...userNumber(index % 10),
        txn: `${index % 10}-${Math.floor(index / 10)}`,
      })),
    );
    await until('all of them', async () => {
      // when no other passed after it, the stream backs off
      await makeDue(transmitter, stream.stream_id);
      return receiver.received.length >= 220;
    });

    const inOrder = Array.from({ length: 20 }, (_, index) => [`0-${index}`, `0-${index}`]);
    expect(arrivals(receiver).filter((txn) => txn?.startsWith('0-'))).toEqual(inOrder.flat());
  });

  it('keep their order across the sessions of a user', async () => {
    const { signal, receiver } = await connect(transmitter, { application: { subjectFormat: 'complex' } });

    await transmitter.admin.recordAll(
      signals(30, signal, (index) => ({
        ...numbered(index),
        subject: { user: { id: 'u-31' }, session: { id: `s-${index}` } },
      })),
    );
    await receiver.atLeast(30);

    expect(arrivals(receiver)).toEqual(Array.from({ length: 30 }, (_, index) => `n-${index}`));
  });
});

describe('SETs about different subjects', () => {
  it('are sent side by side, up to eight to one stream', async () => {
    const { signal, receiver } = await connect(transmitter);
    const release = receiver.hold();

    await transmitter.admin.recordAll(signals(20, signal, userNumber));
    await until('eight requests at once', () => receiver.inFlight === 8);

    release();
    await receiver.atLeast(20);
    expect(receiver.mostInFlight).toBe(8);
  });
});
