/**
 * Notes that a receiver did something about a stream, unless that was noted less than $2 seconds ago: then nothing is
 * written. `last_activity_at` is in no index and the table has room on its pages, so an update stays on its page, and
 * `updated_at` and the configuration's version stay as they are.
 */
export const NOTE_ACTIVITY_SQL = `
update ssf.stream set last_activity_at = now()
 where id = $1 and (last_activity_at is null or last_activity_at < now() - make_interval(secs => $2))`;

/**
 * Enabled streams whose receiver was inactive for longer than the timeout of its application, by the database's clock.
 * An activity may be as much younger than its note as two notes are apart ($1, a part of the timeout). The time also
 * starts anew with a change of the stream, such as its creation, or of the application, such as of the timeout itself.
 * $2 asks of one stream alone, and locks it.
 */
export function inactiveStreamsSql({ one }: { one: boolean }): string {
  return `
select s.id, s.provider_id as "providerId", a.inactivity_timeout_seconds as "timeoutSeconds"
  from ssf.stream s join ssf.application a on a.id = s.application_id
 where a.inactivity_timeout_seconds is not null and s.status = 'enabled'
   and greatest(s.last_activity_at, s.updated_at, a.updated_at)
       < now() - make_interval(secs => a.inactivity_timeout_seconds * (1 + $1::float8))
   ${one ? 'and s.id = $2 for no key update of s' : 'limit $2'}`;
}
