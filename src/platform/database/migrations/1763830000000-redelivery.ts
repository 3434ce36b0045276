import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Redelivery: what is sent again is seen in the history of its SETs, and recoveries remember how far they are.
 *
 * The look-up by subject: signals are found by every identifier of their user, and SETs by their signals. It replaces
 * an index entry per SET, of the one identifier that the SET carried. What was recorded before is not found by it.
 */
export class Redelivery1763830000000 implements MigrationInterface {
  name = 'Redelivery1763830000000';

  async up(runner: QueryRunner): Promise<void> {
    // NOT VALID: every row met the narrower check before, so that none has to be read while the table is locked
    await runner.query(`
      alter table ssf.attempt drop constraint attempt_outcome_check;
      alter table ssf.attempt add constraint attempt_outcome_check
        check (outcome in ('delivered', 'rejected', 'retry', 'dead', 'dropped', 'redelivered')) not valid;
    `);
    await runner.query(RECOVERY);
    await runner.query(SIGNAL_INDEXES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ssf.signal_txn;
      alter table ssf.signal drop column subject_hashes;
      create index security_event_token_subject on ssf.security_event_token (subject_hash, jti desc);
      drop table ssf.recovery;
      delete from ssf.attempt where outcome = 'redelivered';
      alter table ssf.attempt drop constraint attempt_outcome_check;
      alter table ssf.attempt add constraint attempt_outcome_check
        check (outcome in ('delivered', 'rejected', 'retry', 'dead', 'dropped'));
    `);
  }
}

const RECOVERY = `
-- SETs that are to be sent again, found by a filter, in the order of their making. A process works on one for as
-- long as it holds the lock of its row, one batch per transaction: whoever is killed leaves it to the others.
create table ssf.recovery (
  id uuid primary key,
  -- set when all SETs are one stream's
  stream_id uuid,
  -- which SETs besides: {"applicationId", "eventType", ...}
  filter jsonb not null,
  statuses text[] not null,
  from_time timestamptz not null,
  to_time timestamptz not null,
  state text not null check (state in ('running', 'done', 'cancelled')),
  -- the last SET that was looked at
  position uuid not null,
  redelivered int not null default 0,
  skipped int not null default 0,
  -- why the last batch failed, until one succeeds, and when it is tried again
  error text,
  not_before timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  -- when it was last worked on: the longest unserved goes first
  updated_at timestamptz not null default now(),
  finished_at timestamptz
);
create index recovery_stream on ssf.recovery (stream_id, id);
create index recovery_running on ssf.recovery (updated_at) where state = 'running';
`;

/**
 * GIN: one entry per identifier and signal, and no row besides. Without a list of pending entries (fastupdate), which
 * would cost more in all, and a search or an insert would now and then have to wait for it.
 *
 * Each day's index is built by itself, the oldest first, so that only the day that is being written to is locked while
 * its own is built. The one of the whole table then takes them over.
 */
const SIGNAL_INDEXES = `
alter table ssf.signal add column subject_hashes bigint[];
do $$
declare day text;
begin
  for day in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
              where i.inhparent = 'ssf.signal'::regclass order by 1 loop
    execute format('create index on ssf.%I using gin (subject_hashes) with (fastupdate = off)
                     where subject_hashes is not null', day);
    execute format('create index on ssf.%I (txn) where txn <> id::text', day);
  end loop;
end $$;
create index signal_subject on ssf.signal using gin (subject_hashes) with (fastupdate = off)
  where subject_hashes is not null;
-- a signal without a txn of its own has its id instead, and is found by that
create index signal_txn on ssf.signal (txn) where txn <> id::text;
drop index ssf.security_event_token_subject;
`;
