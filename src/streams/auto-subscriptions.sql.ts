/** Which of these pairs of stream ($1) and subject ($2) were never subscribed by a session: a primary key probe each. */
export const NEVER_SUBSCRIBED_SQL = `
select x.position::int - 1 as position
  from unnest($1::uuid[], $2::bytea[]) with ordinality as x(stream_id, identity, position)
 where not exists (select from ssf.auto_subscription a
                    where a.stream_id = x.stream_id and a.identity = x.identity)`;

/** How many parameters {@link subscribeParts} takes. */
export const SUBSCRIBE_PARAMETERS = 8;

/**
 * The parts of the fan-out statement by which users become subjects of streams, if their signal is `taken`. The
 * parameters from `$first` on are those of AutoSubscriptionsService.parameters. The list itself is as LIST_SUBJECT_SQL
 * makes it; a subject that the receiver added meanwhile is left as it is. `shaped` has the streams that had no list
 * until now, which is a change of the configuration.
 */
export function subscribeParts(first: number): string {
  const $ = (position: number): string => `$${first + position}`;
  return `
subscribing as materialized (
  select x.* from unnest(${$(0)}::uuid[], ${$(1)}::uuid[], ${$(2)}::uuid[], ${$(3)}::bytea[], ${$(4)}::jsonb[])
                    as x(id, signal_id, stream_id, identity, subject) join taken using (signal_id)),
remembered as (
  insert into ssf.auto_subscription (stream_id, identity) select stream_id, identity from subscribing
  on conflict do nothing
  returning stream_id, identity),
listed as (
  insert into ssf.stream_subject (id, stream_id, kind, identity, subject, verified)
  select id, stream_id, 'added', identity, subject, true from subscribing join remembered using (stream_id, identity)
  on conflict do nothing
  returning id),
keyed as (
  insert into ssf.stream_subject_key (stream_id, kind, key, subject_id)
  select k.stream_id, 'added', k.key, k.id
    from unnest(${$(5)}::uuid[], ${$(6)}::uuid[], ${$(7)}::bytea[]) as k(id, stream_id, key) join listed using (id)
  on conflict do nothing),
shaped as (
  insert into ssf.subject_shape (stream_id, kind, shape) select distinct stream_id, 'added', '' from subscribing
  on conflict do nothing
  returning stream_id)`;
}
