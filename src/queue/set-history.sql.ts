import { setConditions, type SetFilter, type SqlStatement } from './set-filter.js';
import type { SetStatus } from './set-status.js';

export interface SetListFilter extends SetFilter {
  /** some of these */
  readonly jtis?: readonly string[];
  readonly status?: SetStatus;
  readonly from?: Date;
  readonly to?: Date;
  /** keyset: SETs older than this one */
  readonly before?: string;
}

/**
 * A page of SETs, newest first. Keyset on the jti, which is a UUIDv7: an ordered scan of the daily partitions
 * that ends with the page (security_event_token_stream for one stream's). A pending SET has a queue row; the
 * others' status is that of the last attempt that ended them (attempt_jti). The rare ends are found by
 * attempt_unhappy_end.
 */
export function setListSql(filter: SetListFilter, limit: number): SqlStatement {
  const parameters: unknown[] = [];
  const parameter = (value: unknown): string => `$${parameters.push(value)}`;
  const conditions = [
    ...setConditions(filter, parameter),
    ...(filter.jtis ? [`t.jti = any(${parameter(filter.jtis)}::uuid[])`] : []),
    ...(filter.from ? [`t.jti >= ssf.uuid_at(${parameter(filter.from)})`] : []),
    ...(filter.to ? [`t.jti < ssf.uuid_at(${parameter(filter.to)})`] : []),
    ...(filter.before === undefined ? [] : [`t.jti < ${parameter(filter.before)}`]),
    ...statusConditions(filter.status, parameter),
  ];
  const sql = `
    select t.jti, t.provider_id as "providerId", t.application_id as "applicationId", t.stream_id as "streamId",
           t.signal_id as "signalId", t.event_type as "eventType", t.txn, t.created_at as "createdAt", t.claims,
           t.purged_at as "purgedAt",
           d.signature,
           case when d.jti is null then coalesce(a.outcome, 'dropped')
                when q.runnable or d.seq < 0 then 'pending' else 'held' end as status,
           case when d.jti is null then a.err end as reason,
           case when d.jti is null then a.at end as "endedAt",
           d.enqueued_at as "enqueuedAt", d.expires_at as "firstExpiresAt",
           greatest(q.last_failure_at, d.failed_at) as "failedAt"
      from ssf.security_event_token t
      ${waitingRow(filter.status)}
      left join ssf.stream_queue q on q.stream_id = t.stream_id
      left join lateral (select a.outcome, a.err, a.at from ssf.attempt a
                          where a.jti = t.jti and a.outcome not in ('retry', 'redelivered') order by a.at desc limit 1) a on true
     ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by t.jti desc limit ${limit}`;
  return { sql, parameters };
}

/**
 * Of what waits, the planner may begin with the queue. Else it probes it for each SET, and is told so: it would read
 * all of it for each, while it believes that the queue is empty (why: tick.sql.ts).
 */
function waitingRow(status: SetStatus | undefined): string {
  const place = 'd.stream_id = t.stream_id and d.seq = t.seq';
  return status === 'pending' || status === 'held'
    ? `join ssf.delivery d on ${place}`
    : `left join lateral (select * from ssf.delivery d where ${place} limit 1) d on true`;
}

function statusConditions(status: SetStatus | undefined, parameter: (value: unknown) => string): string[] {
  switch (status) {
    case undefined:
      return [];
    case 'pending':
      return ['(q.runnable or d.seq < 0)'];
    case 'held':
      return ['not q.runnable', 'd.seq > 0'];
    case 'delivered':
      return ['d.jti is null', `a.outcome = ${parameter(status)}`];
    case 'rejected':
    case 'dead':
    case 'dropped': {
      const place = parameter(status);
      return [
        'd.jti is null',
        `a.outcome = ${place}`,
        `t.jti in (select jti from ssf.attempt where outcome = ${place} and outcome in ('rejected', 'dead', 'dropped'))`,
      ];
    }
  }
}

export const SET_ATTEMPTS_SQL = `
  select attempt, at, method, outcome, http_status as "httpStatus", err, description, duration_ms as "durationMs"
    from ssf.attempt where jti = $1 order by at, attempt limit 1000`;
