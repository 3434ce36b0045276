import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import type { RetainedDay, Retention } from '../support/api-types.js';
import { daysAgo, NO_ROWS, oldSet, rowsOf, tablesOf } from '../support/history.js';
import { call, expectStatus } from '../support/http.js';
import { connect, createProvider, sessionRevoked } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const DAY_MS = 86_400_000;
const RETENTION_DAYS = 30;
/** days ago: the time of a day's history is over */
const OVER = 1 + RETENTION_DAYS;

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({
    housekeepingIntervalMs: 10,
    sweepIntervalMs: 100,
  });
  await transmitter.database.query(
    `insert into ssf.periodic_task values ('retention', 'infinity', gen_random_uuid(), '-infinity')
     on conflict (name) do update set begun_at = 'infinity'`,
  );
  await quiet();
});

afterAll(() => transmitter.stop());

/** Resolves when no round is under way; none begins while the last one began in the future. */
function quiet(): Promise<unknown> {
  return until('the round is over', async () => {
    const rows = await transmitter.database.query(
      `select from ssf.periodic_task where name = 'retention' and held_until <= now()`,
    );
    return rows.length === 1;
  });
}

/** Lets the transmitter do a round of its own. */
async function round(): Promise<void> {
  const { database } = transmitter;
  await database.query(`update ssf.periodic_task set begun_at = '-infinity' where name = 'retention'`);
  await until('a round', async () => {
    const rows = await database.query(
      `update ssf.periodic_task set begun_at = 'infinity'
        where name = 'retention' and begun_at > '-infinity' returning name`,
    );
    return rows.length === 1;
  });
  await quiet();
}

function day(ago: number): Promise<string> {
  return daysAgo(transmitter.database, ago);
}

function tables(ofDay: string): Promise<string[]> {
  return tablesOf(transmitter.database, ofDay);
}

function retention(): Promise<Retention> {
  return taken(transmitter.admin.api.GET('/api/v1/retention', { params: { query: { limit: 250 } } }));
}

async function dayOf(wanted: string): Promise<RetainedDay | undefined> {
  return (await retention()).data.find((each) => each.day === wanted);
}

function lines(event: string, ofDay: string): unknown[] {
  return transmitter.logLines
    .map((line) => JSON.parse(line) as { event?: string; day?: string })
    .filter((line) => line.event === event && line.day === ofDay);
}

/** The grace of a day of which something waited is over. */
async function forgetThatItWaited(ofDay: string): Promise<void> {
  await transmitter.database.query(
    `update ssf.retained_day set pending_at = pending_at - interval '8 days' where day = $1`,
    [ofDay],
  );
}

describe('the days of the history', () => {
  it('can be looked at: what would go, what stays, why and until when', async () => {
    const { id: providerId } = await createProvider(transmitter);
    const [gone, within] = [await day(OVER + 1), await day(OVER - 1)];
    await oldSet(transmitter.database, gone, { providerId });
    await transmitter.database.query('analyze ssf.attempt');

    const { retentionDays, payloads, data } = await retention();

    expect(retentionDays).toBe(RETENTION_DAYS);
    // it is off unless it is set: no round, and nothing to tell
    expect(payloads).toBeNull();
    expect(
      await transmitter.database.query(`select from ssf.periodic_task where name = 'payload-expunge'`),
    ).toEqual([]);
    expect(data.find((each) => each.day === gone)).toMatchObject({
      goes: true,
      reason: null,
      pending: { sets: 0, signals: 0, recoveries: 0 },
      tables: [{ table: 'attempt', rows: 1 }, { rows: null }, { table: 'signal' }, {}],
    });
    expect(data.find((each) => each.day === within)).toMatchObject({
      goes: false,
      reason: 'within_retention',
      pending: null,
      goesAt: new Date(Date.parse(within) + OVER * DAY_MS).toISOString(),
    });
    const sizes = data.flatMap((each) => each.tables.map(({ bytes }) => bytes));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(data.map((each) => each.day)).toEqual(data.map((each) => each.day).sort());
    expect(await tables(gone)).toHaveLength(4);
  });

  it('are listed page by page, for administrators', async () => {
    const all = (await retention()).data.map((each) => each.day);
    const pages = await transmitter.admin.all<RetainedDay>('/retention', 4);

    expect(pages[0]).toHaveLength(4);
    expect(pages.flat().map((each) => each.day)).toEqual(all);
    expect((await transmitter.admin.call('/retention?cursor=abc')).status).toBe(400);
    expect((await call(`${transmitter.baseUrl}/api/v1/retention`)).status).toBe(401);
  });

  it('go as a whole when their time is over, with a line each; what comes later finds nothing of them', async () => {
    const provider = await createProvider(transmitter);
    const { database, admin } = transmitter;
    const [gone, within] = [await day(OVER + 2), await day(OVER - 2)];
    const of = { providerId: provider.id };
    const [old, younger] = [await oldSet(database, gone, of), await oldSet(database, within, of)];

    await round();

    expect(await tables(gone)).toEqual([]);
    expect(await rowsOf(database, old)).toEqual(NO_ROWS);
    expect(Object.values(await rowsOf(database, younger))).toEqual([1, 1, 1, 1, 1]);
    expect(lines('history.dropped', gone)).toMatchObject([{ rows: {}, bytes: expect.any(Number) as number }]);
    expect((await admin.call(`/sets/${old.jti}`)).status).toBe(404);
    expect((await admin.call(`/sets/${old.jti}/redeliver`, { method: 'POST' })).status).toBe(404);
    expect((await admin.call(`/signals/${old.signalId}`)).status).toBe(404);
    expect(await dayOf(gone)).toBeUndefined();
    const noted = (await admin.auditLog({ action: 'history.dropped' })).map((each) => each.targetId);
    expect([noted.includes(gone), noted.includes(within)]).toEqual([true, false]);
  });

  it('take the identities of their signals along: what has one again is new', async () => {
    const provider = await createProvider(transmitter);
    const gone = await day(OVER + 3);
    const { externalId } = await oldSet(transmitter.database, gone, { providerId: provider.id });
    const again = sessionRevoked(provider, { id: externalId });
    expect(await transmitter.admin.recordAll(again)).toMatchObject([{ status: 'duplicate' }]);

    await round();

    expect(await transmitter.admin.recordAll(again)).toMatchObject([{ status: 'accepted' }]);
  });

  it('stay as long as the provider that keeps its events longest wants', async () => {
    const kept = await day(OVER + 4);
    const { id } = await createProvider(transmitter, { eventRetentionDays: RETENTION_DAYS + 5 });

    await round();

    expect(await dayOf(kept)).toMatchObject({ goes: false, reason: 'within_retention' });
    await transmitter.admin.delete(`/providers/${id}`);
    await round();
    expect(await tables(kept)).toEqual([]);
  });
});

describe('a day whose time is over', () => {
  it('stays while a SET of it is held, which is delivered, and for a week after that', async () => {
    const { provider, stream, api, receiver } = await connect(transmitter);
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'paused' }), 200);
    receiver.believe({ ...provider, audience: 'any' });
    const kept = await day(OVER + 5);
    const of = { providerId: provider.id, streamId: stream.stream_id };
    const { jti } = await oldSet(transmitter.database, kept, of, { isPending: true });

    await round();
    await round();

    expect(await tables(kept)).toHaveLength(4);
    expect(await dayOf(kept)).toMatchObject({
      goes: false,
      reason: 'pending',
      pending: { sets: 1, signals: 0, recoveries: 0 },
      goesAt: null,
    });
    expect(lines('history.kept', kept)).toMatchObject([{ sets: 1, signals: 0, recoveries: 0 }]);

    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' }), 200);
    await receiver.next(({ claims }) => claims.jti === jti);
    await transmitter.admin.setWithStatus(jti, 'delivered');
    await round();
    const later = await dayOf(kept);
    expect(later).toMatchObject({ goes: false, reason: 'grace', pending: { sets: 0 } });
    expect((Date.parse(later?.goesAt ?? '') - Date.now()) / DAY_MS).toBeCloseTo(7, 1);

    await forgetThatItWaited(kept);
    await round();
    expect(await tables(kept)).toEqual([]);
    expect(await transmitter.database.query('select from ssf.retained_day where day = $1', [kept])).toEqual(
      [],
    );
  });

  it('stays while a SET of it is sent again', async () => {
    const { provider, stream, api } = await connect(transmitter);
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'paused' }), 200);
    const kept = await day(OVER + 6);
    const of = { providerId: provider.id, streamId: stream.stream_id };
    const { jti } = await oldSet(transmitter.database, kept, of);
    expectStatus(await transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' }), 202);

    await round();

    expect(await transmitter.admin.set(jti)).toMatchObject({ status: 'held' });
    expect(await dayOf(kept)).toMatchObject({ reason: 'pending', pending: { sets: 1 } });
  });

  it('stays while a signal of it waits for its fan-out', async () => {
    const { id: providerId } = await createProvider(transmitter);
    const kept = await day(OVER + 7);
    const { signalId } = await oldSet(transmitter.database, kept, { providerId });
    // fan-out waits for the provider
    const release = await transmitter.database.hold('select from ssf.provider where id = $1 for update', [
      providerId,
    ]);
    await transmitter.database.query(
      'insert into ssf.signal_queue (provider_id, signal_id) values ($1, $2)',
      [providerId, signalId],
    );

    await round();

    expect(await dayOf(kept)).toMatchObject({ reason: 'pending', pending: { sets: 0, signals: 1 } });
    expect(await tables(kept)).toHaveLength(4);
    await release();
    await until('the signal is fanned out', async () => (await dayOf(kept))?.reason === 'grace');
  });

  it('stays while a recovery has yet to look at it', async () => {
    const [kept, passed] = [await day(OVER + 8), await day(OVER + 9)];
    const [row] = await transmitter.database.query<{ id: string }>(
      `insert into ssf.recovery (id, filter, statuses, from_time, to_time, state, position, not_before)
       select gen_random_uuid(), '{}', '{dead}', $1::date, $1::date + interval '30 hours', 'running',
              ssf.uuid_at(($1::date + interval '25 hours') at time zone 'UTC'), 'infinity'
       returning id`,
      [passed],
    );

    await round();

    expect(await tables(passed)).toEqual([]);
    expect(await dayOf(kept)).toMatchObject({ reason: 'pending', pending: { sets: 0, recoveries: 1 } });
    await transmitter.admin.delete(`/recoveries/${row?.id}`);
    expect(await dayOf(kept)).toMatchObject({ reason: 'grace' });
  });
});

describe('a recovery', () => {
  it('of days that are gone finds what there is, and is done', async () => {
    const { stream } = await connect(transmitter);
    const gone = await day(OVER + 10);
    await round();
    expect(await tables(gone)).toEqual([]);

    const { id } = expectStatus(
      await transmitter.admin.call('/sets/redeliver', {
        body: { streamId: stream.stream_id, from: `${gone}T00:00:00Z` },
      }),
      202,
    ).json<{ id: string }>();

    await until('it is done', async () => {
      const recovery = await transmitter.admin.recovery(id);
      return recovery.state === 'done' && recovery.redelivered === 0;
    });
  });
});

describe('the audit log', () => {
  it('is kept for its own time, and says when it was shortened', async () => {
    const { database, admin } = transmitter;
    await database.query(
      `insert into ssf.audit_entry (id, at, actor_kind, action, target_id)
       select overlay(gen_random_uuid()::text placing left(ssf.uuid_at(at)::text, 13) from 1 for 13)::uuid, at,
              'system', 'history.dropped', 'old ' || days
         from (select now() - make_interval(days => days) as at, days from unnest(array[398, 402]) as days) x`,
    );

    const [shortened] = await until('it is shortened', async () => {
      const entries = await admin.auditLog({ action: 'audit_log.shortened' });
      return entries.length > 0 && entries;
    });

    const left = await admin.auditLog({ action: 'history.dropped' });
    expect(left.map(({ targetId }) => targetId)).toContain('old 398');
    expect(left.map(({ targetId }) => targetId)).not.toContain('old 402');
    expect(shortened).toMatchObject({
      actor: { kind: 'system', id: 'retention' },
      before: { count: 1 },
    });
  });
});
