/**
 * Until when a waiting SET (`d`, of ssf.delivery) of a queue (`q`, its ssf.stream_queue or null) waits: the rule of
 * core/delivery/expiry.ts, computed where the rows and their clock are. `ceiling` is the place of a parameter. The
 * retention is that of the moment of enqueueing, which the row holds: a change of the provider's is for what comes.
 */
export function expiryOf(ceiling: string): string {
  return `least(d.enqueued_at + ${ceiling}::int * (d.expires_at - d.enqueued_at),
                greatest(d.expires_at, greatest(q.last_failure_at, d.failed_at) + (d.expires_at - d.enqueued_at)))`;
}

/**
 * Looks through the next $3 waiting SETs after ($1, $2), by the primary key and without a lock: which streams have
 * some whose time is over ($4 is the ceiling), and between which seqs.
 */
export const LOOK_FOR_EXPIRED_SQL = `
with slice as materialized (
  select stream_id, seq, enqueued_at, expires_at, failed_at from ssf.delivery
   where (stream_id, seq) > ($1::uuid, $2::bigint)
   order by stream_id, seq limit $3),
judged as (
  select d.stream_id, d.seq, ${expiryOf('$4')} <= now() as is_over
    from slice d left join ssf.stream_queue q using (stream_id))
select stream_id, max(seq)::text as last, count(*)::int as count,
       min(seq) filter (where is_over)::text as first_over, max(seq) filter (where is_over)::text as last_over
  from judged group by stream_id order by stream_id`;

/**
 * Drops what is over between two seqs ($2, $3) of a stream, each SET with a row that says so. Not while somebody has
 * leased the stream: a push of it may be under way, and what is delivered must not be recorded as dropped; its owner
 * drops by itself what it reads too late. The lock on the queue keeps a lease from being taken meanwhile. What a poll
 * receiver has at hand, or what is set aside, is left alone until it is due again. Never waits for anybody: what is
 * locked is left to the next round.
 */
export const EXPIRE_SQL = `
with queue as materialized (
  select stream_id, last_failure_at from ssf.stream_queue
   where stream_id = $1 and lease_until < now()
     for no key update skip locked),
over as materialized (
  select d.ctid as place from ssf.delivery d join queue q using (stream_id)
   where d.stream_id = $1 and d.seq between $2 and $3 and (d.next_at is null or d.next_at <= now())
     and ${expiryOf('$4')} <= now()
     for update of d skip locked),
gone as (
  delete from ssf.delivery where ctid = any(array(select place from over))
  returning jti, stream_id, attempts)
insert into ssf.attempt (jti, stream_id, attempt, method, outcome, err)
select jti, stream_id, attempts, 'none', 'dropped', 'expired' from gone
returning jti`;
