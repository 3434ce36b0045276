/**
 * Adds a subject to a list, once, with the keys that events find it by ($6). A row tells that this has changed something.
 */
export const LIST_SUBJECT_SQL = `
with listed as (
  insert into ssf.stream_subject (id, stream_id, kind, identity, subject, verified)
  values ($1, $2, $3, $4, $5, $7)
  on conflict (stream_id, kind, identity) do update set verified = excluded.verified
    where ssf.stream_subject.verified <> excluded.verified
  returning id, xmax = 0 as is_new),
keyed as (
  insert into ssf.stream_subject_key (stream_id, kind, key, subject_id)
  select $2, $3, key, listed.id from listed, unnest($6::bytea[]) as key where listed.is_new
  on conflict do nothing)
select is_new as "isNew" from listed`;

/** The keys go with it. */
export const UNLIST_SUBJECT_SQL = `
delete from ssf.stream_subject where stream_id = $1 and kind = $2 and identity = $3`;

/**
 * The shapes of the subjects that are, or were, in these streams' lists, '' for simple ones. A shape never leaves
 * again, so that nobody has to know when the last subject of it does.
 */
export const SHAPES_SQL = `
select stream_id, array_agg(shape) as shapes from ssf.subject_shape
 where stream_id = any($1) and kind = $2 group by stream_id`;

export const HAS_SHAPE_SQL = `
select from ssf.subject_shape where stream_id = $1 and kind = $2 and shape = $3`;

export const ADD_SHAPE_SQL = `
insert into ssf.subject_shape (stream_id, kind, shape) values ($1, $2, $3) on conflict do nothing`;

/** Which of these keys are in the lists: one probe of the primary key each, whatever the size of the list. */
export const PROBE_SQL = `
select distinct p.question
  from unnest($1::int[], $2::uuid[], $3::bytea[]) as p(question, stream_id, key)
 where exists (select from ssf.stream_subject_key k
                where k.stream_id = p.stream_id and k.kind = $4 and k.key = p.key)`;
