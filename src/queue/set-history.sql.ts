import type { SetStatus } from './set-status.js';

export interface SetListFilter {
  readonly providerId?: string;
  readonly applicationId?: string;
  readonly streamId?: string;
  readonly signalId?: string;
  readonly status?: SetStatus;
  readonly eventType?: string;
  readonly jti?: string;
  readonly txn?: string;
  /** any of these hashes of the subject's principal */
  readonly subjectHashes?: readonly bigint[];
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
export function setListSql(filter: SetListFilter, limit: number): { sql: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const where = (condition: (place: string) => string, value: unknown): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  where((p) => `t.provider_id = ${p}`, filter.providerId);
  where((p) => `t.application_id = ${p}`, filter.applicationId);
  where((p) => `t.stream_id = ${p}`, filter.streamId);
  where((p) => `t.signal_id = ${p}`, filter.signalId);
  where((p) => `t.event_type = ${p}`, filter.eventType);
  where((p) => `t.jti = ${p}`, filter.jti);
  where((p) => `t.txn = ${p}`, filter.txn);
  where((p) => `t.subject_hash = any(${p}::bigint[])`, filter.subjectHashes?.map(String));
  where((p) => `t.jti >= ssf.uuid_at(${p})`, filter.from);
  where((p) => `t.jti < ssf.uuid_at(${p})`, filter.to);
  where((p) => `t.jti < ${p}`, filter.before);
  conditions.push(...statusConditions(filter.status, (value) => `$${parameters.push(value)}`));
  const sql = `
    select t.jti, t.provider_id as "providerId", t.application_id as "applicationId", t.stream_id as "streamId",
           t.signal_id as "signalId", t.event_type as "eventType", t.txn, t.created_at as "createdAt", t.claims,
           case when d.jti is null then coalesce(a.outcome, 'dropped')
                when q.runnable or d.seq < 0 then 'pending' else 'held' end as status,
           case when d.jti is null then a.err end as reason,
           case when d.jti is null then a.at end as "endedAt"
      from ssf.security_event_token t
      left join ssf.delivery d on d.stream_id = t.stream_id and d.seq = t.seq
      left join ssf.stream_queue q on q.stream_id = t.stream_id
      left join lateral (select a.outcome, a.err, a.at from ssf.attempt a
                          where a.jti = t.jti and a.outcome <> 'retry' order by a.at desc limit 1) a on true
     ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by t.jti desc limit ${limit}`;
  return { sql, parameters };
}

function statusConditions(status: SetStatus | undefined, parameter: (value: unknown) => string): string[] {
  switch (status) {
    case undefined:
      return [];
    case 'pending':
      return ['d.jti is not null', '(q.runnable or d.seq < 0)'];
    case 'held':
      return ['d.jti is not null', 'not q.runnable', 'd.seq > 0'];
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
