/** How many parameters {@link enqueueParts} takes. */
export const ENQUEUE_PARAMETERS = 13;

/**
 * The parts of a statement that store SETs and put them into their streams' queues, in the order of the arrays: any
 * number of SETs and streams. The parameters from `$first` on are those of QueueService.parameters; `condition` says
 * which of the SETs, as `u`, are meant.
 *
 * `seq` is drawn in that order, since a stream's queue is read by it. A SET about the stream's status must come
 * before all that waits, and be sent although the stream is paused (SSF 1.0 section 8.1.5): it gets a negative one,
 * far below zero, so that those too keep their order.
 *
 * What the queue needs comes from the row that was stored: a list of the SETs that both inserts read would be a copy of
 * all claims. Index writes per SET: the keys of `delivery` and `security_event_token`, the stream, and a txn that is not
 * its signal's id.
 */
export function enqueueParts(first: number, condition = 'true'): string {
  const $ = (position: number): string => `$${first + position}`;
  return `
stored as (
  insert into ssf.security_event_token
    (jti, seq, provider_id, application_id, stream_id, signal_id, event_type, txn, subject_hash, claims, created_at)
  select jti, nextval('ssf.queue_seq') - case when ${$(11)}::boolean then 1::bigint << 62 else 0 end,
         ${$(8)}::uuid, application_id, stream_id, signal_id, event_type, txn, subject_hash, claims,
         coalesce(${$(12)}::timestamptz, now())
    from (select *
            from unnest(${$(0)}::uuid[], ${$(1)}::uuid[], ${$(2)}::uuid[], ${$(3)}::uuid[], ${$(4)}::text[],
                        ${$(5)}::text[], ${$(6)}::bigint[], ${$(7)}::text[]) with ordinality
              as u(jti, application_id, stream_id, signal_id, event_type, txn, subject_hash, claims, position)
           where ${condition}
           order by position) x
  returning jti, seq, stream_id, subject_hash),
queued as (
  insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at, next_at)
  select stream_id, seq, jti, subject_hash, now() + make_interval(days => ${$(9)}::int),
         case when ${$(10)}::float8 > 0 then now() + make_interval(secs => ${$(10)}::float8) end
    from stored)`;
}

export const ENQUEUE_SQL = `with ${enqueueParts(1)} select`;

/**
 * Ends all that waits in one stream's queue, each SET with its reason; of a disabled stream ($3) not its status. By
 * their place, as a tick does: both take the rows in the order in which they stand, and do not deadlock.
 */
export const PURGE_SQL = `
with gone as (
  delete from ssf.delivery
   where ctid = any(array(select ctid from ssf.delivery where stream_id = $1 and (seq > 0 or not $3)))
     and stream_id = $1
  returning jti, stream_id, attempts)
insert into ssf.attempt (jti, stream_id, attempt, method, outcome, err)
select jti, stream_id, attempts, 'none', 'dropped', $2 from gone
returning jti`;

/** Whether {@link PURGE_SQL} has missed some: a row that is changed meanwhile is not at its place any more. */
export const LEFT_SQL = `
select (select true from ssf.delivery where stream_id = $1 and (seq > 0 or not $2) order by seq limit 1) is not null as "isLeft"`;
