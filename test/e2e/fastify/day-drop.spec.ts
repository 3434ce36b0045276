import { EventEmitter2 } from '@nestjs/event-emitter';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrationOptions } from '../../../src/platform/database/run-migrations.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { SsfEventBus } from '../../../src/platform/events/ssf-event-bus.js';
import { RedeliveryQueueService } from '../../../src/queue/redelivery-queue.service.js';
import { DayDropService, type DropResult } from '../../../src/retention/day-drop.service.js';
import { HistoryService } from '../../../src/retention/history.service.js';
import { TestDatabase } from '../../support/database.js';
import { daysAgo, NO_ROWS, type OldSet, oldSet, rowsOf, tablesOf } from '../../support/history.js';
import { until } from '../../support/until.js';

// Two that meet at one day: what drops it, and what puts something of it into a queue.

const RUNNING = new AbortController().signal;
const LONG_MS = 10_000;

let database: TestDatabase;
let dataSource: DataSource;
let providerId: string;
let drops: DayDropService;
let redelivery: RedeliveryQueueService;
let day: string;
let old: OldSet;
let ago = 200;

beforeAll(async () => {
  database = await TestDatabase.create();
  const [provider] = await database.query<{ id: string }>(
    `insert into ssf.provider (id, slug, name, issuer, default_subjects, signing_algorithm, event_retention_days,
                               spec_version, trusted_issuers, legacy_delivery_uris)
     values (gen_random_uuid(), 'p', 'p', 'https://p.test', 'ALL', 'ES256', 30, '1_0', '[]', false) returning id`,
  );
  providerId = provider?.id ?? '';
  // a host may have chosen this for its database; a drop must not look at what was before its locks
  const options = migrationOptions({ type: 'postgres', url: database.url });
  const extra = { max: 12, options: '-c default_transaction_isolation=repeatable\\ read' };
  dataSource = await new DataSource({ ...options, extra }).initialize();
  const unitOfWork = new UnitOfWork(dataSource);
  drops = new DayDropService(unitOfWork, new HistoryService(unitOfWork));
  redelivery = new RedeliveryQueueService(unitOfWork, new SsfEventBus(new EventEmitter2()));
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

beforeEach(async () => {
  day = await daysAgo(database, (ago += 1));
  old = await oldSet(database, day, { providerId });
});

function redeliver(manager: EntityManager, { jti }: OldSet): Promise<string[]> {
  return redelivery.redeliver(manager, [jti], 'a test');
}

/** Its transaction is open until the returned function is called. */
async function begun(work: (manager: EntityManager) => Promise<unknown>): Promise<() => Promise<void>> {
  let commit = (): void => undefined;
  const committing = new Promise<void>((resolve) => (commit = resolve));
  let transaction: Promise<void> | undefined;
  await new Promise<void>((resolve, reject) => {
    transaction = dataSource.transaction('READ COMMITTED', async (manager) => {
      await work(manager);
      resolve();
      await committing;
    });
    transaction.catch(reject);
  });
  return async () => {
    commit();
    await transaction;
  };
}

async function isWaiting(jti: string): Promise<boolean> {
  return (await database.query('select from ssf.delivery where jti = $1', [jti])).length > 0;
}

describe('a day that goes', () => {
  it('takes all of its tables and identities, and no other', async () => {
    const other = await daysAgo(database, ago + 1);
    const kept = await oldSet(database, other, { providerId });

    expect(await drops.drop(day, RUNNING)).toBe('dropped');

    expect(await tablesOf(database, day)).toEqual([]);
    expect(await rowsOf(database, old)).toEqual(NO_ROWS);
    expect(await tablesOf(database, other)).toHaveLength(4);
    expect(Object.values(await rowsOf(database, kept))).toEqual([1, 1, 1, 1, 1]);
    expect(await drops.drop(day, RUNNING)).toBe('dropped');
  });

  it('leaves alone what somebody detached, or what does not hold that very day', async () => {
    const suffix = day.replaceAll('-', '');
    const attempt = `ssf.attempt_${suffix}`;
    await database.query(`alter table ssf.attempt detach partition ${attempt}`);
    const outcome = `ssf.signal_outcome_${suffix}`;
    await database.query(`drop table ${outcome}`);
    await database.query(
      `create table ${outcome} partition of ssf.signal_outcome
         for values from (ssf.uuid_at('${day}T00:00Z')) to (ssf.uuid_at('${day}T12:00Z'))`,
    );

    await drops.drop(day, RUNNING);

    expect(await tablesOf(database, day)).toEqual([attempt, outcome].map((name) => name.slice(4)));
    await database.query(`drop table ${attempt}, ${outcome}`);
  });

  it.each<[string, () => (manager: EntityManager) => Promise<unknown>]>([
    ['a redelivery of one of its SETs', () => (manager) => redeliver(manager, old)],
    [
      'the recording of a signal of that day, by a host',
      () => (manager) =>
        manager.query(
          `with signal as (
             insert into ssf.signal (id, provider_id, type, occurred_at, subject, txn, details)
             select ssf.uuid_at($2::date + interval '12 hours'), $1, 'logout', now(), '{}', 't', '{}' returning id)
           insert into ssf.signal_queue (provider_id, signal_id) select $1, id from signal`,
          [providerId, day],
        ),
    ],
  ])('waits for %s, and then stays', async (_what, work) => {
    const commit = await begun(work());
    const dropping = drops.drop(day, RUNNING, LONG_MS);
    await until('the drop waits', () => database.hasWaiting());

    await commit();

    expect(await dropping).toBe('needed');
    expect(await tablesOf(database, day)).toHaveLength(4);
    expect(await rowsOf(database, old)).toMatchObject({ sets: 1, attempts: expect.any(Number) as number });
    await database.query('delete from ssf.signal_queue');
  });

  it('stays when a recovery was asked for meanwhile', async () => {
    await database.query(
      `insert into ssf.recovery (id, filter, statuses, from_time, to_time, state, position)
       values ($1, '{}', '{dead}', $2::date, $2::date + interval '1 day', 'running', ssf.uuid_at($2::date))`,
      [randomUUID(), day],
    );

    expect(await drops.drop(day, RUNNING)).toBe('needed');

    await database.query('delete from ssf.recovery');
    expect(await drops.drop(day, RUNNING)).toBe('dropped');
  });

  it('is left to the next round while somebody uses the history for long', async () => {
    const commit = await begun((manager) => manager.query('select from ssf.attempt limit 1'));

    expect(await drops.drop(day, RUNNING)).toBe('busy');

    await database.query('select from ssf.attempt limit 1');
    expect(await tablesOf(database, day)).toHaveLength(4);
    await commit();
    expect(await drops.drop(day, RUNNING)).toBe('dropped');
  });

  it('is gone for a redelivery that came while it went: nothing is queued', async () => {
    // the drop has its locks and has looked; it waits for the table itself
    const release = await database.lock(`ssf.signal_${day.replaceAll('-', '')}`, 'share row exclusive');
    const dropping = drops.drop(day, RUNNING, LONG_MS);
    await until('the drop waits', () => database.hasWaiting());
    const queued = redeliver(dataSource.manager, old);
    await until('the redelivery waits, too', async () => {
      const waiting = await database.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.length === 2;
    });

    await release();

    expect(await dropping).toBe('dropped');
    expect(await queued).toEqual([]);
    expect(await isWaiting(old.jti)).toBe(false);
  });

  it('never takes a SET that is queued, whoever is faster', async () => {
    const days: { day: string; sets: OldSet[] }[] = [];
    for (let count = 0; count < 12; count += 1) {
      const each = await daysAgo(database, (ago += 1));
      const sets = [
        await oldSet(database, each, { providerId }),
        await oldSet(database, each, { providerId }),
      ];
      days.push({ day: each, sets });
    }
    const dropAll = async (): Promise<DropResult[]> => {
      const results: DropResult[] = [];
      for (const each of days) {
        let result: DropResult;
        do result = await drops.drop(each.day, RUNNING);
        while (result === 'busy');
        results.push(result);
      }
      return results;
    };
    const redeliverAll = async (which: number): Promise<string[]> => {
      const queued: string[] = [];
      // from the other end: they meet in the middle
      for (const { sets } of days.toReversed()) {
        await delay(Math.random() * 4);
        const set = sets[which];
        if (set) queued.push(...(await redeliver(dataSource.manager, set)));
      }
      return queued;
    };

    const [results, ...queued] = await Promise.all([dropAll(), redeliverAll(0), redeliverAll(1)]);

    const waiting = await database.query<{ jti: string; has_claims: boolean }>(
      `select jti, exists (select from ssf.security_event_token t where t.jti = d.jti) as has_claims
         from ssf.delivery d where jti = any($1)`,
      [days.flatMap(({ sets }) => sets.map(({ jti }) => jti))],
    );
    expect(waiting.map(({ jti }) => jti).sort()).toEqual(queued.flat().sort());
    expect(waiting.filter((each) => !each.has_claims)).toEqual([]);
    for (const [index, each] of days.entries()) {
      const isNeeded = each.sets.some(({ jti }) => queued.flat().includes(jti));
      expect(results[index]).toBe(isNeeded ? 'needed' : 'dropped');
      expect(await tablesOf(database, each.day)).toHaveLength(isNeeded ? 4 : 0);
    }
  });

  it('is left to the next round when the process stops', async () => {
    expect(await drops.drop(day, AbortSignal.abort())).toBe('interrupted');
    expect(await tablesOf(database, day)).toHaveLength(4);
  });
});
