import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StreamConfiguration } from '../support/api-types.js';
import { answerOf, jtisOf, NOW, pollStream, waits } from '../support/polling.js';
import { makeVisible } from '../support/queue.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;
let replica: Awaited<ReturnType<typeof startReplica>>;

beforeAll(async () => {
  transmitter = await startTransmitter({ maxHeldPolls: 3 });
  replica = await startReplica(transmitter);
});

afterAll(async () => {
  await replica.stop();
  await transmitter.stop();
});

/** The stream as the replica answers it: behind a load balancer both have one address. */
function onReplica(stream: StreamConfiguration): StreamConfiguration {
  const { endpoint_url: url } = stream.delivery;
  return {
    ...stream,
    delivery: { ...stream.delivery, endpoint_url: url.replace(transmitter.baseUrl, replica.baseUrl) },
  };
}

describe('two processes on one database', () => {
  it('wake each other: a long poll that one holds gets what the other one queued', async () => {
    const { api, stream, record } = await pollStream(transmitter);
    const held = jtisOf(api, stream, {});
    await waits(transmitter, stream);

    expect((await replica.admin.call(`/streams/${stream.stream_id}/verify`, { method: 'POST' })).status).toBe(
      204,
    );

    expect(await held).toHaveLength(1);
    const elsewhere = jtisOf(api, onReplica(stream), {});
    await waits(transmitter, stream, 2);
    await record(1);
    expect(await elsewhere).toHaveLength(1);
  });

  it('never hand out the same SET at once, and the same bytes later', async () => {
    const { api, stream, record } = await pollStream(transmitter);
    await record(20);

    const answers = await Promise.all(
      [stream, onReplica(stream), stream, onReplica(stream)].map(async (each) =>
        answerOf(await api.poll(each, { ...NOW, maxEvents: 5 })),
      ),
    );
    await makeVisible(transmitter, stream.stream_id);
    const again = answerOf(await api.poll(onReplica(stream), NOW));

    const jtis = answers.flatMap(({ sets }) => Object.keys(sets));
    expect(new Set(jtis).size).toBe(jtis.length);
    expect(again.sets).toMatchObject(Object.assign({}, ...answers.map(({ sets }) => sets)) as object);
  });

  it('both end their long polls of a stream that is deleted', async () => {
    const { api, stream } = await pollStream(transmitter);
    const held = [api.poll(stream, {}), api.poll(onReplica(stream), {})];
    await waits(transmitter, stream, 2);

    await api.deleteStream(stream.stream_id);

    for (const answer of await Promise.all(held)) expect(answerOf(answer)).toEqual({ sets: {} });
    expect((await api.poll(onReplica(stream), NOW)).status).toBe(404);
  });
});

describe('a process that holds as many long polls as it may', () => {
  it('answers the oldest of the stream that has most', async () => {
    const busy = await pollStream(transmitter);
    const quiet = await pollStream(transmitter);
    const only = jtisOf(quiet.api, quiet.stream, {});
    await waits(transmitter, quiet.stream);
    const oldest = jtisOf(busy.api, busy.stream, {});
    await waits(transmitter, busy.stream);
    const younger = jtisOf(busy.api, busy.stream, { maxEvents: 1 });
    await waits(transmitter, busy.stream, 2);

    const youngest = jtisOf(busy.api, busy.stream, {});

    expect(await oldest).toEqual([]);
    await Promise.all([quiet.record(1), busy.record(2)]);
    expect((await Promise.all([only, younger, youngest])).map((jtis) => jtis.length)).not.toContain(0);
  });
});

describe('a process that ends', () => {
  it('answers the long polls that it holds', async () => {
    const ending = await startTransmitter();
    const { api, stream } = await pollStream(ending);
    const held = api.poll(stream, {});
    await waits(ending, stream);

    await ending.stop();

    expect(answerOf(await held)).toEqual({ sets: {} });
  });
});
