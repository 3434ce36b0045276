import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/http.js';
import { connect, createProvider, signals, userNumber } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const MAX_HELD = 3;

let transmitter: Transmitter;

beforeAll(async () => {
  // the surplus is dropped every sixty sweeps
  transmitter = await startTransmitter({ maxHeldSets: MAX_HELD, sweepIntervalMs: 10 });
});

afterAll(() => transmitter.stop());

function pendingIs(streamId: string, count: number) {
  return transmitter.admin.streamWhen(
    streamId,
    `has ${count} SETs waiting`,
    ({ health }) => health.pendingCount === count,
  );
}

describe('the limits of paused streams', () => {
  it('are published in the metadata', async () => {
    const { configurationUrl } = await createProvider(transmitter, { eventRetentionDays: 7 });

    expect((await call(configurationUrl)).json()).toMatchObject({
      paused_stream_limits: { max_events: MAX_HELD, max_seconds: 7 * 86_400 },
    });
  });

  it('drop the oldest beyond them, with the reason, and the rest is sent in order', async () => {
    const { api, application, stream, receiver, signal } = await connect(transmitter);
    await api.setStatus({ stream_id: stream.stream_id, status: 'paused' });
    await transmitter.admin.recordAll(signals(5, signal, (index) => ({ txn: `op-${index}` })));
    await pendingIs(stream.stream_id, MAX_HELD);

    const dropped = await transmitter.admin.sets({ streamId: stream.stream_id, status: 'dropped' });
    await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' });

    expect(dropped.map(({ txn, reason }) => [txn, reason])).toEqual([
      ['op-1', 'hold_limit'],
      ['op-0', 'hold_limit'],
    ]);
    const [noted] = await transmitter.admin.auditLog({ streamId: stream.stream_id, action: 'sets.dropped' });
    expect(noted).toMatchObject({
      actor: { kind: 'system', id: 'hold-limit' },
      applicationId: application.id,
      after: { reason: 'hold_limit', count: 2 },
    });
    const received = await receiver.atLeast(MAX_HELD);
    expect(received.map(({ claims }) => claims.txn)).toEqual(['op-2', 'op-3', 'op-4']);
  });

  it('do not count SETs about the status of the stream', async () => {
    const { stream, receiver, signal } = await connect(transmitter);
    receiver.behave({ status: 503 });
    await transmitter.admin.call(`/streams/${stream.stream_id}/status`, { body: { status: 'paused' } });
    await transmitter.admin.recordAll(signals(5, signal, userNumber));

    await pendingIs(stream.stream_id, MAX_HELD + 1);

    const held = await transmitter.admin.sets({ streamId: stream.stream_id, status: 'pending' });
    expect(held).toMatchObject([
      { eventType: 'https://schemas.openid.net/secevent/ssf/event-type/stream-updated' },
    ]);
  });

  it('are none of streams that are enabled', async () => {
    const failing = await connect(transmitter);
    failing.receiver.behave({ status: 503 });
    await transmitter.admin.recordAll(signals(5, failing.signal, userNumber));
    await pendingIs(failing.stream.stream_id, 5);
    // when the limit was applied to another one, it was to this one, too
    const paused = await connect(transmitter);
    await paused.api.setStatus({ stream_id: paused.stream.stream_id, status: 'paused' });
    await transmitter.admin.recordAll(signals(5, paused.signal, userNumber));

    await pendingIs(paused.stream.stream_id, MAX_HELD);

    expect((await transmitter.admin.stream(failing.stream.stream_id)).health.pendingCount).toBe(5);
  });
});
