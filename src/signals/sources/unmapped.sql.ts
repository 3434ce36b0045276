/**
 * Counts an event that is no signal. The kinds of events are the other system's to choose: a source has at most 200
 * rows, and what comes beyond is counted under `(others)`. By the primary key.
 */
export const LIST_UNMAPPED_SQL = `
insert into ssf.unmapped_event as u (source_id, event_type, reason)
select $1, case when exists (select from ssf.unmapped_event where source_id = $1 and event_type = $2)
                  or (select count(*) from ssf.unmapped_event where source_id = $1) < 199
                then $2 else '(others)' end, $3
on conflict (source_id, event_type)
  do update set count = u.count + 1, last_at = now(), reason = excluded.reason`;

/** All of a source, the latest first: they are few. */
export const UNMAPPED_SQL = `
select event_type as "eventType", reason, count::float8 as count, first_at as "firstAt", last_at as "lastAt"
  from ssf.unmapped_event where source_id = $1 order by last_at desc, event_type`;
