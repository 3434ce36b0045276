import { readableBelow } from './readable.sql.js';

/**
 * ACQUIRE: leases up to $2 push streams that have something to send, the longest unserved first, for $3 seconds.
 * $4 narrows it to the streams that a doorbell named (primary key look-ups); null looks at all of them.
 *
 * A lease is of the stream, not of its rows: no write per SET claims it, and pause, order, cap and back-off of a
 * stream are its owner's memory. MATERIALIZED, since the planner may else run the locking sub-select again and
 * lock more than the limit.
 *
 * LIMIT 1 instead of EXISTS, which the planner may turn into a join that reads the whole of `delivery`. With ORDER BY,
 * or it takes a scan of the table that ends with the first row found: of a paused stream, which has many and none that
 * may be read, it finds none (measured, a million SETs in 20 paused streams: 2.5 s).
 *
 * A lease ends with its time, or at once when the database no longer knows the owner's connection (lease_pid): the
 * streams of a killed process are not held up. A pid that was given to another connection, or that a pooler keeps
 * open, only means waiting for the time.
 */
export const ACQUIRE_SQL = `
with free as materialized (
  select q.stream_id
    from ssf.stream_queue q
   where q.pushes and q.not_before <= now()
     and (q.lease_until < now()
          or (q.lease_pid is not null and not exists (select from pg_stat_get_activity(q.lease_pid))))
     and ($4::uuid[] is null or q.stream_id = any($4))
     and (select true from ssf.delivery d
           where d.stream_id = q.stream_id and d.seq < ${readableBelow('q')}
             and (d.next_at is null or d.next_at <= now())
           order by d.seq limit 1)
   order by q.last_pick
   limit $2
     for update skip locked)
update ssf.stream_queue q
   set lease_owner = $1, lease_pid = $5, lease_epoch = q.lease_epoch + 1, lease_until = now() + make_interval(secs => $3),
       last_pick = clock_timestamp()
  from free
 where q.stream_id = free.stream_id
returning q.stream_id, q.version::text, q.failures, q.first_failure_at`;

/**
 * HEARTBEAT: renews all leases of a process ($1) but those it gives back ($3), and notes which streams had a
 * success since the last one ($4). A stream that is missing from the answer belongs to somebody else.
 */
export const HEARTBEAT_SQL = `
update ssf.stream_queue q
   set lease_until = case when q.stream_id = any($3) then '-infinity' else now() + make_interval(secs => $2) end,
       lease_owner = case when q.stream_id = any($3) then null else q.lease_owner end,
       lease_pid = case when q.stream_id = any($3) then null else $5::int end,
       failures = case when q.stream_id = any($4) then 0 else q.failures end,
       first_failure_at = case when q.stream_id = any($4) then null else q.first_failure_at end,
       told_percent = case when q.stream_id = any($4) then 0 else q.told_percent end,
       last_error = case when q.stream_id = any($4) then null else q.last_error end,
       last_success_at = case when q.stream_id = any($4) then now() else q.last_success_at end
 where q.lease_owner = $1
returning q.stream_id`;

/**
 * BACK-OFF: one write per failing stream and step, however many SETs wait in it. Only the owner may write it: a
 * process that lost the lease has no say in how the stream fares.
 */
export const BACK_OFF_SQL = `
update ssf.stream_queue q
   set failures = x.failures, last_failure_at = now(),
       last_success_at = case when x.has_succeeded then now() else q.last_success_at end,
       first_failure_at = case when x.failures > 1 then coalesce(q.first_failure_at, now()) else now() end,
       told_percent = case when x.failures > 1 then q.told_percent else 0 end,
       not_before = now() + make_interval(secs => x.delay_seconds), last_error = x.error,
       lease_owner = null, lease_pid = null, lease_until = '-infinity'
  from unnest($2::uuid[], $3::float8[], $4::text[], $5::int[], $6::boolean[])
    as x(stream_id, delay_seconds, error, failures, has_succeeded)
 where q.stream_id = x.stream_id and q.lease_owner = $1
returning q.stream_id`;
