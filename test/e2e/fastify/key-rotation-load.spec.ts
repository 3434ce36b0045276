import { jwtVerify } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import type { Provider, Signal, StreamConfiguration } from '../../support/api-types.js';
import { answerOf, NOW, pollStream, type PollStream } from '../../support/polling.js';
import { makeDue, makeVisible } from '../../support/queue.js';
import {
  type Connection,
  connect,
  createProvider,
  sessionRevoked,
  signals,
  userNumber,
} from '../../support/scenario.js';
import { JwksCache, keysOf, passTime, rotateKey } from '../../support/signing-keys.js';
import { startReplica, startTransmitter, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

const ROUNDS = 20;
const ROUND_SECONDS = 110;
const SIGNALS_A_ROUND = 3;
const PUSH_STREAMS = 2;

/** A receiver whose copy of the JWK Set grows old by the test's clock; each seventh request fails. */
async function unreliable(
  transmitter: Transmitter,
  provider: Provider,
): Promise<Connection & { cache: JwksCache }> {
  const connection = await connect(transmitter, { to: provider });
  const { receiver, application } = connection;
  const cache = new JwksCache(provider.jwksUri);
  const { configurationUrl, issuer } = provider;
  receiver.believe({ configurationUrl, issuer, audience: application.audience, keys: cache.key });
  let count = 0;
  receiver.behave(() => ({ status: (count += 1) % 7 === 0 ? 503 : 202 }));
  return { ...connection, cache };
}

/** Polls one of the processes, verifies what it gets, and acknowledges every other SET. */
class Poller {
  /** every signed form that was handed out, by jti */
  readonly tokens = new Map<string, string[]>();
  readonly cache: JwksCache;
  private count = 0;

  constructor(private readonly poll: PollStream) {
    this.cache = new JwksCache(poll.provider.jwksUri);
  }

  /** Of the process that has this URL. Answers how many came. */
  async round(baseUrl: string): Promise<number> {
    const stream = streamAt(this.poll.stream, baseUrl);
    const { sets } = answerOf(await this.poll.api.poll(stream, NOW));
    const ack: string[] = [];
    for (const [jti, token] of Object.entries(sets)) {
      await jwtVerify(token, this.cache.key, { issuer: this.poll.provider.issuer });
      this.tokens.set(jti, [...(this.tokens.get(jti) ?? []), token]);
      if ((this.count += 1) % 2 === 0) ack.push(jti);
    }
    if (ack.length > 0) answerOf(await this.poll.api.poll(stream, { ack, maxEvents: 0, ...NOW }));
    return Object.keys(sets).length;
  }
}

function streamAt(stream: StreamConfiguration, baseUrl: string): StreamConfiguration {
  const { method, endpoint_url: url } = stream.delivery;
  return { ...stream, delivery: { method, endpoint_url: baseUrl + new URL(url).pathname } };
}

/** Each round a key rotates, or one is about to retire, while SETs come, fail and are sent again by two processes. */
it('every SET verifies with the JWK Set as caches have it, while keys rotate under load in two processes', async () => {
  const transmitter = await startTransmitter({ sweepIntervalMs: 40, housekeepingIntervalMs: 60 });
  onTestFinished(() => transmitter.stop());
  const replica = await startReplica(transmitter);
  onTestFinished(() => replica.stop());
  const provider = await createProvider(transmitter);
  const receivers: Awaited<ReturnType<typeof unreliable>>[] = [];
  for (let index = 0; index < PUSH_STREAMS; index += 1)
    receivers.push(await unreliable(transmitter, provider));
  const signal = (members: Partial<Signal>): Signal => sessionRevoked(provider, members);
  const poll = await pollStream(transmitter, {}, provider);
  const poller = new Poller(poll);
  const retireSoon = (): Promise<unknown> =>
    transmitter.database.query(
      `update ssf.signing_key set changes_at = least(changes_at, now() + interval '10 minutes')
        where provider_id = $1 and status = 'retiring'`,
      [provider.id],
    );
  const retry = (): Promise<unknown> =>
    Promise.all([
      ...receivers.map(({ stream }) => makeDue(transmitter, stream.stream_id)),
      makeVisible(transmitter, poll.stream.stream_id),
    ]);

  for (let round = 0; round < ROUNDS; round += 1) {
    const { admin } = round % 2 === 0 ? transmitter : replica;
    await admin.recordAll(signals(SIGNALS_A_ROUND, signal, userNumber));
    const hasNext = (await keysOf({ admin }, provider)).some(({ status }) => status === 'next');
    if (!hasNext) await rotateKey({ admin }, provider);
    if (round % 5 === 4) await retireSoon();
    await retry();
    await poller.round(round % 2 === 0 ? replica.baseUrl : transmitter.baseUrl);
    // caches first: what they are to know is then known a moment earlier than it has to be
    for (const { cache } of [...receivers, poller]) cache.pass(ROUND_SECONDS);
    await passTime(transmitter, provider, ROUND_SECONDS);
  }
  await until('all is delivered', async () => {
    expect(receivers.flatMap(({ receiver }) => receiver.refused)).toEqual([]);
    await retry();
    const left = await poller.round(replica.baseUrl);
    const streams = await Promise.all(
      receivers.map(({ stream }) => transmitter.admin.stream(stream.stream_id)),
    );
    return left === 0 && streams.every(({ health }) => health.pendingCount === 0);
  });

  for (const { receiver, cache } of receivers) {
    expect(new Set(receiver.received.map(({ claims }) => claims.jti)).size).toBe(ROUNDS * SIGNALS_A_ROUND);
    // it was no use asking more often
    expect(cache.fetches).toBeLessThanOrEqual(1 + (ROUNDS * ROUND_SECONDS) / 300);
  }
  expect(poller.tokens.size).toBe(ROUNDS * SIGNALS_A_ROUND);
  const signers = new Set(
    receivers.flatMap(({ receiver }) => receiver.received.map(({ header }) => header.kid)),
  );
  expect(signers.size).toBeGreaterThan(3);
  const statuses = (await keysOf(transmitter, provider)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 'retired').length).toBeGreaterThan(1);
  expect(statuses).toContain('active');
});
