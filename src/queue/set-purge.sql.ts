/**
 * The streams of some SETs ($1), in the order in which everybody locks them: until the transaction ends, none of them is
 * deleted and nobody sends one of its SETs again.
 */
export const LOCK_STREAMS_OF_SQL = `
select id from ssf.stream
 where id = any(array(select distinct stream_id from ssf.security_event_token where jti = any($1::uuid[])))
 order by id for no key update`;

/** First, as whoever ends SETs of a stream does. */
export const LOCK_QUEUES_SQL = `
select from ssf.stream_queue where stream_id = any($1::uuid[]) order by stream_id for update`;

/** Which of these SETs ($1) wait: a probe of the primary keys of the SET and of the queue for each. */
export const WAITING_OF_SQL = `
select t.jti from ssf.security_event_token t
 cross join lateral (
  select from ssf.delivery where stream_id = t.stream_id and seq = t.seq limit 1) d
 where t.jti = any($1::uuid[])`;

/** When something last became of these SETs ($1), by attempt_jti. */
export const LAST_TIMES_SQL = `
select jti, max(at) as at from ssf.attempt where jti = any($1::uuid[]) group by jti`;

/** Ends these SETs ($1) if they wait, each with its reason. By their place: why, is told of PURGE_SQL. */
export const WITHDRAW_SQL = `
with placed as materialized (
  select d.ctid as place from ssf.security_event_token t
   cross join lateral (
    select ctid from ssf.delivery where stream_id = t.stream_id and seq = t.seq limit 1) d
   where t.jti = any($1::uuid[])),
gone as (
  delete from ssf.delivery where ctid = any(array(select place from placed)) and jti = any($1::uuid[])
  returning jti, stream_id, attempts)
insert into ssf.attempt (jti, stream_id, attempt, method, outcome, err)
select jti, stream_id, attempts, 'none', 'dropped', 'purged' from gone
returning jti, stream_id as "streamId"`;

/** Whoever has leased these streams ($1) reads its queue anew. */
export const CHANGE_QUEUES_SQL = `
update ssf.stream_queue set version = version + 1 where stream_id = any($1::uuid[])`;

/**
 * Takes the personal data out of SETs ($1): what stays of the claims is which event it was, of whom to whom, and when.
 * None of them may wait, or what is sent would be this.
 */
export const EXPUNGE_SETS_SQL = `
update ssf.security_event_token t
   set purged_at = now(), subject_hash = 0,
       claims = jsonb_strip_nulls(jsonb_build_object(
         'iss', c.claims -> 'iss', 'jti', t.jti, 'iat', c.claims -> 'iat', 'aud', c.claims -> 'aud', 'txn', t.txn,
         'sub_id', jsonb_build_object('format', 'opaque', 'id', 'purged'),
         'events', jsonb_build_object(t.event_type, '{}'::jsonb)))::text
  from (select jti, claims::jsonb as claims from ssf.security_event_token where jti = any($1::uuid[])) c
 where t.jti = c.jti and t.jti = any($1::uuid[]) and t.purged_at is null
returning t.jti`;

/** What receivers said of these SETs ($1) in words of theirs. On whose behalf one was sent again stays. */
export const EXPUNGE_ATTEMPTS_SQL = `
update ssf.attempt set description = null
 where jti = any($1::uuid[]) and description is not null and outcome <> 'redelivered'
returning jti`;
