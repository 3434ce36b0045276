import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, signals, userNumber } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ sweepIntervalMs: 100 });
});

afterAll(() => transmitter.stop());

describe('while nothing fails, a SET is sent once', () => {
  it('when many are recorded at once', async () => {
    const { signal, receiver } = await connect(transmitter);

    await transmitter.admin.recordAll(signals(400, signal, userNumber));
    await until('all SETs', () => new Set(receiver.received.map(({ claims }) => claims.jti)).size === 400);

    expect(receiver.received).toHaveLength(400);
  });

  it('when its answer comes while the queue is being read', async () => {
    const { signal, receiver } = await connect(transmitter);
    const release = receiver.hold();
    const first = await transmitter.admin.record(signal());
    const { claims } = await receiver.next();

    const unlock = await transmitter.database.lock('ssf.attempt');
    await until('a read of the queue', () => transmitter.database.hasWaiting());
    release();
    await until('the answer is taken in', () =>
      transmitter.logLines.some((line) => line.includes('set.attempted') && line.includes(claims.jti)),
    );
    await unlock();
    const second = await transmitter.admin.record(signal());
    await receiver.next((set) => set.claims.txn === second);

    expect(receiver.received.map((set) => set.claims.txn)).toEqual([first, second]);
  });
});
