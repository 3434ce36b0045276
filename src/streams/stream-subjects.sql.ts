/** Adds a subject to a list, once, with the keys that events find it by ($7). */
export const LIST_SUBJECT_SQL = `
with listed as (
  insert into ssf.stream_subject (id, stream_id, kind, identity, subject, shape, verified)
  values ($1, $2, $3, $4, $5, $6, $8)
  on conflict (stream_id, kind, identity) do update set verified = excluded.verified
  returning id, xmax = 0 as is_new)
insert into ssf.stream_subject_key (stream_id, kind, key, subject_id)
select $2, $3, key, listed.id from listed, unnest($7::bytea[]) as key where listed.is_new
on conflict do nothing`;

/** The keys go with it. */
export const UNLIST_SUBJECT_SQL = `
delete from ssf.stream_subject where stream_id = $1 and kind = $2 and identity = $3`;

/**
 * Which of these streams have a list of this kind at all, and the shapes of the complex subjects in it: a skip scan
 * of stream_subject_shape, one probe per shape.
 */
export const LISTS_SQL = `
select s.stream_id, array(
   with recursive found as (
     select min(shape) as shape from ssf.stream_subject x where x.stream_id = s.stream_id and x.kind = $2
     union all
     select (select min(shape) from ssf.stream_subject x
              where x.stream_id = s.stream_id and x.kind = $2 and x.shape > found.shape)
       from found where found.shape is not null)
   select shape from found where shape is not null) as shapes
  from unnest($1::uuid[]) as s(stream_id)
 where exists (select from ssf.stream_subject x where x.stream_id = s.stream_id and x.kind = $2)`;

/** Which of these keys are in the lists: one probe of the primary key each, whatever the size of the list. */
export const PROBE_SQL = `
select distinct p.question
  from unnest($1::int[], $2::uuid[], $3::bytea[]) as p(question, stream_id, key)
 where exists (select from ssf.stream_subject_key k
                where k.stream_id = p.stream_id and k.kind = $4 and k.key = p.key)`;
