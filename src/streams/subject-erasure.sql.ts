/**
 * Takes subjects out of the lists of a provider's ($1) streams, with their keys: found by the keys of simple ones ($2),
 * an alias among them, and by the members of complex ones ($3), which are looked through only in streams that ever had
 * one.
 */
export const ERASE_SUBJECTS_SQL = `
with own as materialized (select id from ssf.stream where provider_id = $1),
keyed as materialized (
  select k.subject_id
    from own cross join unnest(array['added', 'removed']) as list(kind) cross join unnest($2::bytea[]) as wanted(key)
    join ssf.stream_subject_key k on k.stream_id = own.id and k.kind = list.kind and k.key = wanted.key),
complex as materialized (
  select s.id
    from own
    join ssf.stream_subject s on s.stream_id = own.id
   where exists (select from ssf.subject_shape h where h.stream_id = own.id and h.shape <> '')
     and s.subject ->> 'format' = 'complex'
     and exists (select from jsonb_each(s.subject) m where m.value = any($3::jsonb[])))
delete from ssf.stream_subject
 where id in (select subject_id from keyed union select id from complex)
returning id`;

/** Forgets that a session made them subjects: probes of the primary key. */
export const ERASE_SUBSCRIPTIONS_SQL = `
delete from ssf.auto_subscription
 where stream_id = any(array(select id from ssf.stream where provider_id = $1)) and identity = any($2::bytea[])
returning stream_id`;
