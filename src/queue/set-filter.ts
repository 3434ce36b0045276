import { isUuid } from '../platform/paging/page.js';

/** Which SETs: all members that are given must hold. */
export interface SetFilter {
  readonly providerId?: string;
  readonly applicationId?: string;
  readonly streamId?: string;
  readonly signalId?: string;
  readonly eventType?: string;
  readonly jti?: string;
  /** of the SET or of its signal: those of an application with pairwise subjects have one of their own */
  readonly txn?: string;
  /** of a signal with any of these hashes of its subject (core/subjects/subject-search.ts) */
  readonly subjectHashes?: readonly string[];
}

export interface SqlStatement {
  readonly sql: string;
  readonly parameters: unknown[];
}

/** SQL conditions on `ssf.security_event_token t`; `parameter` takes a value and answers its place (`$1`). */
export function setConditions(filter: SetFilter, parameter: (value: unknown) => string): string[] {
  const conditions: [unknown, (place: string) => string][] = [
    [filter.providerId, (p) => `t.provider_id = ${p}`],
    [filter.applicationId, (p) => `t.application_id = ${p}`],
    [filter.streamId, (p) => `t.stream_id = ${p}`],
    [filter.signalId, (p) => `t.signal_id = ${p}`],
    [filter.eventType, (p) => `t.event_type = ${p}`],
    [filter.jti, (p) => `t.jti = ${p}`],
    [filter.txn, (p) => isTied(p, isUuid(filter.txn ?? ''))],
    [filter.subjectHashes, isOfSubject],
  ];
  return conditions.flatMap(([value, condition]) =>
    value === undefined ? [] : [condition(parameter(value))],
  );
}

/**
 * By its own `txn` (security_event_token_own_txn has those that are not the signal's id); or by that of its signal
 * (signal_txn, or the id, which it is unless the signal named one), and then by the keys of the SETs that fan-out noted.
 */
function isTied(txn: string, isId: boolean): string {
  const byId = `union all select id from ssf.signal where id = (${txn}::text)::uuid`;
  return `((t.txn = ${txn} and t.txn is distinct from t.signal_id::text) or t.jti = any(array(
    select (each ->> 'jti')::uuid
      from (select id from ssf.signal where txn = ${txn} and txn <> id::text ${isId ? byId : ''}) s
      join ssf.signal_outcome o on o.signal_id = s.id
      cross join lateral jsonb_array_elements(o.outcomes) each
     where each ? 'jti')))`;
}

/** A probe of the signal's primary key: for SETs that were found by something else. */
function isOfSubject(hashes: string): string {
  return `exists (select from ssf.signal s where s.id = t.signal_id and s.subject_hashes && ${hashes}::bigint[])`;
}
