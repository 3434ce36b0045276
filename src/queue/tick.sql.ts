import { expiryOf } from './expiry.sql.js';
import { readableBelow } from './readable.sql.js';

/**
 * READ: the next SETs of queues ($1 to $4), only of streams that $5 owns. Reads use the primary key (stream_id, seq), one
 * range scan with a limit per stream. Of a stream that is not enabled only its status is read, which has a negative seq.
 * $6 is the ceiling of expiry.
 *
 * What is not due is read too: nothing about the same subject may overtake it, and while the reader knows of such
 * subjects ($4, of each read), what else is about them is passed over, so that it does not stand before all others.
 * What there is to say of SETs that failed, or are not due, is one column, null for all others. Successes are noted up
 * to $7 seconds late (lease.sql.ts), so only those later than that count as later than the failure.
 *
 * It is planned each time: a plan that was made while the table was empty reads and sorts all of it when it has grown.
 */
export const READ_SQL = `
select r.stream_id, coalesce(q.pushes and q.lease_owner = $5, false) as is_owned, coalesce(q.runnable, false) as is_open,
       q.version::text,
       d.seq::text, d.jti, d.subject_hash::text, d.attempts, d.enqueued_at, d.is_expired, d.past
  from unnest($1::uuid[], $2::bigint[], $3::int[], $4::text[]) as r(stream_id, after, max, blocked)
  left join ssf.stream_queue q on q.stream_id = r.stream_id
  left join lateral (
    select d.seq, d.jti, d.subject_hash, d.attempts, date_part('epoch', d.enqueued_at) * 1000 as enqueued_at,
           ${expiryOf('$6')} <= now() as is_expired,
           case when d.failed_at is not null or d.next_at > now() then json_build_object(
             'isDue', d.next_at is null or d.next_at <= now(), 'strikes', d.strikes,
             'failedAt', extract(epoch from d.failed_at) * 1000,
             'othersPassed', coalesce(q.last_success_at > d.failed_at + make_interval(secs => $7), false)) end as past
      from ssf.delivery d
     where d.stream_id = r.stream_id and d.seq > r.after and d.seq < ${readableBelow('q')} and q.lease_owner = $5
       and (r.blocked is null or d.next_at is not null or d.subject_hash <> all(r.blocked::bigint[]))
     order by d.seq limit r.max) d on true`;

/**
 * TICK: everything that one process does to all of its streams' queues, in one statement: ends or keeps what was
 * tried ($8 to $17), logs each try, and reads the next SETs ({@link READ_SQL}) as they were before the deletes.
 *
 * Ending a SET is never fenced: a SET that was delivered is delivered, whoever owns the stream by now. The log
 * row and the queue row change together, so neither can be lost alone. A SET that failed by itself is kept with the time
 * that it is set aside for ($16) and its strikes ($17).
 *
 * Rows are looked up one by one (LATERAL with LIMIT) and then changed by their place: joined in the usual way, the
 * planner reads the whole of a large queue as soon as it thinks that cheaper than so many probes. That is what it thinks
 * until vacuum comes again, when the last vacuum found the queue empty (measured, with 40,000 rows: 110 instead of 14 ms).
 * So does every statement about several SETs that wait. A row that another process changes at this very moment may be
 * missed; it is sent again.
 */
export const TICK_SQL = `
with tried as materialized (
  select * from unnest($8::uuid[], $9::bigint[], $10::text[], $11::text[], $12::smallint[], $13::text[], $14::text[],
                       $15::int[], $16::float8[], $17::smallint[])
    as x(stream_id, seq, outcome, method, http_status, err, description, duration_ms, aside_seconds, strikes)),
placed as materialized (
  select x.outcome, x.aside_seconds, x.strikes, d.place from tried x
   cross join lateral (
    select ctid as place from ssf.delivery where stream_id = x.stream_id and seq = x.seq limit 1) d),
ended as (
  delete from ssf.delivery where ctid = any(array(select place from placed where outcome <> 'retry'))
  returning jti, stream_id, seq, attempts),
kept as (
  update ssf.delivery d
     set attempts = d.attempts + 1, failed_at = now(), strikes = coalesce(x.strikes, d.strikes),
         next_at = coalesce(now() + make_interval(secs => x.aside_seconds), d.next_at)
    from placed x
   where d.ctid = any(array(select place from placed where outcome = 'retry')) and d.ctid = x.place
  returning d.jti, d.stream_id, d.seq, d.attempts - 1 as attempts),
logged as (
  insert into ssf.attempt (jti, stream_id, attempt, method, outcome, http_status, err, description, duration_ms)
  select d.jti, stream_id, case x.method when 'none' then d.attempts else d.attempts + 1 end, x.method, x.outcome,
         x.http_status, x.err, x.description, x.duration_ms
    from (select * from ended union all select * from kept) d join tried x using (stream_id, seq))${READ_SQL}`;

/**
 * The claims of the SETs just read. A statement of its own, so that the planner sees the ids: it prunes to the
 * partitions of their days and locks no other. None of a SET that was withdrawn since, with what it told of a subject.
 */
export const CLAIMS_SQL = `
select jti, claims from ssf.security_event_token where jti = any($1::uuid[]) and purged_at is null`;
