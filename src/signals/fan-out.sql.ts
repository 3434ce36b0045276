/**
 * Locks the provider for one fan-out: signals of a provider are fanned out one batch at a time, in the order of
 * their recording, and no change of its configuration commits meanwhile (such a change updates this row first).
 * NO KEY UPDATE, since inserts of applications and streams only need the key.
 */
export const LOCK_PROVIDER_SQL = `
select issuer, event_retention_days, default_subjects, config_version::text, now() as now
  from ssf.provider where id = $1 for no key update`;

/** The oldest signals of a provider that wait, by the primary key. */
export const NEXT_SIGNALS_SQL = `
select q.seq::text, q.signal_id from ssf.signal_queue q where q.provider_id = $1 order by q.seq limit $2`;

/** A statement of its own, so that the planner prunes to the partitions of these ids. */
export const SIGNALS_BY_ID_SQL = `
select id, type, occurred_at, subject, initiating_entity, reason_admin, reason_user, txn, details
  from ssf.signal where id = any($1::uuid[])`;

/** The signals leave the queue in the transaction that makes their SETs, with a word for every stream. */
export const FINISH_SQL = `
with done as (delete from ssf.signal_queue where provider_id = $1 and seq = any($2::bigint[]))
insert into ssf.signal_outcome (signal_id, outcomes)
select * from unnest($3::uuid[], $4::jsonb[]) on conflict do nothing`;

/** Providers with signals that wait: a skip scan of the primary key, one probe per provider. */
export const WAITING_PROVIDERS_SQL = `
with recursive waiting as (
  (select provider_id from ssf.signal_queue order by provider_id limit 1)
  union all
  select (select q.provider_id from ssf.signal_queue q where q.provider_id > w.provider_id
           order by q.provider_id limit 1)
    from waiting w where w.provider_id is not null)
select provider_id from waiting where provider_id is not null`;
