/**
 * The token with this hash (found by its unique index), unless it has expired, and that it was used: written at most once
 * a minute, so that a script which asks all the time does not rewrite the row all the time. Of requests that come at once
 * one writes; the others wait for it, look again and do not.
 */
export const USE_TOKEN_SQL = `
with found as (
  select id, name, role from ssf.admin_token
   where token_hash = $1 and (expires_at is null or expires_at > now())),
used as (
  update ssf.admin_token t set last_used_at = now() from found
   where t.id = found.id and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute'))
select id, name, role from found`;
