import { ENQUEUE_PARAMETERS, enqueueParts } from '../queue/enqueue.sql.js';
import { SUBSCRIBE_PARAMETERS, subscribeParts } from '../streams/auto-subscriptions.sql.js';
import { foldingParts } from './folding.sql.js';
import { OPT_OUT_PARAMETERS, optOutParts } from './opt-outs.sql.js';

const FIRST_ENQUEUED = 6;
const FIRST_SUBSCRIBED = FIRST_ENQUEUED + ENQUEUE_PARAMETERS;
const FIRST_OPTED_OUT = FIRST_SUBSCRIBED + SUBSCRIBE_PARAMETERS;
const FIRST_FOLDED = FIRST_OPTED_OUT + OPT_OUT_PARAMETERS;

/**
 * The oldest signals of a provider that wait behind a place ($3), by the primary key, with what their fan-out depends on. One row without
 * a signal when none waits, no row when the provider is gone.
 */
export const WAITING_SIGNALS_SQL = `
select p.config_version::text as version, now() as now, q.seq::text, q.signal_id
  from ssf.provider p
  left join lateral (
    select seq, signal_id from ssf.signal_queue q where q.provider_id = p.id and q.seq > $3
     order by q.seq limit $2) q on true
 where p.id = $1
 order by q.seq`;

/** A statement of its own, so that the planner prunes to the partitions of these ids. */
export const SIGNALS_BY_ID_SQL = `
select id, type, occurred_at, subject, initiating_entity, reason_admin, reason_user, txn, details, traceparent
  from ssf.signal where id = any($1::uuid[])`;

/**
 * FAN-OUT, in one statement that is its own transaction: the signals ($3) leave their queue, their SETs enter the
 * streams' ($6 and on), and there is a word for every stream ($4, $5).
 *
 * Signals are looked up one by one and taken by their place, so that the statement costs the same whatever the planner
 * believes of the queue (why: src/queue/tick.sql.ts). The delete is the claim: of two processes with the same signals one
 * deletes them, and the other makes no SETs of them. What was decided holds only while the provider's configuration is of
 * version $2. Every change of it updates the provider's row first, so the lock (NO KEY UPDATE, since inserts of
 * applications and streams only need the key) makes either wait for the other: a version that passed meanwhile takes
 * nothing.
 */
export const FAN_OUT_SQL = fanOutSql('');

/**
 * The same with what the signals change for those behind them: users who become subjects of streams, who has opted out,
 * and what was said last of whom. A stream that gets its first subject, any signal about opting out, and any that repeats
 * are measured by, count as changes of the configuration: whoever decided on later signals meanwhile, or on the same with another state in mind, decides again.
 */
export const FAN_OUT_WITH_CHANGES_SQL =
  fanOutSql(`, ${subscribeParts(FIRST_SUBSCRIBED)}, ${optOutParts(FIRST_OPTED_OUT)},
${foldingParts(FIRST_FOLDED)},
bumped as (
  update ssf.provider set config_version = config_version + 1 
   where id = $1 and (exists (select from shaped) or exists (select from opted)
                   or exists (select from noted)))`);

function fanOutSql(changes: string): string {
  return `
with standing as materialized (
  select from ssf.provider where id = $1 and config_version = $2 for no key update),
taken as (
  delete from ssf.signal_queue
   where ctid = any(array(
     select q.place from unnest($3::bigint[]) as x(seq)
      cross join lateral (
       select ctid as place from ssf.signal_queue where provider_id = $1 and seq = x.seq limit 1) q
      where exists (select from standing)))
  returning signal_id),
told as (
  insert into ssf.signal_outcome (signal_id, outcomes)
  select x.* from unnest($4::uuid[], $5::jsonb[]) as x(signal_id, outcomes) join taken using (signal_id)
  on conflict do nothing), ${enqueueParts(FIRST_ENQUEUED, 'u.signal_id in (select signal_id from taken)')}${changes}
select exists (select from standing) as is_current, array(select signal_id from taken) as taken`;
}

/** Providers with signals that wait: a skip scan of the primary key, one probe per provider. */
export const WAITING_PROVIDERS_SQL = `
with recursive waiting as (
  (select provider_id from ssf.signal_queue order by provider_id limit 1)
  union all
  select (select q.provider_id from ssf.signal_queue q where q.provider_id > w.provider_id
           order by q.provider_id limit 1)
    from waiting w where w.provider_id is not null)
select provider_id from waiting where provider_id is not null`;

/** The provider was deleted while signals came in: there is nobody left whom they could reach. */
export const FORGET_SQL = `with gone as (delete from ssf.signal_queue where provider_id = $1) select`;
