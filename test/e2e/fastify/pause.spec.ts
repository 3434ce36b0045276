import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, signals, userNumber } from '../../support/scenario.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

// without a single listener a pause is only seen by the next sweep, so this is not for the silent host
describe('a stream that is paused while it is busy', () => {
  it('sends nothing of what was read ahead', async () => {
    const { api, stream, receiver, signal } = await connect(transmitter);
    const release = receiver.hold();
    await transmitter.admin.recordAll(signals(60, signal, userNumber));
    await receiver.atLeast(8);

    await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });
    const before = receiver.received.length;
    release();
    const marker = await connect(transmitter);
    await transmitter.admin.record(marker.signal());
    await marker.receiver.next();

    expect(receiver.received.length).toBe(before);
    receiver.behave({ status: 202 });
    await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });
    const received = await receiver.atLeast(60);
    expect(new Set(received.map(({ claims }) => claims.jti)).size).toBe(60);
  });
});
