import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What autovacuum does with the history.
 *
 * No statistics of columns that hold personal data: `pg_statistic` keeps values as they are, the most common ones and up
 * to a hundred others of each table, and a purge does not reach them there. No statement looks for any of these values.
 *
 * No vacuum because of inserts: nothing of a day is dead until its payloads are purged, and then vacuum comes for that.
 * To visit each page once more, and to write all of it into the write-ahead log again (with data checksums, for one bit),
 * cost the database about half of what delivering costs it. Days go as a whole, mostly before their rows must be frozen;
 * then vacuum comes too.
 *
 * Statistics of a tenth of the rows that PostgreSQL takes by itself: 3,000 of a day. Each stands on a page of its own, and
 * on a young day it comes once a minute.
 */
export class HistoryUpkeep1763945000000 implements MigrationInterface {
  name = 'HistoryUpkeep1763945000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(sampleOfHistory(SAMPLE));
    for (const { table, column, type } of PERSONAL) {
      // the one way to drop what was gathered already that an owner has: a new type, here the same one, rewrites nothing
      await runner.query(`alter table ssf.${table} alter column ${column} type ${type}`);
      await runner.query(`alter table ssf.${table} alter column ${column} set statistics 0`);
    }
    await runner.query(ofEachDay('set (autovacuum_vacuum_insert_threshold = -1)'));
    await runner.query(ensurePartitions(AS_THEIR_TABLE));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(ensurePartitions(WITH_DEFAULTS));
    await runner.query(ofEachDay('reset (autovacuum_vacuum_insert_threshold)'));
    await runner.query(sampleOfHistory(DEFAULT_SAMPLE));
    for (const { table, column } of PERSONAL)
      await runner.query(`alter table ssf.${table} alter column ${column} set statistics ${DEFAULT_SAMPLE}`);
  }
}

/** 300 rows are read for each, and so many common values and bounds of ranges are kept. */
const SAMPLE = 10;
const DEFAULT_SAMPLE = -1;
const HISTORY = `array['signal', 'signal_outcome', 'security_event_token', 'attempt']`;

const PERSONAL = [
  { table: 'signal', column: 'subject', type: 'jsonb' },
  { table: 'signal', column: 'reason_admin', type: 'jsonb' },
  { table: 'signal', column: 'reason_user', type: 'jsonb' },
  { table: 'signal', column: 'details', type: 'jsonb' },
  { table: 'security_event_token', column: 'claims', type: 'text' },
  { table: 'attempt', column: 'description', type: 'text' },
  { table: 'stream_subject', column: 'subject', type: 'jsonb' },
  { table: 'recovery', column: 'filter', type: 'jsonb' },
] as const;

function ofEachDay(action: string): string {
  return `
do $$
declare day text;
begin
  for day in select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
              where i.inhparent = any(select ('ssf.' || t)::regclass from unnest(${HISTORY}) t) and c.relkind = 'r'
              order by 1 loop
    execute format('alter table ssf.%I ${action}', day);
  end loop;
end $$`;
}

/** Of all columns, also those of the days that there are. */
function sampleOfHistory(sample: number): string {
  return `
do $$
declare col record;
begin
  for col in select attrelid::regclass as parent, attname from pg_attribute
              where attrelid = any(select ('ssf.' || t)::regclass from unnest(${HISTORY}) t)
                and attnum > 0 and not attisdropped loop
    execute format('alter table %s alter column %I set statistics ${sample}', col.parent, col.attname);
  end loop;
end $$`;
}

/** LIKE does not take over how much is gathered of a column. */
const AS_THEIR_TABLE = `
        execute format('create table ssf.%I (like ssf.%I including all) with (autovacuum_vacuum_insert_threshold = -1)',
          child, parent);
        for col in select attname, attstattarget from pg_attribute
                    where attrelid = format('ssf.%I', parent)::regclass and attnum > 0 and not attisdropped
                      and attstattarget >= 0 loop
          execute format('alter table ssf.%I alter column %I set statistics %s', child, col.attname, col.attstattarget);
        end loop;`;

const WITH_DEFAULTS = `
        execute format('create table ssf.%I (like ssf.%I including all)', child, parent);`;

/** Makes the missing daily partitions of [first, last] (UTC); returns how many it made. ATTACH: see Retention. */
function ensurePartitions(make: string): string {
  return `
create or replace function ssf.ensure_partitions(first date, last date) returns int language plpgsql as $$
declare parent text; day date; child text; col record; made int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('ssf.ensure_partitions'));
  foreach parent in array ${HISTORY} loop
    for day in select generate_series(first, last, interval '1 day')::date loop
      child := parent || '_' || to_char(day, 'YYYYMMDD');
      if to_regclass('ssf.' || child) is null then${make}
        execute format('alter table ssf.%I attach partition ssf.%I for values from (%L) to (%L)', parent, child,
          ssf.uuid_at(day::timestamp at time zone 'UTC'), ssf.uuid_at((day + 1)::timestamp at time zone 'UTC'));
        made := made + 1;
      end if;
    end loop;
  end loop;
  return made;
end $$`;
}
