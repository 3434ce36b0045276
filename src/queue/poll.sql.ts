import { readableBelow } from './readable.sql.js';

/**
 * What a poll receiver says of SETs: acknowledged or refused, each logged with the hand-outs it took. SETs are named
 * by jti, whose primary key leads to the row's seq; one of another stream, or one that is gone, is nobody's.
 */
export const POLL_SETTLE_SQL = `
with told as materialized (
  select * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as x(jti, outcome, err, description)),
known as materialized (
  select t.seq, told.outcome, told.err, told.description
    from ssf.security_event_token t join told using (jti)
   where t.jti = any($2::uuid[]) and t.stream_id = $1),
ended as (
  delete from ssf.delivery d using known k where d.stream_id = $1 and d.seq = k.seq
  returning d.jti, d.stream_id, d.attempts, k.outcome, k.err, k.description),
healthy as (
  update ssf.stream_queue set last_success_at = now(), failures = 0, first_failure_at = null, last_error = null
   where stream_id = $1 and exists (select from ended where outcome = 'delivered'))
insert into ssf.attempt (jti, stream_id, attempt, method, outcome, err, description)
select jti, stream_id, attempts, 'poll', outcome, err, description from ended
returning jti, outcome, err`;

/**
 * Hands out the next SETs of a poll stream, oldest first, and hides them for a while ($3 seconds): a concurrent poll
 * does not get the same, and those that are not acknowledged come again. Of a stream that is not enabled only its
 * status is handed out (negative seq).
 */
export const HAND_OUT_SQL = `
with next as materialized (
  select d.seq
    from ssf.delivery d join ssf.stream_queue q on q.stream_id = d.stream_id
   where d.stream_id = $1 and not q.pushes and d.seq < ${readableBelow('q')}
     and (d.next_at is null or d.next_at <= now())
   order by d.seq limit $2
     for update of d skip locked)
update ssf.delivery d
   set next_at = now() + make_interval(secs => $3), attempts = d.attempts + 1
  from next
 where d.stream_id = $1 and d.seq = next.seq
returning d.seq::text, d.jti, d.expires_at <= now() as is_expired`;

/** Which of these streams are still polled, and which of them have something to hand out: one index probe each. */
export const LOOK_SQL = `
select s.stream_id, q.stream_id is not null as is_polled,
       coalesce((select true from ssf.delivery d
                  where d.stream_id = q.stream_id and d.seq < ${readableBelow('q')}
                    and (d.next_at is null or d.next_at <= now())
                  limit 1), false) as is_due
  from unnest($1::uuid[]) as s(stream_id)
  left join ssf.stream_queue q on q.stream_id = s.stream_id and not q.pushes`;
