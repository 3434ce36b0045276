/** What waits in the queues of a provider ($1), or in all. Reads all of it: `delivery` holds nothing else. */
export const QUEUE_DEPTH_SQL = `
select count(*) filter (where q.runnable or d.seq < 0)::int as pending,
       count(*) filter (where not q.runnable and d.seq > 0)::int as held,
       min(d.enqueued_at) filter (where q.runnable or d.seq < 0) as "oldestPendingAt"
  from ssf.delivery d join ssf.stream_queue q on q.stream_id = d.stream_id
 where ($1::uuid is null or exists (select from ssf.stream s where s.id = d.stream_id and s.provider_id = $1))`;
