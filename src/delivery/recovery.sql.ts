/**
 * TAKE: the recovery that nobody has worked on for longest (recovery_running). The lock of its row is the lease: it
 * ends with the transaction, or with the process. Others skip it.
 */
export const TAKE_SQL = `
select id from ssf.recovery where state = 'running' and not_before <= now()
 order by updated_at limit 1 for update skip locked`;

/** Whether TAKE would find one: what an idle process asks every second, without a transaction. */
export const IS_DUE_SQL = `select exists (select from ssf.recovery where state = 'running' and not_before <= now()) as is_due`;

/** ADVANCE: in the transaction that queues the SETs of the batch, so that none is counted twice or left out. */
export const ADVANCE_SQL = `
update ssf.recovery
   set position = coalesce($2, position), redelivered = redelivered + $3, skipped = skipped + $4,
       state = case when $5 then 'done' else state end, finished_at = case when $5 then now() end,
       updated_at = clock_timestamp(), error = null
 where id = $1
returning redelivered, skipped`;

/** POSTPONE: the batch is gone with its transaction; others may go first. */
export const POSTPONE_SQL = `
update ssf.recovery set error = $2, not_before = now() + make_interval(secs => $3), updated_at = clock_timestamp()
 where id = $1 and state = 'running'`;

export const PURGE_RECOVERIES_SQL = `
delete from ssf.recovery where finished_at < now() - make_interval(days => $1)`;
