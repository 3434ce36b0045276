import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Provider, Signal } from '../../test/support/api-types.js';
import type { SinkSummary } from '../processes/sink.js';
import type { Database } from './database.js';
import type { Sink } from './sink.js';
import type { Streams } from './streams.js';
import type { Transmitter } from './transmitter.js';

const SIGNALS_PER_CALL = 500;
const PREPARE_DEADLINE_MS = 600_000;
const DRAIN_DEADLINE_MS = 900_000;
const SETTLE_DEADLINE_MS = 60_000;
/** How many SETs of a round are verified with the transmitter's published keys. */
const VERIFIED = 20;

export interface Drain {
  /** default: all */
  readonly ids?: readonly string[];
  /** streams that are released too, and whose SETs nobody waits for */
  readonly alsoReleased?: readonly string[];
  /** false: pages are not written to the log as a whole, which they are at their first change after a checkpoint */
  readonly isAfterCheckpoint?: boolean;
}

export interface Drained {
  readonly sets: number;
  readonly setsPerSecond: number;
  /** of the write-ahead log, from the release until the outcomes are written */
  readonly walBytes: number;
  readonly summary: SinkSummary;
}

/**
 * SETs that wait in a transmitter's streams, and how long it takes to deliver them.
 *
 * Streams are held and released as a change of their status would do it (`runnable` of their queues), for all streams
 * in one statement of ours: a thousand calls of the status endpoint would be a load of their own. The transmitter
 * finds the release with its next sweep. The signals are recorded through the admin API.
 */
export class Backlog {
  private signals = 0;

  constructor(
    private readonly transmitter: Transmitter,
    private readonly database: Database,
    private readonly sink: Sink,
    readonly streams: Streams,
  ) {}

  /** Nothing more is sent of these streams until they are released. */
  async hold(ids: readonly string[] = this.streams.ids): Promise<void> {
    await this.open(ids, false);
  }

  async release(ids: readonly string[] = this.streams.ids): Promise<void> {
    await this.open(ids, true);
  }

  /** Holds the streams and records so many signals; resolves when each stream has its SET of each of them. */
  async fill(signals: number): Promise<void> {
    await this.hold();
    const { ids } = this.streams;
    const before = await this.waiting();
    await this.record(signals);
    await this.database.until(
      'select count(*) = $2 from ssf.delivery where stream_id = any($1)',
      [ids, before + signals * ids.length],
      PREPARE_DEADLINE_MS,
    );
  }

  /** Records so many signals, each about a user of its own. */
  async record(signals: number): Promise<void> {
    const { provider } = this.streams;
    for (let left = signals; left > 0; left -= SIGNALS_PER_CALL) {
      const batch = Array.from({ length: Math.min(left, SIGNALS_PER_CALL) }, () =>
        exampleSignal(provider, this.signals++),
      );
      await this.transmitter.admin.recordAll(batch);
    }
  }

  /** How many SETs wait. */
  async waiting(ids: readonly string[] = this.streams.ids): Promise<number> {
    return Number(
      await this.database.value<string>('select count(*) from ssf.delivery where stream_id = any($1)', [ids]),
    );
  }

  /**
   * Releases the streams and waits until all that waited has come. Counts from the first arrival to the last, so that
   * no contender's start is part of it, and compares what came with what waited, id by id.
   */
  async drain({
    ids = this.streams.ids,
    alsoReleased = [],
    isAfterCheckpoint = true,
  }: Drain = {}): Promise<Drained> {
    const expected = await this.pending(ids);
    if (isAfterCheckpoint) await this.database.checkpoint();
    await this.sink.reset();
    const walBefore = await this.database.walBytes();
    await this.release([...ids, ...alsoReleased]);
    await this.sink.wait(expected.size, DRAIN_DEADLINE_MS);
    await this.database.until(
      'select not exists (select from ssf.delivery where stream_id = any($1))',
      [ids],
      SETTLE_DEADLINE_MS,
    );
    const walBytes = (await this.database.walBytes()) - walBefore;
    const summary = await this.sink.summary();
    const missing = new Set(expected);
    for (const { jti } of await this.sink.arrivals()) missing.delete(jti);
    if (missing.size > 0) throw new Error(`${missing.size} of ${expected.size} SETs did not come`);
    await this.verifySample();
    return { sets: expected.size, setsPerSecond: rateOf(expected.size, summary), walBytes, summary };
  }

  /** One of the claims that wait, as an example of what is signed. */
  async exampleClaims(): Promise<string> {
    return this.database.value<string>(
      `select t.claims from ssf.security_event_token t where t.stream_id = $1 order by t.jti desc limit 1`,
      [this.streams.ids[0]],
    );
  }

  private async open(ids: readonly string[], runnable: boolean): Promise<void> {
    await this.database.query(
      `update ssf.stream_queue set runnable = $2, version = version + 1, not_before = '-infinity', failures = 0,
              first_failure_at = null, last_error = null
        where stream_id = any($1)`,
      [ids, runnable],
    );
  }

  private async pending(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ jti: string }>(
      'select jti from ssf.delivery where stream_id = any($1)',
      [ids],
    );
    return new Set(rows.map(({ jti }) => jti));
  }

  private async verifySample(): Promise<void> {
    const { issuer, jwksUri } = this.streams.provider;
    const keys = createRemoteJWKSet(new URL(jwksUri));
    for (const token of await this.sink.sample(VERIFIED))
      await jwtVerify(token, keys, { issuer, typ: 'secevent+jwt' });
  }
}

/** What every figure records: each number is another user. */
export function exampleSignal(provider: Provider, number: number): Signal {
  return {
    provider: provider.slug,
    type: 'session.revoked',
    subject: { user: { id: `user-${number}` }, session: { id: `session-${number}` } },
  };
}

/** From the first arrival to the last. */
export function rateOf(sets: number, { firstAt, lastAt }: SinkSummary): number {
  return ((sets - 1) * 1000) / (lastAt - firstAt);
}
