import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SETS_BY_STATUS_SQL } from '../../../src/http/admin/stats.sql.js';
import { LEFT_SQL } from '../../../src/queue/enqueue.sql.js';
import { EXPIRE_SQL } from '../../../src/queue/expiry.sql.js';
import { DROP_SURPLUS_SQL } from '../../../src/queue/held-sets.sql.js';
import { ACQUIRE_SQL } from '../../../src/queue/lease.sql.js';
import {
  GIVE_BACK_SQL,
  HAND_OUT_SQL,
  KEEP_SIGNATURES_SQL,
  LOOK_SQL,
  POLL_SETTLE_SQL,
} from '../../../src/queue/poll.sql.js';
import { wantedSql } from '../../../src/queue/redeliver.sql.js';
import { setListSql } from '../../../src/queue/set-history.sql.js';
import { WAITING_OF_SQL, WITHDRAW_SQL } from '../../../src/queue/set-purge.sql.js';
import { READ_SQL, TICK_SQL } from '../../../src/queue/tick.sql.js';
import { FAN_OUT_SQL, WAITING_SIGNALS_SQL } from '../../../src/signals/fan-out.sql.js';
import { FRONT } from '../../../src/queue/lease.service.js';
import { TestDatabase } from '../../support/database.js';

// The queue is empty most of the time, and vacuum notes that. Until it looks again, the planner believes that the table
// has no rows, and that to read the whole of it costs less than two probes, while a million wait in it.

const STREAMS = 20;
const SETS_PER_STREAM = 1_000;
const SOME = 200;
const QUEUES = ['delivery', 'signal_queue'];
const PROVIDER = '22222222-2222-7222-8222-222222222222';
const OWNER = '11111111-1111-7111-8111-111111111111';

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

let database: TestDatabase;
let client: pg.Client;
let streams: string[];
/** some of what waits, of all streams */
let waitingSignals: string[];
let some: { streamId: string; seq: string; jti: string }[];

beforeAll(async () => {
  database = await TestDatabase.create();
  client = new pg.Client(database.connection);
  await client.connect();
  for (const queue of QUEUES)
    await database.query(`alter table ssf.${queue} set (autovacuum_enabled = false)`);
  streams = (
    await database.query<{ id: string }>(
      `insert into ssf.stream_queue (stream_id, runnable, pushes, lease_owner)
       select uuidv7(), true, g % 2 = 0, $2::uuid from generate_series(1, $1::int) g returning stream_id as id`,
      [STREAMS, OWNER],
    )
  ).map(({ id }) => id);
  await database.query(
    `insert into ssf.provider (id, slug, name, issuer, default_subjects, signing_algorithm, event_retention_days,
                               spec_version, trusted_issuers, legacy_delivery_uris)
     values ($1, 'acme', 'Acme', 'https://idp.test', 'ALL', 'RS256', 7, '1_0', '[]', false)`,
    [PROVIDER],
  );
  await fill();
  for (const queue of QUEUES) {
    await database.query(`delete from ssf.${queue}`);
    // as autovacuum leaves a table that is in use: it cannot give the pages back
    await database.query(`vacuum (analyze, truncate false) ssf.${queue}`);
  }
  await fill();
  waitingSignals = (
    await database.query<{ seq: string }>('select seq::text from ssf.signal_queue order by seq limit $1', [
      SOME,
    ])
  ).map(({ seq }) => seq);
  some = await database.query(
    'select stream_id as "streamId", seq::text, jti from ssf.delivery order by seq limit $1',
    [SOME],
  );
  await database.query(
    `insert into ssf.security_event_token
       (jti, seq, provider_id, application_id, stream_id, signal_id, event_type, subject_hash, claims)
     select jti, seq, jti, jti, stream_id, jti, 'x', 0, '{}' from ssf.delivery where jti = any($1)`,
    [jtis()],
  );
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

async function fill(): Promise<void> {
  await database.query(
    `insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at)
     select s, nextval('ssf.queue_seq'), uuidv7(), g, now() + interval '7 days'
       from generate_series(1, $2::int) g, unnest($1::uuid[]) s order by g`,
    [streams, SETS_PER_STREAM],
  );
  await database.query(
    'insert into ssf.signal_queue (provider_id, signal_id) select $1::uuid, uuidv7() from generate_series(1, $2::int)',
    [PROVIDER, STREAMS * SETS_PER_STREAM],
  );
}

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
const jtis = (): string[] => some.map(({ jti }) => jti);
const streamIds = (): string[] => some.map(({ streamId }) => streamId);
const seqs = (): string[] => some.map(({ seq }) => seq);
const each = <T>(value: T): T[] => some.map(() => value);
const read = (): unknown[] => [
  streams,
  streams.map(() => FRONT),
  streams.map(() => 10),
  streams.map(() => null),
  OWNER,
  4,
  10,
];
const settle = (outcome: string): unknown[] => [
  ...read(),
  streamIds(),
  seqs(),
  ...[outcome, 'push', 503, null, null, 1, null, null].map((value) => each(value)),
];

/** How many rows of the queue a statement looks at, of which nothing stays. */
async function rowsRead(sql: string, parameters: unknown[], first = 'select'): Promise<number> {
  await client.query('begin');
  try {
    await client.query(first);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (analyze, format json) ${sql}`,
      parameters,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (!plan) throw new Error('there is no plan');
    return rowsOf(plan);
  } finally {
    await client.query('rollback');
  }
}

/** Of joins, too, what they compared in vain. */
function rowsOf(node: PlanNode): number {
  const kept = QUEUES.includes(node['Relation Name'] ?? '') ? node['Actual Rows'] : 0;
  const passedOver = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0);
  const own = (kept + passedOver) * node['Actual Loops'];
  return (node.Plans ?? []).reduce((sum, plan) => sum + rowsOf(plan), own);
}

it.each(QUEUES)('the planner believes that %s is empty', async (queue) => {
  const [row] = await database.query(
    `select reltuples::int as believed, (select count(*)::int from ssf.${queue}) as there
       from pg_class where oid = 'ssf.${queue}'::regclass`,
  );

  expect(row).toEqual({ believed: 0, there: STREAMS * SETS_PER_STREAM });
});

it.each<[string, () => [sql: string, parameters: unknown[], first?: string]]>([
  ['to read', () => [READ_SQL, read()]],
  ['to end what was delivered', () => [TICK_SQL, settle('delivered')]],
  ['to keep what failed', () => [TICK_SQL, settle('retry')]],
  ['to hand out', () => [HAND_OUT_SQL, [streams, streams.map(() => 20), 30, SOME, 4]]],
  [
    'to acknowledge',
    () => [POLL_SETTLE_SQL, [streams[0], jtis(), each('delivered'), each(null), each(null)]],
  ],
  ['to keep signatures', () => [KEEP_SIGNATURES_SQL, [streamIds(), seqs(), each('new'), each(null)]]],
  ['to give back', () => [GIVE_BACK_SQL, [streamIds(), seqs()]]],
  ['to find what waits', () => [WAITING_OF_SQL, [jtis()]]],
  ['to withdraw', () => [WITHDRAW_SQL, [jtis()]]],
  [
    'to find what is to be sent again',
    () => {
      const { sql, parameters } = wantedSql(jtis(), {}, ['delivered', 'dropped']);
      return [sql, parameters];
    },
  ],
  ['to look for signals', () => [WAITING_SIGNALS_SQL, [PROVIDER, SOME, 0]]],
  [
    'to fan out',
    () => [
      FAN_OUT_SQL,
      [PROVIDER, 1, waitingSignals, [], [], ...Array<unknown>(8).fill([]), PROVIDER, 30, 0, false, null],
    ],
  ],
  ['to list SETs', () => [setListSql({}, 50).sql, []]],
  ['to count SETs by their status', () => [SETS_BY_STATUS_SQL, [minutesAgo(60), minutesAgo(-60), null]]],
  [
    'to drop what is over',
    () => [
      EXPIRE_SQL,
      [streams[0], some[0]?.seq, some.at(-1)?.seq, 4],
      `update ssf.delivery set enqueued_at = now() - interval '9 days', expires_at = now() - interval '8 days'
        where seq <= ${some.at(-1)?.seq ?? ''};
       update ssf.stream_queue set lease_until = '-infinity'`,
    ],
  ],
  [
    'to drop a surplus',
    () => [
      DROP_SURPLUS_SQL,
      [SETS_PER_STREAM - 10, SOME, 'surplus'],
      `update ssf.stream_queue set runnable = false where stream_id = '${streams[0] ?? ''}'`,
    ],
  ],
])('and %s it looks at what it is about', async (_what, statement) => {
  const [sql, parameters, first] = statement();

  const read = await rowsRead(sql, parameters, first);

  expect(read).toBeGreaterThan(0);
  // a few looks at each
  expect(read).toBeLessThan(5 * SOME + 2 * SETS_PER_STREAM);
});

// Of a stream that is paused nothing may be read. A scan of the table that would end with the first row found, which is
// the cheapest way where there is one, reads all of it there.
describe('when the planner knows what is held in paused streams', () => {
  beforeAll(async () => {
    await database.query('vacuum analyze ssf.delivery');
    await database.query(
      `update ssf.stream_queue set runnable = false, lease_owner = null, lease_until = '-infinity'`,
    );
  });

  it.each<[string, string, () => unknown[]]>([
    ['to lease', ACQUIRE_SQL, () => [OWNER, 100, 30, null, null]],
    ['to look what to hand out', LOOK_SQL, () => [streams.filter((_, index) => index % 2 === 0)]],
    ['to hand out', HAND_OUT_SQL, () => [streams, streams.map(() => 20), 30, SOME, 4]],
  ])('%s it looks at none of it', async (_what, sql, parameters) => {
    // the streams themselves are looked at
    expect(await rowsRead(sql, parameters())).toBeLessThanOrEqual(STREAMS);
  });

  it('to drop a surplus where there is none it looks once at what each stream has', async () => {
    const read = await rowsRead(DROP_SURPLUS_SQL, [SETS_PER_STREAM, SOME, 'surplus']);

    expect(read).toBeLessThanOrEqual(STREAMS * (SETS_PER_STREAM + 1));
  });

  it('to see that a purged stream has nothing left it looks at none', async () => {
    const [stream = ''] = streams;

    const read = await rowsRead(
      LEFT_SQL,
      [stream, true],
      `delete from ssf.delivery where stream_id = '${stream}'`,
    );

    expect(read).toBe(0);
  });
});
