/** How far it has come, by whom and by which clock. */
export const PLACE_SQL = 'select position, now() as now from ssf.payload_expunge';

/** The same for whoever is to move on, until the transaction ends. No row: another process is at it. */
export const TAKE_PLACE_SQL = `${PLACE_SQL} for update skip locked`;

export const MOVE_SQL = 'update ssf.payload_expunge set position = $1';

/** Who waits for a stream's row has others waiting behind: it can be had with the next round as well. */
export const BE_QUICK_SQL = `select set_config('lock_timeout', '200', true)`;

const SIGNAL = `
  s.purged_at is not null as "isGone",
  not exists (select from ssf.provider p where p.id = s.provider_id) as "isOrphan"`;

/**
 * The next $3 signals after $1 that were made before $2, by the primary key of the daily partitions, those that have
 * lost their payload among them, so that each look is bounded.
 */
export const NEXT_SIGNALS_SQL = `
select s.id, ${SIGNAL} from ssf.signal s where s.id > $1 and s.id < ssf.uuid_at($2) order by s.id limit $3`;

/** The $2 signals that were left longest, before $1, by kept_payload_since. */
export const KEPT_SQL =
  'select signal_id as id from ssf.kept_payload where since <= $1 order by since limit $2';

/** Those of them ($1) that there still are. As all that follows by ids, so that the planner prunes to their days. */
export const KEPT_SIGNALS_SQL = `select s.id, ${SIGNAL} from ssf.signal s where s.id = any($1::uuid[])`;

/**
 * The SETs of signals ($1): of as many, in their order, as have some 2,000 streams' words together, and of one at least.
 */
export const SETS_OF_SQL = `
with told as materialized (
  select signal_id, outcomes from ssf.signal_outcome where signal_id = any($1::uuid[])),
weighed as materialized (
  select s.id, t.signal_id is not null as has_outcome, t.outcomes,
         sum(coalesce(jsonb_array_length(t.outcomes), 0)) over (order by s.id)
           - coalesce(jsonb_array_length(t.outcomes), 0) as before
    from unnest($1::uuid[]) as s(id) left join told t on t.signal_id = s.id)
select w.id, w.has_outcome as "hasOutcome",
       array(select each ->> 'jti' from jsonb_array_elements(w.outcomes) each where each ? 'jti') as jtis
  from weighed w where w.before < 2000
 order by w.id`;

/** Leaves signals ($1) for later, each with the time ($2) at which it was seen to wait, or ended. */
export const KEEP_SQL = `
insert into ssf.kept_payload (signal_id, since) select * from unnest($1::uuid[], $2::timestamptz[])
on conflict (signal_id) do update set since = excluded.since`;

export const KEEP_NO_LONGER_SQL = 'delete from ssf.kept_payload where signal_id = any($1::uuid[])';
