/**
 * The providers whose keys are to be looked at: one changes its status, or the active one has signed for the days that
 * its provider gives it ($1: seconds that its successor is published beforehand). Asked every few minutes, by one
 * process; the table has a handful of rows per provider, so no index is worth its upkeep.
 */
export const DUE_KEYS_SQL = `
select provider_id as "providerId" from ssf.signing_key where changes_at <= now()
union
select p.id
  from ssf.provider p join ssf.signing_key k on k.provider_id = p.id and k.status = 'active'
 where k.status_changed_at + make_interval(days => p.key_rotation_days) <= now() + make_interval(secs => $1)
   and not exists (select from ssf.signing_key n where n.provider_id = p.id and n.status = 'next')`;
