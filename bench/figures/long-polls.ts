import { createRemoteJWKSet, jwtVerify } from 'jose';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../test/support/until.js';
import type { Figure, FigureContext } from '../figure.js';
import type { PollClientCommands, PolledStream } from '../processes/poll-client.js';
import type { SignalClientCommands } from '../processes/signal-client.js';
import { Child } from '../support/child.js';
import { untilQuiet } from '../support/meter.js';
import { residentBytes } from '../support/process-usage.js';
import { addSubjects, createToken, subjectOf } from '../support/receiver-access.js';
import { quantile } from '../support/statistics.js';
import { createStreams, type Streams, STREAMS_PER_APPLICATION } from '../support/streams.js';
import { Transmitter } from '../support/transmitter.js';

/** Streams whose polls are woken, one by one, while the others wait. */
const WOKEN = 10;
const PER_SECOND = 20;
const HOLD_DEADLINE_MS = 120_000;
const SETTLE_MS = 3_000;
/** A server of `node:http` alone that holds a request takes 10; ours knows who asks, and logs, and may cancel. */
const HELD_KB = 30;
/** What a finalizer lets go of is collected by the next. */
const COLLECTIONS = 3;
/** Memory that nothing refers to any more is given back when it is asked for, before each look at what is left. */
const COLLECTS = "process.on('SIGUSR2',()=>globalThis.gc())";

export const longPollsFigure: Figure = {
  name: 'long-polls',
  about: 'what 2,000 idle long polls take, and how soon one is woken',
  needsLinux: true,
  run: async (context) => {
    const { resources, size, log } = context;
    const count = size({ quick: 200, full: 2_000 });
    const transmitter = await Transmitter.start(resources, {
      settings: { ...context.transmitter.settings, SSF_LONG_POLL_SECONDS: '300' },
      nodeArguments: [
        ...(context.transmitter.nodeArguments ?? []),
        '--expose-gc',
        '--import',
        `data:text/javascript,${encodeURIComponent(COLLECTS)}`,
      ],
    });
    const idle = await createStreams(transmitter, { count: count - WOKEN });
    const woken = await createStreams(transmitter, { count: WOKEN, provider: { defaultSubjects: 'NONE' } });
    await addSubjects(
      transmitter,
      woken,
      woken.ids.map((streamId, number) => ({ streamId, number })),
    );

    const polls = Child.start<PollClientCommands>(resources, 'poll-client');
    await polls.call('open', {
      baseUrl: transmitter.baseUrl,
      streams: [...(await polled(transmitter, idle)), ...(await polled(transmitter, woken))],
    });
    // creating them took memory of its own
    await transmitter.restart();
    /** What the process has in memory when the polls of this range are held too. */
    const hold = async (from: number, to: number): Promise<number> => {
      await polls.call('hold', { from, to });
      await untilQuiet(transmitter, HOLD_DEADLINE_MS);
      if ((await polls.call('waiting')) !== to) throw new Error('not all polls are held');
      return settledMemory(transmitter);
    };
    // what is taken once, whatever the number of polls, is taken by the first of them
    const first = count / 4;
    const before = await hold(0, first);
    const after = await hold(first, count);
    log(`${mb(before)} with ${first} polls, ${mb(after)} with ${count}`);

    const latencies = await wake(context, transmitter, woken, polls);
    return [
      {
        what: `memory per held long poll, ${count} of them`,
        value: (after - before) / (count - first) / 1000,
        unit: 'kB',
        limit: { below: HELD_KB },
        details: `${mb(before)} with ${first} polls, ${mb(after)} with ${count}`,
      },
      {
        what: `signal POST to the answer of a long poll, p99, ${count} held`,
        value: quantile(latencies, 0.99),
        unit: 'ms',
        limit: { below: 50 },
      },
      { what: 'the same, p50', value: quantile(latencies, 0.5), unit: 'ms' },
    ];
  },
};

/** Each signal is about the subject of one stream, whose poll it wakes. */
async function wake(
  { resources, size }: FigureContext,
  { baseUrl, adminToken }: Transmitter,
  { provider }: Streams,
  polls: Child<PollClientCommands>,
): Promise<number[]> {
  const signals = Child.start<SignalClientCommands>(resources, 'signal-client');
  await signals.call('open', { baseUrl, token: adminToken, connections: 8 });
  const txns = Array.from({ length: size({ quick: 60, full: 1_000 }) }, (_, index) => `wake-${index}`);
  const sentAt = await signals.call('pace', {
    perSecond: PER_SECOND,
    bodies: txns.map((txn, index) =>
      JSON.stringify({
        provider: provider.slug,
        type: 'session.revoked',
        txn,
        subject: { user: { id: subjectOf(index % WOKEN) } },
      }),
    ),
  });
  const received = await until('the SETs of all signals', async () => {
    const sets = await polls.call('received');
    return new Set(sets.map(({ txn }) => txn)).size >= txns.length && sets;
  });
  const keys = createRemoteJWKSet(new URL(provider.jwksUri));
  for (const token of (await polls.call('tokens')).slice(-WOKEN))
    await jwtVerify(token, keys, { issuer: provider.issuer, typ: 'secevent+jwt' });
  const arrivedAt = new Map(received.toReversed().map(({ txn, at }) => [txn, at]));
  return (
    txns
      .map((txn, index) => (arrivedAt.get(txn) ?? Number.NaN) - (sentAt[index] ?? Number.NaN))
      // the first of each stream warms up
      .slice(WOKEN)
  );
}

/** Where and with what each stream is polled. */
async function polled(transmitter: Transmitter, streams: Streams): Promise<PolledStream[]> {
  const tokens = await Promise.all(
    streams.applications.map((_, index) => createToken(transmitter, streams, index)),
  );
  return streams.ids.map((id, index) => ({
    path: `/ssf/${streams.provider.slug}/streams/${id}/poll`,
    token: tokens[Math.floor(index / STREAMS_PER_APPLICATION)] ?? '',
  }));
}

async function settledMemory({ pid }: Transmitter): Promise<number> {
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    await delay(SETTLE_MS);
    process.kill(pid, 'SIGUSR2');
  }
  await delay(SETTLE_MS);
  return residentBytes(pid);
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
