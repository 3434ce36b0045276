import type { StoredSignal } from './api-types.js';
import type { TestDatabase } from './database.js';

export interface OldSet {
  readonly jti: string;
  readonly signalId: string;
  /** what the identity provider called the signal */
  readonly externalId: string;
}

/** The UTC day so many days ago, with its partitions. */
export async function daysAgo(database: TestDatabase, days: number): Promise<string> {
  const [row] = await database.query<{ day: string }>(
    `select day::text, ssf.ensure_partitions(day, day)
       from (select (now() at time zone 'UTC')::date - $1::int as day) d`,
    [days],
  );
  return row?.day ?? '';
}

/** The tables that there are of a day. */
export async function tablesOf(database: TestDatabase, day: string): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select relname as name from pg_class
      where relnamespace = 'ssf'::regnamespace and relkind = 'r' and relname like '%\\_' || $1 order by 1`,
    [day.replaceAll('-', '')],
  );
  return rows.map(({ name }) => name);
}

/**
 * A signal with its identity, and its SET with an attempt, of that day. It waits when `isPending`; else it was rejected.
 */
export async function oldSet(
  database: TestDatabase,
  day: string,
  of: { readonly providerId: string; readonly streamId?: string },
  { isPending = false } = {},
): Promise<OldSet> {
  const [row] = await database.query<OldSet>(
    `with made as materialized (
       select (left(u, 14) || '7' || substr(u, 16, 21))::uuid as id, coalesce($3::uuid, gen_random_uuid()) as stream_id
         from (select overlay(gen_random_uuid()::text
                 placing left(ssf.uuid_at(($1::date + interval '9 hours') at time zone 'UTC')::text, 13) from 1) as u) x),
     signal as (
       insert into ssf.signal (id, provider_id, external_id, type, occurred_at, subject, txn, details)
       select id, $2, 'evt-' || id, 'session.revoked', now(), '{}', 't', '{}' from made),
     identity as (
       insert into ssf.signal_identity (provider_id, external_id, signal_id) select $2, 'evt-' || id, id from made),
     outcome as (insert into ssf.signal_outcome (signal_id, outcomes) select id, '[]' from made),
     token as (
       insert into ssf.security_event_token
         (jti, seq, provider_id, application_id, stream_id, signal_id, event_type, subject_hash, claims)
       select id, nextval('ssf.queue_seq'), $2, gen_random_uuid(), stream_id, id, 'x', 1,
              json_build_object('jti', id, 'iss', (select issuer from ssf.provider where id = $2), 'iat', 1,
                'aud', 'any', 'sub_id', json_build_object('format', 'opaque', 'id', 'x'), 'events', '{"x":{}}'::json)
         from made
       returning jti, stream_id, seq),
     attempt as (
       insert into ssf.attempt (jti, stream_id, attempt, method, outcome)
       select id, stream_id, 1, 'push', case when $4 then 'retry' else 'rejected' end from made),
     waiting as (
       insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at)
       select stream_id, seq, jti, 1, now() + interval '30 days' from token where $4)
     select id as jti, id as "signalId", 'evt-' || id as "externalId" from made`,
    [day, of.providerId, of.streamId ?? null, isPending],
  );
  if (!row) throw new Error('no SET was made');
  return row;
}

/** How many rows of each kind there are of a SET and its signal. */
export async function rowsOf(
  database: TestDatabase,
  { jti, signalId }: OldSet,
): Promise<Record<string, number>> {
  const [row] = await database.query<Record<string, number>>(
    `select (select count(*)::int from ssf.security_event_token where jti = $1) as sets,
            (select count(*)::int from ssf.attempt where jti = $1) as attempts,
            (select count(*)::int from ssf.signal where id = $2) as signals,
            (select count(*)::int from ssf.signal_outcome where signal_id = $2) as outcomes,
            (select count(*)::int from ssf.signal_identity where signal_id = $2) as identities`,
    [jti, signalId],
  );
  return row ?? {};
}

export const NO_ROWS = { sets: 0, attempts: 0, signals: 0, outcomes: 0, identities: 0 };

const HOUR_MS = 3_600_000;

/** A signal that is fanned out, with all that was made of it, as if it had been recorded so many hours before it was. */
export async function madeEarlier(
  database: TestDatabase,
  { id, outcomes }: Pick<StoredSignal, 'id' | 'outcomes'>,
  hours: number,
): Promise<{ readonly id: string; readonly jtis: string[] }> {
  const old = outcomes.flatMap(({ jti }) => jti ?? []);
  const jtis = old.map((jti) => idEarlier(jti, hours));
  const moved = idEarlier(id, hours);
  const told = outcomes.map(({ jti, ...rest }) => ({ ...rest, ...(jti && { jti: idEarlier(jti, hours) }) }));
  const day = new Date(timeOf(moved)).toISOString().slice(0, 10);
  await database.query('select ssf.ensure_partitions($1, $1)', [day]);
  await database.query(
    `with earlier as materialized (select make_interval(hours => $1) as by),
     moved as materialized (select * from unnest($4::uuid[], $5::uuid[]) as x(old, new)),
     signal as (
       update ssf.signal set id = $3, recorded_at = recorded_at - by, occurred_at = occurred_at - by
         from earlier where id = $2),
     outcome as (
       update ssf.signal_outcome set signal_id = $3, fanned_out_at = fanned_out_at - by, outcomes = $6
         from earlier where signal_id = $2),
     token as (
       update ssf.security_event_token t
          set jti = new, signal_id = $3, created_at = created_at - by, claims = replace(claims, old::text, new::text)
         from moved, earlier where t.jti = old),
     attempt as (
       update ssf.attempt a set jti = new, at = at - by from moved, earlier where a.jti = old)
     update ssf.delivery d set jti = new from moved where d.jti = old`,
    [hours, id, moved, old, jtis, JSON.stringify(told)],
  );
  return { id: moved, jtis };
}

function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

function idEarlier(id: string, hours: number): string {
  const hex = (timeOf(id) - hours * HOUR_MS).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${id.slice(13)}`;
}
