import { isUuid } from '../platform/paging/page.js';

export interface SignalFilter {
  readonly providerId?: string;
  readonly type?: string;
  /** the identity provider's own id of the signal */
  readonly externalId?: string;
  readonly txn?: string;
  /** any of these hashes of its subject (core/subjects/subject-search.ts) */
  readonly subjectHashes?: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
}

/** Each signal with what fan-out decided: one probe of signal_outcome's primary key. */
const COLUMNS = `
  s.id, s.provider_id as "providerId", s.external_id as "externalId", s.type, s.occurred_at as "occurredAt",
  s.recorded_at as "recordedAt", s.subject, s.initiating_entity as "initiatingEntity",
  s.reason_admin as "reasonAdmin", s.reason_user as "reasonUser", s.txn, s.details, s.purged_at as "purgedAt",
  o.fanned_out_at as "fannedOutAt", coalesce(o.outcomes, '[]'::jsonb) as outcomes
  from ssf.signal s left join ssf.signal_outcome o on o.signal_id = s.id`;

export const SIGNAL_SQL = `select ${COLUMNS} where s.id = $1`;

/**
 * A page of signals, newest first; keyset on the id, a UUIDv7: an ordered scan of the daily partitions that ends with
 * the page (signal_provider for one provider's).
 *
 * What few signals have is looked up first, all of it, by an index: a subject by signal_subject; an own id by the
 * primary key of signal_identity, one probe per provider; a txn by signal_txn, or by the id, which it is unless the
 * signal named one. Left to itself the planner takes these for many, and walks through all signals until the page is
 * full (measured with 400,000 signals, 8 of the subject: 450 ms against 1 ms).
 */
export function signalListSql(
  filter: SignalFilter & { readonly before?: string },
  limit: number,
): { sql: string; parameters: unknown[] } {
  const parameters: unknown[] = [];
  const conditions = conditionsOf(filter, (value) => `$${parameters.push(value)}`);
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const order = `order by s.id desc limit ${limit}`;
  const isRare = [filter.subjectHashes, filter.externalId, filter.txn].some((value) => value !== undefined);
  const sql = isRare
    ? `with found as materialized (select s.id from ssf.signal s ${where})
       select ${COLUMNS} where s.id = any(array(select s.id from found s ${order})) ${order}`
    : `select ${COLUMNS} ${where} ${order}`;
  return { sql, parameters };
}

/** The newest $3 signals about a subject, $2 and those before it, and the jtis of their SETs, newest first. */
export const SUBJECT_SETS_SQL = `
with found as materialized (
  select id from ssf.signal where subject_hashes && $1::bigint[] and id <= $2)
select s.id, array(select (each ->> 'jti')::uuid
                     from ssf.signal_outcome o cross join lateral jsonb_array_elements(o.outcomes) each
                    where o.signal_id = s.id and each ? 'jti' order by 1 desc) as jtis
  from (select id from found order by id desc limit $3) s
 order by s.id desc`;

function conditionsOf(
  filter: SignalFilter & { readonly before?: string },
  parameter: (value: unknown) => string,
): string[] {
  const { providerId, type, externalId, txn, subjectHashes, from, to, before } = filter;
  const provider = providerId === undefined ? undefined : parameter(providerId);
  return [
    ...(provider === undefined ? [] : [`s.provider_id = ${provider}`]),
    ...(type === undefined ? [] : [`s.type = ${parameter(type)}`]),
    ...(externalId === undefined ? [] : [identified(parameter(externalId), provider)]),
    ...(txn === undefined ? [] : [tied(txn, parameter)]),
    ...(subjectHashes === undefined ? [] : [`s.subject_hashes && ${parameter(subjectHashes)}::bigint[]`]),
    ...(from === undefined ? [] : [`s.id >= ssf.uuid_at(${parameter(from)})`]),
    ...(to === undefined ? [] : [`s.id < ssf.uuid_at(${parameter(to)})`]),
    ...(before === undefined ? [] : [`s.id < ${parameter(before)}`]),
  ];
}

function identified(externalId: string, provider: string | undefined): string {
  const providers = provider === undefined ? 'select id from ssf.provider' : `select ${provider}::uuid`;
  return `s.id = any(array(
    select i.signal_id from (${providers}) p (id)
      cross join lateral (select signal_id from ssf.signal_identity
                           where provider_id = p.id and external_id = ${externalId} offset 0) i))`;
}

function tied(txn: string, parameter: (value: unknown) => string): string {
  const named = `s.txn = ${parameter(txn)} and s.txn <> s.id::text`;
  return isUuid(txn) ? `(s.id = ${parameter(txn)} or (${named}))` : `(${named})`;
}
