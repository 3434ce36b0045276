/** Whose these streams are. */
export const OWNERS_SQL = `
select id as "streamId", application_id as "applicationId", provider_id as "providerId" from ssf.stream where id = any($1)`;

/**
 * Drops the oldest of what paused streams hold beyond $1 SETs each, at most $2 at a time, with the reason. SETs about
 * the stream's status (negative seq) are no part of it. What is left is sent in the order in which it came (SSF 1.0
 * section 8.1.2.1).
 *
 * Two scans of the primary key (stream_id, seq) per paused stream that end with the limit. The stream is locked, so it
 * is not enabled meanwhile, and a second process leaves it out.
 */
export const DROP_SURPLUS_SQL = `
with paused as materialized (
  select q.stream_id
    from ssf.stream_queue q
   where not q.runnable
     and (select true from ssf.delivery d where d.stream_id = q.stream_id and d.seq > 0
           order by d.seq offset $1 limit 1)
     for no key update of q skip locked),
surplus as materialized (
  select d.place
    from paused p
   cross join lateral (select d.seq as last_seq from ssf.delivery d
                        where d.stream_id = p.stream_id and d.seq > 0
                        order by d.seq desc offset $1 limit 1) l
   cross join lateral (select d.ctid as place from ssf.delivery d
                        where d.stream_id = p.stream_id and d.seq > 0 and d.seq <= l.last_seq
                        order by d.seq limit $2) d
   limit $2),
gone as (
  delete from ssf.delivery where ctid = any(array(select place from surplus))
  returning jti, stream_id, attempts)
insert into ssf.attempt (jti, stream_id, attempt, method, outcome, err)
select jti, stream_id, attempts, 'none', 'dropped', $3 from gone
returning jti, stream_id as "streamId"`;
