/**
 * The streams that have known nothing but failure for $1 seconds: from the first failure in a row to the last, so time
 * in which nobody tried does not count. Not one that is being served at the moment: its success may not be noted yet.
 */
const FAILING = `q.runnable and q.pushes and q.lease_until < now()
     and q.last_failure_at - q.first_failure_at >= make_interval(secs => $1)`;

/**
 * Which steps ($2, percents of the time $3 that a stream may fail) were reached by streams that fail for $1 seconds at
 * least, and were not told before. What was told is written, so each step is told once, by one process; whatever ends
 * a run of failures sets it back. Reads all queues: as many rows as there are streams.
 */
export const TELL_FAILING_SQL = `
with failing as materialized (
  select q.stream_id, q.first_failure_at, q.last_error,
         q.told_percent as told,
         (select max(step) from unnest($2::int[]) as step
           where step * $3 <= 100 * extract(epoch from q.last_failure_at - q.first_failure_at)) as reached
    from ssf.stream_queue q
   where ${FAILING}
     for no key update skip locked)
update ssf.stream_queue q
   set told_percent = f.reached
  from failing f
 where q.stream_id = f.stream_id and f.reached > f.told
returning q.stream_id, f.told, f.reached, f.first_failure_at, f.last_error`;

/** Those that have failed for so long, some at a time. */
export const FAILED_SQL = `
select q.stream_id, q.last_error from ssf.stream_queue q where ${FAILING} limit 100`;

/** Whether one of them still does; nobody serves it until the transaction ends. */
export const STILL_FAILING_SQL = `
select from ssf.stream_queue q where ${FAILING} and q.stream_id = $2 for update`;
