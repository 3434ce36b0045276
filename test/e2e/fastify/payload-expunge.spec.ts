import { EventEmitter2 } from '@nestjs/event-emitter';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveOptions } from '../../../src/platform/config/ssf-options.js';
import { migrationOptions } from '../../../src/platform/database/run-migrations.js';
import { UnitOfWork } from '../../../src/platform/database/unit-of-work.js';
import { SsfEventBus } from '../../../src/platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../../../src/platform/telemetry/metrics.js';
import { SetPurgeService } from '../../../src/queue/set-purge.service.js';
import { PayloadExpungeService } from '../../../src/signals/payload-expunge.service.js';
import { TestDatabase } from '../../support/database.js';
import { daysAgo, oldSet } from '../../support/history.js';
import { until } from '../../support/until.js';

// How the work is divided: into small transactions, among several processes.

const RUNNING = new AbortController().signal;

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await TestDatabase.create();
  // a host may have chosen this for its database; a step must not look at what was before its locks
  const options = migrationOptions({ type: 'postgres', url: database.url });
  const extra = { max: 6, options: '-c default_transaction_isolation=repeatable\\ read' };
  dataSource = await new DataSource({ ...options, extra }).initialize();
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

beforeEach(async () => {
  await database.query('truncate ssf.signal, ssf.signal_outcome, ssf.kept_payload');
  await database.query(`update ssf.payload_expunge set position = '00000000-0000-0000-0000-000000000000'`);
});

/** One process' worth of it. */
function process(payloadRetentionHours = 1): { service: PayloadExpungeService; taken(): Promise<number> } {
  const metrics = new SsfMetrics();
  const unitOfWork = new UnitOfWork(dataSource);
  const sets = new SetPurgeService(unitOfWork, new SsfEventBus(new EventEmitter2()), metrics);
  const config = resolveOptions({
    publicUrl: 'https://idp.test',
    encryptionKey: Buffer.alloc(32).toString('base64'),
    adminApi: false,
    payloadRetentionHours,
  });
  return {
    service: new PayloadExpungeService(config, unitOfWork, sets, metrics),
    taken: async () => {
      const { values } = await metrics.payloadsExpunged.get();
      return values.find(({ labels }) => labels.kind === 'signal')?.value ?? 0;
    },
  };
}

/** Signals of two hours ago that became no SETs, each with so many words about streams. */
async function signals(count: number, words = 1): Promise<void> {
  await database.query(
    `with made as materialized (
       select overlay(gen_random_uuid()::text
                placing left(ssf.uuid_at(now() - interval '2 hours')::text, 13) from 1)::uuid as id
         from generate_series(1, $1)),
     outcome as (
       insert into ssf.signal_outcome (signal_id, outcomes)
       select id, (select jsonb_agg('{"streamId": "x", "reason": "y"}'::jsonb) from generate_series(1, $2)) from made)
     insert into ssf.signal (id, provider_id, type, occurred_at, subject, txn, details)
     select id, gen_random_uuid(), 'logout', now(), '{"user": {"id": "u-31"}}', 't', '{}' from made`,
    [count, words],
  );
}

/** A SET of the day before yesterday, of a stream that there is. */
async function rejectedSet(): Promise<{ jti: string; streamId: string }> {
  const [stream] = await database.query<{ id: string; provider_id: string }>(
    `with provider as (
       insert into ssf.provider (id, slug, name, issuer, default_subjects, signing_algorithm, event_retention_days,
                                 spec_version, trusted_issuers, legacy_delivery_uris)
       values (gen_random_uuid(), 'p', 'p', 'https://p.test', 'ALL', 'ES256', 30, '1_0', '[]', false) returning id),
     application as (
       insert into ssf.application (id, provider_id, slug, name, audience, subject_format, auto_subscribe,
                                    verify_on_create, legacy_profile, max_streams)
       select gen_random_uuid(), id, 'a', 'a', '{a}', 'opaque', false, false, false, 1 from provider
       returning id, provider_id)
     insert into ssf.stream (id, provider_id, application_id, managed_by, status, method, audience, uses_legacy_uris)
     select gen_random_uuid(), provider_id, id, 'receiver', 'enabled', 'poll', '{a}', false from application
     returning id, provider_id`,
  );
  const of = { providerId: stream?.provider_id ?? '', streamId: stream?.id ?? '' };
  const { jti, signalId } = await oldSet(database, await daysAgo(database, 2), of);
  await database.query('update ssf.signal_outcome set outcomes = $2 where signal_id = $1', [
    signalId,
    JSON.stringify([{ streamId: of.streamId, jti }]),
  ]);
  await database.query(`update ssf.attempt set at = at - interval '2 hours' where jti = $1`, [jti]);
  return { jti, streamId: of.streamId };
}

/** How many signals each transaction took. */
async function transactions(): Promise<number[]> {
  const rows = await database.query<{ count: number }>(
    `select count(*)::int as count from ssf.signal where purged_at is not null group by xmin::text order by 1 desc`,
  );
  return rows.map(({ count }) => count);
}

describe('the payload retention', () => {
  it('takes 200 signals at a time', async () => {
    await signals(450);
    const { service, taken } = process();

    await service.enforce(RUNNING);

    expect(await transactions()).toEqual([200, 200, 50]);
    expect(await taken()).toBe(450);
  });

  it('takes fewer of which there is more to say, and one at least', async () => {
    await signals(4, 1_500);
    await process().service.enforce(RUNNING);
    expect(await transactions()).toEqual([2, 2]);

    await signals(1, 5_000);
    await process().service.enforce(RUNNING);
    expect(await transactions()).toEqual([2, 2, 1]);
  });

  it('does nothing twice when two processes do it at once', async () => {
    await signals(1_000);
    const [one, other] = [process(), process()];

    await Promise.all([one.service.enforce(RUNNING), other.service.enforce(RUNNING)]);
    // whoever found the other at it left it to that one
    await one.service.enforce(RUNNING);

    expect((await one.taken()) + (await other.taken())).toBe(1_000);
    expect(await transactions()).toEqual([200, 200, 200, 200, 200]);
  });

  it('leaves it to the next round when it would have to wait, or the process stops', async () => {
    await signals(1);
    const { service, taken } = process();

    await service.enforce(AbortSignal.abort());
    const release = await database.lock('ssf.signal');
    await service.enforce(RUNNING);
    await release();

    expect(await taken()).toBe(0);
    await service.enforce(RUNNING);
    expect(await taken()).toBe(1);
  });

  it('sees what was queued while it waited for the stream, whatever isolation the database gives by default', async () => {
    const { jti, streamId } = await rejectedSet();
    const commit = await database.begin(
      `select from ssf.stream where id = '${streamId}' for no key update`,
      `insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at)
       select stream_id, seq, jti, 1, now() + interval '1 day' from ssf.security_event_token where jti = '${jti}'`,
    );
    const { service, taken } = process();
    const round = service.enforce(RUNNING);
    await until('it waits', () => database.hasWaiting());

    await commit();
    await round;

    expect(await taken()).toBe(0);
    await database.query('delete from ssf.delivery');
    await database.query(`update ssf.kept_payload set since = since - interval '2 hours'`);
    await service.enforce(RUNNING);
    expect(await taken()).toBe(1);
  });

  it('forgets what it kept when its day has gone', async () => {
    await database.query(
      `insert into ssf.kept_payload select gen_random_uuid(), now() - interval '2 hours' from generate_series(1, 3)`,
    );

    await process().service.enforce(RUNNING);

    expect(await database.query('select from ssf.kept_payload')).toEqual([]);
  });
});
