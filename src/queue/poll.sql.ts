import { expiryOf } from './expiry.sql.js';
import { readableBelow } from './readable.sql.js';

/**
 * What a poll receiver says of SETs: acknowledged or refused, each logged with the hand-outs it took. SETs are named
 * by jti, whose primary key leads to the row's seq; one of another stream, or one that is gone, is nobody's. The stream's
 * row is locked first, as a change of its status does it, and then the SETs in the queue's order: whoever ends the same
 * ones meanwhile waits. They are ended by their place, which stands while they are locked (why: tick.sql.ts).
 */
export const POLL_SETTLE_SQL = `
with told as materialized (
  select * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as x(jti, outcome, err, description)),
queue as materialized (
  select from ssf.stream_queue where stream_id = $1 for no key update),
known as materialized (
  select d.place
    from (select seq from ssf.security_event_token
           where jti = any($2::uuid[]) and stream_id = $1 and exists (select from queue) order by seq) t
   cross join lateral (
    select ctid as place from ssf.delivery where stream_id = $1 and seq = t.seq limit 1 for update) d),
gone as (
  delete from ssf.delivery where ctid = any(array(select place from known))
  returning jti, stream_id, attempts, enqueued_at),
ended as materialized (
  select * from gone join told using (jti)),
healthy as (
  update ssf.stream_queue set last_success_at = now(), failures = 0, first_failure_at = null, told_percent = 0, last_error = null
   where stream_id = $1 and exists (select from ended where outcome = 'delivered')),
logged as (
  insert into ssf.attempt (jti, stream_id, attempt, method, outcome, err, description)
  select jti, stream_id, attempts, 'poll', outcome, err, description from ended)
select jti, outcome, err, extract(epoch from now() - enqueued_at)::float8 as "waitedSeconds" from ended`;

/**
 * HAND-OUT: the next SETs of any number of poll streams ($1), so many of each ($2) and at most $4 in all, oldest
 * first. They are hidden for a while ($3 seconds): a concurrent poll does not get the same, and those that are not
 * acknowledged come again. Of a stream that is not enabled only its status is handed out (negative seq).
 *
 * One range scan of the primary key (stream_id, seq) per stream, in the order of the arrays until the limit is
 * reached. It never waits: rows that somebody else has locked are left out. $5 is the ceiling of expiry.
 */
export const HAND_OUT_SQL = `
with asked as materialized (
  select * from unnest($1::uuid[], $2::int[]) as x(stream_id, max)),
next as materialized (
  select d.*
    from asked a
   cross join lateral (
    select runnable, last_failure_at from ssf.stream_queue
     where stream_id = a.stream_id and not pushes limit 1) q
   cross join lateral (
    select d.stream_id, d.seq, d.ctid as place, ${expiryOf('$5')} <= now() as is_expired
      from ssf.delivery d
     where d.stream_id = a.stream_id
       and d.seq < ${readableBelow('q')} and (d.next_at is null or d.next_at <= now())
     order by d.seq limit a.max
       for update of d skip locked) d
   limit $4),
handed as (
  update ssf.delivery d
     set next_at = now() + make_interval(secs => $3), attempts = d.attempts + 1
   where d.ctid = any(array(select place from next))
  returning d.stream_id, d.seq, d.jti, d.signature),
by_stream as (
  select stream_id, max(seq) as last_seq,
         json_agg(json_build_object('seq', seq::text, 'jti', jti, 'signature', signature, 'isExpired', is_expired)
                  order by seq) as sets
    from handed join next using (stream_id, seq) group by stream_id)
select a.stream_id as "streamId", q.stream_id is not null as "isPolled", coalesce(h.sets, '[]') as sets,
       coalesce((select true from ssf.delivery d
                  where d.stream_id = q.stream_id and d.seq < ${readableBelow('q')}
                    and (d.next_at is null or d.next_at <= now())
                    and (h.last_seq is null or d.seq > h.last_seq)
                  order by d.seq limit 1), false) as "hasMore"
  from asked a
  left join ssf.stream_queue q on q.stream_id = a.stream_id and not q.pushes
  left join by_stream h on h.stream_id = a.stream_id`;

/**
 * Keeps header and signature ($3) of SETs that are handed out for the first time, or whose signature ($4) cannot be used
 * any more, and answers what is kept of those that still wait. Like the hand-out it waits for nobody: what another
 * statement has locked is about to leave the queue.
 */
export const KEEP_SIGNATURES_SQL = `
with given as materialized (
  select d.place, x.signature, x.replaces
    from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) as x(stream_id, seq, signature, replaces)
   cross join lateral (
    select ctid as place from ssf.delivery where stream_id = x.stream_id and seq = x.seq
     limit 1 for update skip locked) d)
update ssf.delivery d
   set signature = case when d.signature is not distinct from given.replaces then given.signature else d.signature end
  from given
 where d.ctid = any(array(select place from given)) and d.ctid = given.place
returning d.jti, d.signature`;

/** What was handed out to a receiver that had gone by then may be handed out again at once. */
export const GIVE_BACK_SQL = `
with given as materialized (
  select d.place
    from unnest($1::uuid[], $2::bigint[]) as x(stream_id, seq)
   cross join lateral (
    select ctid as place from ssf.delivery where stream_id = x.stream_id and seq = x.seq
     limit 1 for update skip locked) d)
update ssf.delivery
   set next_at = null, attempts = attempts - 1
 where ctid = any(array(select place from given))`;

/**
 * Which of these streams have something to hand out, or are none to poll any more: one index probe each, and no row
 * while all is quiet.
 */
export const LOOK_SQL = `
select s.stream_id
  from unnest($1::uuid[]) as s(stream_id)
  left join ssf.stream_queue q on q.stream_id = s.stream_id and not q.pushes
 where q.stream_id is null
    or (select true from ssf.delivery d
         where d.stream_id = q.stream_id and d.seq < ${readableBelow('q')}
           and (d.next_at is null or d.next_at <= now())
         order by d.seq limit 1)`;
