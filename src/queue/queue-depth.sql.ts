/** What waits in the queues of a provider ($1), or in all. Reads all of it: `delivery` holds nothing else. */
export const QUEUE_DEPTH_SQL = `
select count(*) filter (where q.runnable or d.seq < 0)::int as pending,
       count(*) filter (where not q.runnable and d.seq > 0)::int as held,
       min(d.enqueued_at) filter (where q.runnable or d.seq < 0) as "oldestPendingAt"
  from ssf.delivery d join ssf.stream_queue q on q.stream_id = d.stream_id
 where ($1::uuid is null or exists (select from ssf.stream s where s.id = d.stream_id and s.provider_id = $1))`;

/**
 * SETs of signals that wait in some streams ($1), counted as far as $2: by the primary key of `delivery`, and a probe of
 * the SET's for each, in its own day's partition. Those about a stream itself have no signal, and end with it.
 */
export const COUNT_WAITING_SQL = `
select count(*)::int as count
  from (select
          from ssf.delivery d
         cross join lateral (select t.signal_id from ssf.security_event_token t where t.jti = d.jti offset 0) t
         where d.stream_id = any($1) and t.signal_id is not null
         limit $2) waiting`;
