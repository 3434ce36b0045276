/**
 * The signals of a provider ($1) about a subject ($2, by signal_subject), the oldest $4 after $3, with the SETs that they
 * became. Gathered before they are ordered (why: signal-history.sql.ts).
 */
export const SUBJECT_SIGNALS_SQL = `
with found as materialized (
  select id from ssf.signal
   where provider_id = $1 and subject_hashes && $2::bigint[] and ($3::uuid is null or id > $3))
select s.id, o.signal_id is not null as "isFannedOut",
       array(select each ->> 'jti' from jsonb_array_elements(o.outcomes) each where each ? 'jti') as jtis
  from (select id from found order by id limit $4) s left join ssf.signal_outcome o on o.signal_id = s.id
 order by s.id`;

/** Takes the personal data out of signals ($1); type, times, ids and outcomes stay. They are not found by subject any more. */
export const EXPUNGE_SIGNALS_SQL = `
update ssf.signal
   set purged_at = now(), subject = '{"purged": true}', details = '{"purged": true}',
       reason_admin = null, reason_user = null, subject_hashes = null
 where id = any($1::uuid[])`;

/** The states of these identifiers ($2), by the unique index opt_out_user. */
export const ERASE_OPT_OUTS_SQL = `
delete from ssf.opt_out where provider_id = $1 and key = any($2::bytea[]) returning key`;
