import { setTimeout as delay } from 'node:timers/promises';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { expect, onTestFinished } from 'vitest';
import type { SsfConfig } from '../../src/platform/config/ssf-options.js';
import { bigintArray, jsonbArray, uuidArray } from '../../src/platform/database/sql-arrays.js';
import { UnitOfWork } from '../../src/platform/database/unit-of-work.js';
import type { DoorbellRelay } from '../../src/platform/events/doorbell-relay.js';
import { SsfEventBus } from '../../src/platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../../src/platform/telemetry/metrics.js';
import { FRONT, LeaseService, type PendingSet, type Settlement } from '../../src/queue/lease.service.js';
import { PollQueueService, type PollVerdict } from '../../src/queue/poll-queue.service.js';
import { type Placement, type QueuedSet, QueueService } from '../../src/queue/queue.service.js';
import { RecentClaims } from '../../src/queue/recent-claims.js';
import { FAN_OUT_SQL, WAITING_SIGNALS_SQL } from '../../src/signals/fan-out.sql.js';
import { TestDatabase } from './database.js';
import { SeededRandom } from './seeded-random.js';

const CONNECTIONS = 32;
/** Short, so that leases run out under those who have them. */
const LEASE_SECONDS = 2;

interface RacedStream {
  readonly id: string;
  readonly pushes: boolean;
}

interface Lease {
  readonly owner: string;
  /** nobody else may have it before, by performance.now() */
  readonly until: number;
}

/**
 * A race, and what has to be true after it: no statement failed, no stream was leased to two, each SET came to one
 * end, each signal was fanned out once.
 */
export async function raceOverQueues({ seconds }: { seconds: number }): Promise<void> {
  const random = new SeededRandom();
  const database = await TestDatabase.create();
  onTestFinished(() => database.drop());
  const race = await QueueRace.prepare(database, random);
  onTestFinished(() => race.close());

  await race.run(seconds * 1000);
  await race.drain();

  const [made] = await database.query<{ sets: number; ended: number; pending: number }>(
    `select count(*)::int as sets, count(*) filter (where ends = 1)::int as ended,
            count(*) filter (where is_pending)::int as pending
       from (select (select count(*) from ssf.attempt a where a.jti = t.jti and a.outcome <> 'retry') as ends,
                    exists (select from ssf.delivery d where d.jti = t.jti) as is_pending
               from ssf.security_event_token t) each_set`,
  );
  console.log(`seed ${random.seed}: ${made?.sets} SETs of ${race.reported} signals`);
  expect(race.errors).toEqual([]);
  expect(race.sharedLeases).toEqual([]);
  expect(made).toEqual({ sets: made?.sets, ended: made?.sets, pending: 0 });
  expect(made?.sets).toBeGreaterThan(200);
  const [fanned] = await database.query(
    `select (select count(*) from ssf.signal_queue)::int + (select count(*) from ssf.signal_outcome)::int as signals`,
  );
  expect(fanned).toEqual({ signals: race.reported });
  const twice = await database.query(
    `select signal_id, stream_id from ssf.security_event_token
      where signal_id is not null group by signal_id, stream_id having count(*) > 1 limit 5`,
  );
  expect(twice).toEqual([]);
  const unknown = await database.query(
    'select from ssf.attempt a where not exists (select from ssf.security_event_token t where t.jti = a.jti)',
  );
  expect(unknown).toEqual([]);
}

/**
 * Everybody who works on the queues, all at once and without a pause: fan-out, workers that lease, settle, back off
 * and crash, receivers that poll, and administrators that pause, disable, delete and create. Each of them makes the
 * statements of the product; what is left behind tells whether they go together.
 */
class QueueRace {
  /** whatever a statement failed with */
  readonly errors: string[] = [];
  /** streams that were leased to two at a time */
  readonly sharedLeases: string[] = [];
  /** signals */
  reported = 0;
  private readonly providerId = uuidv7();
  private readonly streams: RacedStream[] = [];
  private readonly leases = new Map<string, Lease>();
  private readonly unitOfWork: UnitOfWork;
  private readonly queue: QueueService;
  private readonly leaseService: LeaseService;
  private readonly polls: PollQueueService;
  private isStopping = false;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly random: SeededRandom,
  ) {
    this.unitOfWork = new UnitOfWork(dataSource);
    const recent = new RecentClaims();
    const bus = new SsfEventBus(new EventEmitter2());
    this.queue = new QueueService(this.unitOfWork, bus, recent, new SsfMetrics());
    const config = { retentionCeiling: 4, leaseSeconds: LEASE_SECONDS } as SsfConfig;
    const withoutPid = { backendPid: undefined } as DoorbellRelay;
    this.leaseService = new LeaseService(config, this.unitOfWork, withoutPid, recent);
    this.polls = new PollQueueService(config, this.unitOfWork);
  }

  static async prepare(database: TestDatabase, random: SeededRandom): Promise<QueueRace> {
    const { connection } = database;
    const dataSource = new DataSource({
      type: 'postgres',
      ...connection,
      username: connection.user,
      ssl: false,
      installExtensions: false,
      extra: { max: CONNECTIONS, statement_timeout: 20_000 },
    });
    await dataSource.initialize();
    const race = new QueueRace(dataSource, random);
    await database.query(
      `insert into ssf.provider (id, slug, name, issuer, default_subjects, signing_algorithm, event_retention_days,
                                 spec_version, trusted_issuers, legacy_delivery_uris)
       values ($1, 'race', 'Race', 'https://race.test', 'ALL', 'ES256', 30, '1_0', '[]', false)`,
      [race.providerId],
    );
    for (let index = 0; index < 6; index += 1)
      await race.unitOfWork.run((manager) => race.create(manager, index < 4));
    return race;
  }

  async run(milliseconds: number): Promise<void> {
    const parts: [number, () => Promise<void>][] = [
      [6, () => this.fanOut()],
      [14, () => this.work()],
      [6, () => this.poll()],
      [2, () => this.administrate()],
    ];
    const loops = parts.flatMap(([count, step]) => Array.from({ length: count }, () => this.loop(step)));
    await delay(milliseconds);
    this.isStopping = true;
    await Promise.all(loops);
  }

  /** One who works on alone until nothing is left: what cannot be ended any more stays. */
  async drain(): Promise<void> {
    await this.dataSource.query(
      `update ssf.stream_queue set runnable = true, pushes = true, not_before = '-infinity', lease_until = '-infinity'`,
    );
    await this.dataSource.query('update ssf.delivery set next_at = null');
    const owner = randomUUID();
    const acquired = await this.leaseService.acquire(owner, 1_000, 60);
    for (let left = true; left;) {
      const reads = acquired.map(({ streamId }) => ({ streamId, after: FRONT, max: 500 }));
      const results = await this.leaseService.tick(owner, [], reads);
      const settlements = [...results].flatMap(([streamId, { sets }]) =>
        sets.map((set) => settlement(streamId, set, 'delivered')),
      );
      await this.leaseService.tick(owner, settlements, []);
      left = settlements.length > 0;
    }
  }

  close(): Promise<void> {
    return this.dataSource.destroy();
  }

  private async loop(step: () => Promise<void>): Promise<void> {
    while (!this.isStopping)
      await step().catch((error: unknown) => {
        this.errors.push(describe(error));
      });
  }

  private async fanOut(): Promise<void> {
    const { manager } = this.unitOfWork;
    const rows = await manager.query<{ version: string; seq: string | null; signal_id: string }[]>(
      WAITING_SIGNALS_SQL,
      [this.providerId, 1 + this.below(20), '0'],
    );
    const waiting = rows.flatMap(({ seq, signal_id }) => (seq === null ? [] : [{ seq, id: signal_id }]));
    if (waiting.length === 0) return this.report();
    const sets = waiting.flatMap(({ id }) =>
      this.streams.map((stream) => ({ ...this.newSet(stream.id), signalId: id })),
    );
    await manager.query(FAN_OUT_SQL, [
      this.providerId,
      rows[0]?.version,
      bigintArray(waiting, ({ seq }) => seq),
      uuidArray(waiting, ({ id }) => id),
      jsonbArray(waiting, () => '[]'),
      ...this.queue.parameters(sets, this.placement),
    ]);
  }

  private async report(): Promise<void> {
    const ids = Array.from({ length: 20 }, () => uuidv7());
    await this.dataSource.query(
      'insert into ssf.signal_queue (provider_id, signal_id) select $1, unnest($2::uuid[])',
      [this.providerId, ids],
    );
    this.reported += ids.length;
  }

  /** A worker from its first lease to its end, which is not always in order. */
  private async work(): Promise<void> {
    const owner = randomUUID();
    const mine = new Set(await this.acquire(owner));
    let settlements: Settlement[] = [];
    for (let turns = this.below(8); turns > 0 && mine.size > 0; turns -= 1) {
      const reads = [...mine].map((streamId) => ({ streamId, after: FRONT, max: 1 + this.below(60) }));
      const results = await this.leaseService.tick(owner, this.inAnyOrder(settlements), reads);
      settlements = [];
      for (const [streamId, { isOwned, sets }] of results) {
        if (!isOwned) mine.delete(streamId);
        for (const set of sets) settlements.push(settlement(streamId, set, this.outcome()));
      }
      const renewedAt = performance.now();
      const held = await this.leaseService.heartbeat(owner, LEASE_SECONDS, [], [...mine].slice(0, 1));
      for (const streamId of held) this.note(streamId, owner, renewedAt);
    }
    const ending = this.random.next();
    if (ending < 0.2) return; // crashed: what was sent is not written down
    await this.leaseService.tick(owner, settlements, []);
    this.forget(mine, owner);
    if (ending < 0.4)
      await this.leaseService.backOff(
        owner,
        [...mine].map((streamId) => ({
          streamId,
          delaySeconds: 0.05,
          error: 'http_503',
          failures: 1,
          hasSucceeded: this.below(2) === 0,
        })),
      );
    else await this.leaseService.heartbeat(owner, LEASE_SECONDS, [...mine], []);
  }

  private async acquire(owner: string): Promise<string[]> {
    const startedAt = performance.now();
    const acquired = await this.leaseService.acquire(owner, 1 + this.below(3), LEASE_SECONDS);
    const now = performance.now();
    for (const { streamId } of acquired) {
      const other = this.leases.get(streamId);
      if (other && other.owner !== owner && other.until > now) this.sharedLeases.push(streamId);
      this.note(streamId, owner, startedAt);
    }
    return acquired.map(({ streamId }) => streamId);
  }

  private note(streamId: string, owner: string, from: number): void {
    this.leases.set(streamId, { owner, until: from + LEASE_SECONDS * 1000 });
  }

  private forget(streamIds: Iterable<string>, owner: string): void {
    for (const streamId of streamIds)
      if (this.leases.get(streamId)?.owner === owner) this.leases.delete(streamId);
  }

  private async poll(): Promise<void> {
    const { id } = this.anyStream(({ pushes }) => !pushes);
    const max = 1 + this.below(20);
    const handOuts = await this.polls.handOut([{ streamId: id, max }], { hiddenSeconds: 1, limit: 100 });
    const places = handOuts.flatMap(({ streamId, sets }) => sets.map(({ seq }) => ({ streamId, seq })));
    await this.polls.keepSignatures(places.map((place) => ({ ...place, signature: 'a..b', replaces: null })));
    const left = places.filter(() => this.random.next() < 0.2);
    await this.polls.giveBack(left);
    const handedOut = handOuts.flatMap(({ sets }) => sets);
    const verdicts = handedOut.map(({ jti }): PollVerdict =>
      this.random.next() < 0.8
        ? { jti, outcome: 'delivered' }
        : { jti, outcome: 'rejected', err: 'invalid_issuer' },
    );
    const unknown: PollVerdict = { jti: uuidv7(), outcome: 'delivered' };
    await this.polls.settle(id, [...verdicts, unknown].reverse());
  }

  private async administrate(): Promise<void> {
    // what is decided for a version of the configuration stands only while nobody changes it
    await delay(this.random.between(50, 300));
    await this.unitOfWork.run(async (manager) => {
      await manager.query('update ssf.provider set config_version = config_version + 1 where id = $1', [
        this.providerId,
      ]);
      const stream = this.anyStream();
      const { id, pushes } = stream;
      const choice = this.random.next();
      if (choice < 0.6) {
        await this.queue.enqueue(manager, this.newSet(id), { ...this.placement, isFirst: true });
        await this.queue.change(manager, id, { runnable: choice < 0.3, pushes });
        this.leases.delete(id);
      } else if (choice < 0.9) {
        await this.queue.change(manager, id, { runnable: false, pushes });
        await this.queue.purge(manager, id, 'status_disabled');
      } else {
        this.streams.splice(this.streams.indexOf(stream), 1);
        await this.queue.close(manager, [id]);
        await this.create(manager, pushes);
      }
    });
  }

  private async create(manager: EntityManager, pushes: boolean): Promise<void> {
    const id = uuidv7();
    await this.queue.open(manager, id, { runnable: true, pushes });
    this.streams.push({ id, pushes });
  }

  private anyStream(isFit: (stream: RacedStream) => boolean = () => true): RacedStream {
    return this.random.oneOf(this.streams.filter(isFit));
  }

  private get placement(): Placement {
    return { providerId: this.providerId, retentionDays: 30 };
  }

  private newSet(streamId: string): QueuedSet {
    return {
      jti: uuidv7(),
      applicationId: this.providerId,
      streamId,
      method: 'push',
      eventType: 'urn:example:race',
      subjectHash: BigInt(this.below(10)),
      claims: '{}',
    };
  }

  /** As answers come. */
  private inAnyOrder(settlements: readonly Settlement[]): Settlement[] {
    return settlements
      .map((each) => ({ each, at: this.random.next() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ each }) => each);
  }

  private outcome(): Settlement['outcome'] {
    const chance = this.random.next();
    return chance < 0.8 ? 'delivered' : chance < 0.9 ? 'retry' : 'rejected';
  }

  private below(most: number): number {
    return Math.floor(this.random.next() * most);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof QueryFailedError)) return String(error);
  const { detail, where } = error.driverError as { detail?: string; where?: string };
  return [error.message, where, detail, error.query].join('\n');
}

function settlement(streamId: string, { seq, jti }: PendingSet, outcome: Settlement['outcome']): Settlement {
  return {
    jti,
    streamId,
    seq,
    outcome,
    method: 'push',
    httpStatus: outcome === 'delivered' ? 202 : 503,
    durationMs: 1,
    ...(outcome === 'delivered' ? {} : { err: 'http_503' }),
  };
}
