/**
 * Appends entries. Their ids are UUIDv7 of the database's clock at the moment of writing, to the microsecond (RFC 9562
 * section 6.2, method 3): under a lock, such as that of the provider, they are in the order of the changes, whichever
 * process makes them, and those of one change in the order in which they are given.
 */
export const APPEND_SQL = `
insert into ssf.audit_entry (id, at, actor_kind, actor_id, actor_name, address, request_id,
                             action, provider_id, application_id, stream_id, target_id, before, after)
select (left(ssf.uuid_at(date_trunc('milliseconds', e.at))::text, 13)
        || '-7' || lpad(to_hex(extract(microseconds from e.at)::bigint % 1000 * 4), 3, '0')
        || substr(gen_random_uuid()::text, 19))::uuid,
       e.at, $1, $2, $3, $4, $5, e.action, e.provider_id, e.application_id, e.stream_id, e.target_id, e.before, e.after
  from (select now.at + make_interval(secs => x.n * 0.000001) as at, x.*
          from (select clock_timestamp() as at) now,
               rows from (jsonb_to_recordset($6::jsonb) as (
                 action text, "providerId" uuid, "applicationId" uuid, "streamId" uuid, "targetId" text,
                 before jsonb, after jsonb))
               with ordinality as x(action, provider_id, application_id, stream_id, target_id, before, after, n)) e`;

const ENTRY_COLUMNS = `
  id, at, actor_kind as "actorKind", actor_id as "actorId", actor_name as "actorName", action,
  provider_id as "providerId", application_id as "applicationId", stream_id as "streamId", target_id as "targetId",
  before, after, address, request_id as "requestId"`;

/** All members that are given must hold. */
export interface AuditFilter {
  readonly actor?: string;
  readonly actorId?: string;
  readonly action?: string;
  readonly providerId?: string;
  readonly applicationId?: string;
  readonly streamId?: string;
  /** at or after */
  readonly from?: Date;
  readonly to?: Date;
}

/**
 * A page of entries. Keyset on the id, which is a UUIDv7: an ordered scan of the primary key, or of the index of what the
 * filter names, that ends with the page.
 */
export function auditPageSql(
  filter: AuditFilter,
  order: 'newest first' | 'oldest first',
  after: string | undefined,
  limit: number,
): { sql: string; parameters: unknown[] } {
  const isDescending = order === 'newest first';
  const conditions: [unknown, (place: string) => string][] = [
    [filter.actor, (p) => `actor_kind = ${p}`],
    // as the index has it (audit_entry_actor)
    [filter.actorId, (p) => `left(actor_id, 200) = left(${p}, 200) and actor_id = ${p}`],
    [filter.action, (p) => `action = ${p}`],
    [filter.providerId, (p) => `provider_id = ${p}`],
    [filter.applicationId, (p) => `application_id = ${p}`],
    [filter.streamId, (p) => `stream_id = ${p}`],
    [filter.from, (p) => `id >= ssf.uuid_at(${p})`],
    [filter.to, (p) => `id < ssf.uuid_at(${p})`],
    [after, (p) => `id ${isDescending ? '<' : '>'} ${p}`],
  ];
  const given = conditions.filter(([value]) => value !== undefined);
  const where = given.map(([, condition], index) => condition(`$${index + 1}`)).join(' and ');
  return {
    sql: `select ${ENTRY_COLUMNS} from ssf.audit_entry ${where && `where ${where}`}
           order by id ${isDescending ? 'desc' : 'asc'} limit ${limit}`,
    parameters: given.map(([value]) => value),
  };
}

/** Tells the trigger that keeps the log, for this transaction, how old an entry must be to go. */
export const ALLOW_RETENTION_SQL = `select set_config('ssf.audit_retention_days', $1, true)`;

/** The oldest entries, so many at a time; found by the primary key. The trigger looks at the time of each once more. */
export const SHORTEN_SQL = `
with gone as (
  delete from ssf.audit_entry where id in (
    select id from ssf.audit_entry
     where id < ssf.uuid_at(now() - make_interval(days => $1)) and at < now() - make_interval(days => $1)
     order by id limit $2)
  returning at)
select count(*)::int as count, min(at) as first, max(at) as last from gone`;
