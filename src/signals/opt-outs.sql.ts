/** The states of these identifiers ($2) towards anybody, by the unique index opt_out_user. */
export const OPT_OUTS_SQL = `
select encode(key, 'hex') as key, application_id as "applicationId", state
  from ssf.opt_out where provider_id = $1 and key = any($2::bytea[])`;

/** How many parameters {@link optOutParts} takes. */
export const OPT_OUT_PARAMETERS = 4;

/**
 * The parts of the fan-out statement that keep the new states, if the signals that changed them ($first) are `taken`:
 * all of them are, or none, since taking one is a change of the configuration (`fan-out.sql.ts`). `opted` has a row if
 * so.
 */
export function optOutParts(first: number): string {
  const $ = (position: number): string => `$${first + position}`;
  return `
opted as materialized (select from taken where signal_id = any(${$(0)}::uuid[]) limit 1),
changed as materialized (
  select x.* from unnest(${$(1)}::bytea[], ${$(2)}::uuid[], ${$(3)}::text[]) as x(key, application_id, state)
   where exists (select from opted)),
ended as (
  delete from ssf.opt_out o using changed c
   where o.provider_id = $1 and o.key = c.key and o.application_id is not distinct from c.application_id
     and c.state is null),
kept as (
  insert into ssf.opt_out (provider_id, key, application_id, state)
  select $1, key, application_id, state from changed where state is not null
  on conflict (provider_id, key, application_id) do update set state = excluded.state, changed_at = now())`;
}
