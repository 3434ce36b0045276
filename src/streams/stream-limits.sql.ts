/**
 * Counts a request against its limit, in one statement and for all processes: `count` ($4) requests in `seconds` ($3),
 * one more for each of the seconds / count that have passed. free_at is when the allowance is whole again; it moves on
 * by one share with each request, and may not be further ahead than a whole allowance. No row: it is used up.
 * (The generic cell rate algorithm: one small row instead of a counter per window. No index holds free_at.)
 */
export const TAKE_SQL = `
insert into ssf.stream_limit as l (stream_id, kind, free_at)
select id, $2, now() + make_interval(secs => $3::float8 / $4::int) from ssf.stream where id = $1
on conflict (stream_id, kind) do update
   set free_at = greatest(l.free_at, now()) + make_interval(secs => $3::float8 / $4::int)
 where l.free_at <= now() + make_interval(secs => $3::float8 - $3::float8 / $4::int)
returning kind`;

/** In how many seconds the next request is possible. */
export const WAIT_SQL = `
select ceil(extract(epoch from free_at - now()) - ($3::float8 - $3::float8 / $4::int))::int as seconds
  from ssf.stream_limit where stream_id = $1 and kind = $2`;
