import { HISTORY_TABLES } from '../platform/database/history-tables.js';

/** How long each lock is waited for, and each statement may take; behind us all others wait meanwhile. */
export const BE_QUICK_SQL = `select set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)`;

/**
 * Whoever puts something of a day into a queue has read it in the history, or written it there, in the same
 * transaction: redelivery and recovery read the SET, recording inserts the signal, enqueueing inserts the SET. Each has
 * a lock on the table until its end. So these locks are had when nobody is in the middle of it, and until the
 * transaction ends nobody begins. ONLY: the days themselves are locked as they are dropped.
 *
 * In the order in which most others take them. Who takes them otherwise may wait for us as we wait for them; lock_timeout
 * ends that before PostgreSQL looks for deadlocks (deadlock_timeout, a second), so it is always we who give in.
 */
export const LOCK_HISTORY_SQL = `
lock table ${HISTORY_TABLES.map((table) => `only ssf.${table}`).join(', ')} in access exclusive mode`;

/**
 * Whether anything needs the day whose ids are from $1 to before $2 and which begins at $3. Each stops at the first; when
 * there is none it has scanned the queues, which have no index that leads from an id to them.
 */
export const LAST_LOOK_SQL = `
select exists (select from ssf.delivery where jti >= $1 and jti < $2)
    or exists (select from ssf.signal_queue where signal_id >= $1 and signal_id < $2)
    or exists (select from ssf.recovery where state = 'running' and position < $2 and to_time > $3) as "isNeeded"`;

/**
 * The identities of the next $3 signals after $1 and before $2, by the signals' primary key: a signal's id is known as long
 * as the signal is. Deleting them by their own age would have to find them without an index.
 */
export const FORGET_IDENTITIES_SQL = `
with slice as materialized (
  select id, provider_id, external_id from ssf.signal where id > $1 and id < $2 order by id limit $3),
gone as (
  delete from ssf.signal_identity i using slice s
   where i.provider_id = s.provider_id and i.external_id = s.external_id and i.signal_id = s.id)
select count(*)::int as count, (select id from slice order by id desc limit 1) as last from slice`;
