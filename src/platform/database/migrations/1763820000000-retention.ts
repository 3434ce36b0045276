import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What expiry, poison SETs, the pausing of streams that only fail, and retention keep in rows. New columns have
 * constant defaults or none, so no table is rewritten.
 */
export class Retention1763820000000 implements MigrationInterface {
  name = 'Retention1763820000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- when a try of this very SET failed last, and how often it failed while others of its stream passed
      alter table ssf.delivery add column failed_at timestamptz, add column strikes smallint not null default 0;

      -- how much of its time a stream that only fails was reported to have had; zero whenever first_failure_at changes
      alter table ssf.stream_queue add column told_percent smallint not null default 0;

      -- when a task that one process does for all began last, and until when whoever does it keeps others out
      create table ssf.periodic_task (
        name text primary key,
        begun_at timestamptz not null,
        held_by uuid not null,
        held_until timestamptz not null
      );

      -- days of the history that are past their retention and had something that still waited, when they had it last
      create table ssf.retained_day (day date primary key, pending_at timestamptz not null);

      -- days of the history from which a provider with a shorter retention than another's was removed;
      -- left_over still waited then, so the day is looked at again
      create table ssf.purged_day (
        provider_id uuid not null,
        day date not null,
        purged_at timestamptz not null default now(),
        left_over int not null,
        primary key (provider_id, day)
      );

      -- identities go with the signals that they are of, not by their own age
      drop index ssf.signal_identity_recorded;
    `);
    await runner.query(ensurePartitions(ATTACH));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(ensurePartitions(CREATE_AS_PARTITION));
    await runner.query(`
      create index signal_identity_recorded on ssf.signal_identity using brin (recorded_at);
      drop table ssf.purged_day, ssf.retained_day, ssf.periodic_task;
      alter table ssf.stream_queue drop column told_percent;
      alter table ssf.delivery drop column strikes, drop column failed_at;
    `);
  }
}

/**
 * ATTACH takes a lock that lets everybody read and write meanwhile; CREATE TABLE ... PARTITION OF takes one that nobody
 * shares, and while it waits for a host's long transaction, all who come later wait behind it.
 */
const ATTACH = `
        execute format('create table ssf.%I (like ssf.%I including all)', child, parent);
        execute format('alter table ssf.%I attach partition ssf.%I for values from (%L) to (%L)', parent, child,
          ssf.uuid_at(day::timestamp at time zone 'UTC'), ssf.uuid_at((day + 1)::timestamp at time zone 'UTC'));`;

const CREATE_AS_PARTITION = `
        execute format('create table ssf.%I partition of ssf.%I for values from (%L) to (%L)', child, parent,
          ssf.uuid_at(day::timestamp at time zone 'UTC'), ssf.uuid_at((day + 1)::timestamp at time zone 'UTC'));`;

/** Makes the missing daily partitions of [first, last] (UTC); returns how many it made. */
function ensurePartitions(make: string): string {
  return `
create or replace function ssf.ensure_partitions(first date, last date) returns int language plpgsql as $$
declare parent text; day date; child text; made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('ssf.ensure_partitions'));
  foreach parent in array array['signal', 'signal_outcome', 'security_event_token', 'attempt'] loop
    for day in select generate_series(first, last, interval '1 day')::date loop
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      if to_regclass('ssf.' || child) is null then${make}
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$`;
}
