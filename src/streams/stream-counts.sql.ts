/** How many streams there are of each status ($1: of a provider, or of all), and how many of them wait after a failure. */
export const STREAMS_BY_STATUS_SQL = `
select s.status, count(*)::int as count, count(*) filter (where q.failures > 0)::int as failing
  from ssf.stream s join ssf.stream_queue q on q.stream_id = s.id
 where ($1::uuid is null or s.provider_id = $1)
 group by s.status`;
