import { setConditions, type SetFilter, type SqlStatement } from './set-filter.js';
import type { EndedStatus } from './set-status.js';

/**
 * REDELIVER: puts SETs ($1) back into their streams' queues. Each takes the seq that it always had, so that
 *
 * - it stands in the queue where it stood: before what was made after it, a SET about the status before all;
 * - the queue's primary key (stream_id, seq) keeps a second row out, whoever asks at the same time;
 * - a poll receiver's acknowledgement, which leads from jti to seq, still ends it.
 *
 * What has been purged has nothing left to send, and is left out. A SET waits for the whole retention of its provider
 * again. Its tries are counted on, and a row of its history says when and on whose behalf ($2) it was queued. Answers
 * those that were not waiting already.
 *
 * Probes of the primary keys of security_event_token and delivery, and of attempt_jti, all pruned to the partitions of
 * the ids. Rows are taken in the order of the key, so that two of these wait for each other instead of deadlocking.
 */
export const REDELIVER_SQL = `
with tried as materialized (
  select jti, max(attempt) as attempts from ssf.attempt where jti = any($1::uuid[]) group by jti),
queued as (
  insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at, attempts)
  select t.stream_id, t.seq, t.jti, t.subject_hash, now() + make_interval(days => p.event_retention_days),
         coalesce(tried.attempts, 0)
    from ssf.security_event_token t
    join ssf.provider p on p.id = t.provider_id
    left join tried on tried.jti = t.jti
   where t.jti = any($1::uuid[]) and t.purged_at is null
   order by t.stream_id, t.seq
  on conflict (stream_id, seq) do nothing
  returning jti, stream_id, attempts)
insert into ssf.attempt (jti, at, stream_id, attempt, method, outcome, description)
select jti, clock_timestamp(), stream_id, attempts, 'none', 'redelivered', $2 from queued
returning jti, stream_id as "streamId"`;

/** A stretch of the history: made after the SET `after`, and before `to`. */
export interface HistoryRange {
  readonly after: string;
  readonly to: Date;
  /** when all that is wanted is of one stream */
  readonly streamId?: string;
}

/**
 * LOOK: the next SETs that a recovery looks at: a bounded step, however few of them it wants. When it wants no
 * delivered ones, it walks along the unhappy ends alone (attempt_unhappy_end, once per status): its steps are as
 * many as there are such ends, not SETs. Else along the SETs, those of one stream by security_event_token_stream,
 * all by the primary key. Each branch gives whole jtis, since a SET may have ended several times.
 */
export function lookSql(
  { after, to, streamId }: HistoryRange,
  statuses: readonly EndedStatus[],
  max: number,
): SqlStatement {
  const range = 'jti > $1 and jti < ssf.uuid_at($2)';
  const parameters = [after, to, max];
  if (!statuses.includes('delivered')) {
    const branches = statuses.map(
      (status) =>
        `(select distinct jti from ssf.attempt where outcome = '${status}' and ${range} order by jti limit $3)`,
    );
    const sql = `select jti from (${branches.join(' union all ')}) ends group by jti order by jti limit $3`;
    return { sql, parameters };
  }
  const table = 'select jti from ssf.security_event_token';
  return streamId === undefined
    ? { sql: `${table} where ${range} order by jti limit $3`, parameters }
    : {
        sql: `${table} where stream_id = $4 and ${range} order by jti limit $3`,
        parameters: [...parameters, streamId],
      };
}

/**
 * WANTED: which of these SETs a recovery wants: the filter's, that do not wait, and whose last end is one of the
 * statuses. SETs about a stream itself (verification, stream-updated) are of their moment, and never among them. A
 * statement of its own, so that the planner sees the ids; then a probe of each SET's queue row and attempts.
 */
export function wantedSql(
  jtis: readonly string[],
  filter: SetFilter,
  statuses: readonly EndedStatus[],
): SqlStatement {
  const parameters: unknown[] = [];
  const parameter = (value: unknown): string => `$${parameters.push(value)}`;
  const conditions = [
    `t.jti = any(${parameter(jtis)}::uuid[])`,
    't.signal_id is not null',
    ...setConditions(filter, parameter),
    `coalesce(a.outcome, 'dropped') = any(${parameter(statuses)}::text[])`,
    // not with EXISTS, of which the planner may make a join with the whole queue (why: tick.sql.ts)
    '(select true from ssf.delivery d where d.stream_id = t.stream_id and d.seq = t.seq limit 1) is null',
  ];
  const sql = `
  select t.jti, t.stream_id as "streamId"
    from ssf.security_event_token t
    left join lateral (select a.outcome from ssf.attempt a
                        where a.jti = t.jti and a.outcome not in ('retry', 'redelivered')
                        order by a.at desc limit 1) a on true
   where ${conditions.join(' and ')}`;
  return { sql, parameters };
}
