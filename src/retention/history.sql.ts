function dayOf(id: string): string {
  return `(to_timestamp(('x' || left(replace(${id}::text, '-', ''), 12))::bit(48)::bigint / 1000.0) at time zone 'UTC')::date`;
}

/**
 * The daily partitions of the history tables ($1), from the catalogue, of one day ($2) or of all. The day is that of
 * their bounds, whatever their names say, and only what is attached and holds exactly one day counts: a partition that
 * somebody detached or made otherwise is theirs. `reltuples` is PostgreSQL's estimate, below zero while it has none.
 */
export const PARTITIONS_SQL = `
with bounded as materialized (
  select c.oid, t.name, c.reltuples, pg_get_expr(c.relpartbound, c.oid) as bounds
    from unnest($1::text[]) as t(name)
    join pg_inherits i on i.inhparent = ('ssf.' || t.name)::regclass and not i.inhdetachpending
    join pg_class c on c.oid = i.inhrelid),
dated as materialized (
  select *, ${dayOf(`substring(bounds from '^FOR VALUES FROM \\(''([0-9a-f-]{36})''\\)')`)} as day from bounded)
select name as "table", oid::regclass::text as partition, day::text as day,
       case when reltuples >= 0 then reltuples::float8 end as rows, coalesce(pg_total_relation_size(oid), 0)::float8 as bytes
  from dated
 where ($2::date is null or day = $2)
   and bounds = format('FOR VALUES FROM (%L) TO (%L)',
         ssf.uuid_at(day::timestamp at time zone 'UTC'), ssf.uuid_at((day + 1)::timestamp at time zone 'UTC'))
 order by day, name`;

/** By what the days are judged. Without a provider, by what a new one would have. */
export const POLICY_SQL = `
select coalesce(max(event_retention_days), 30)::int as "retentionDays", now() as now from ssf.provider`;

/**
 * What waits of the days before $1, by the day of its id. No index leads from an id to the queues, which are kept
 * narrow for their own work: one scan of each, without a lock that anybody would wait for.
 */
export const PENDING_SQL = `
select day::text, sum(sets)::int as sets, sum(signals)::int as signals
  from (select ${dayOf('jti')} as day, 1 as sets, 0 as signals from ssf.delivery where jti < ssf.uuid_at($1)
        union all
        select ${dayOf('signal_id')}, 0, 1 from ssf.signal_queue where signal_id < ssf.uuid_at($1)) waiting
 group by day`;

/** The recoveries that are under way, and where (recovery_running). */
export const RECOVERIES_SQL = `select position, to_time as "to" from ssf.recovery where state = 'running'`;

/**
 * Notes that something of these days ($1) waits although their time is over, and answers those of which that was not
 * known.
 */
export const NOTE_PENDING_SQL = `
insert into ssf.retained_day as r (day, pending_at) select day, now() from unnest($1::date[]) as x(day)
on conflict (day) do update set pending_at = now()
returning case when r.xmax = 0 then r.day::text end as day`;
