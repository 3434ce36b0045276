/** The last signals about these identifiers ($2): probes of the primary key. */
export const LAST_SIGNALS_SQL = `
select key::text, family, encode(fingerprint, 'hex') as fingerprint, signal_id as "signalId",
       occurred_at as "occurredAt"
  from ssf.last_signal where provider_id = $1 and key = any($2::bigint[])`;

/** Which streams these signals ($1) reached. */
export const REACHED_SQL = `select signal_id as "signalId", outcomes from ssf.signal_outcome where signal_id = any($1::uuid[])`;

/** What {@link foldingParts} asks for when nothing is to be noted. */
export const NO_LAST_SIGNALS: readonly unknown[] = [[], [], [], [], []];

/**
 * The parts of the fan-out statement that note the last signals, if these are `taken`. `noted` has a row if so: it counts
 * as a change of the configuration, so that whoever decided meanwhile, with another last signal in mind, decides again.
 */
export function foldingParts(first: number): string {
  const $ = (position: number): string => `$${first + position}`;
  return `
noted as (
  insert into ssf.last_signal (provider_id, key, family, fingerprint, signal_id, occurred_at)
  select $1, x.key, x.family, x.fingerprint, x.signal_id, x.occurred_at
    from unnest(${$(0)}::uuid[], ${$(1)}::bigint[], ${$(2)}::text[], ${$(3)}::bytea[], ${$(4)}::timestamptz[])
           as x(signal_id, key, family, fingerprint, occurred_at) join taken using (signal_id)
  on conflict (provider_id, key, family) do update
    set fingerprint = excluded.fingerprint, signal_id = excluded.signal_id, occurred_at = excluded.occurred_at,
        noted_at = now()
  returning key)`;
}

/** No window is longer than an hour. */
export const FORGET_LAST_SIGNALS_SQL = `delete from ssf.last_signal where noted_at < now() - interval '2 hours'`;
