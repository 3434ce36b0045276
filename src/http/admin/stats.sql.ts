// What was made between $1 and $2, of the provider $3 or of all. Ids and jtis are UUIDv7, so each statement reads the
// stretch of the daily partitions that it is about, once, whatever else there is: the cost is that of the stretch.
// Measured on one busy core, with 20,000 SETs made in an hour: 0.4 s in all; with 500,000 in a day: 6 s.

const SIGNALS_MADE = `s.id >= ssf.uuid_at($1) and s.id < ssf.uuid_at($2) and ($3::uuid is null or s.provider_id = $3)`;
const SETS_MADE = `t.jti >= ssf.uuid_at($1) and t.jti < ssf.uuid_at($2) and ($3::uuid is null or t.provider_id = $3)`;
const ATTEMPTS_AT_THEM = `a.jti >= ssf.uuid_at($1) and a.jti < ssf.uuid_at($2)`;

export const SIGNALS_BY_TYPE_SQL = `
select s.type, count(*)::int as count from ssf.signal s where ${SIGNALS_MADE} group by s.type order by s.type`;

/** As the list of SETs tells their status; the last end of each by attempt_jti, read in its order. */
export const SETS_BY_STATUS_SQL = `
select t.event_type as "eventType",
       case when d.jti is null then coalesce(a.outcome, 'dropped')
            when q.runnable or d.seq < 0 then 'pending' else 'held' end as status,
       count(*)::int as count
  from ssf.security_event_token t
  left join lateral (
    select jti, stream_id, seq from ssf.delivery where stream_id = t.stream_id and seq = t.seq limit 1) d on true
  left join ssf.stream_queue q on q.stream_id = d.stream_id
  left join (select distinct on (a.jti) a.jti, a.outcome from ssf.attempt a
              where ${ATTEMPTS_AT_THEM} and a.outcome not in ('retry', 'redelivered')
              order by a.jti, a.at desc) a on a.jti = t.jti
 where ${SETS_MADE}
 group by 1, 2 order by 1, 2`;

export const ATTEMPTS_BY_OUTCOME_SQL = `
select a.outcome, count(*)::int as count
  from ssf.attempt a
 where ${ATTEMPTS_AT_THEM}
   and ($3::uuid is null or exists (select from ssf.security_event_token t where t.jti = a.jti and ${SETS_MADE}))
 group by a.outcome`;

/**
 * From the recording of the signal to the first time that the receiver had the SET, by the database's clock. $4 and $5
 * are the time of the signals, somewhat more than that of the SETs; a SET whose signal is older is left out.
 */
export const LATENCIES_SQL = `
select a.method, count(*)::int as count,
       percentile_disc(array[0.5, 0.95, 0.99]) within group (
         order by round(extract(epoch from a.at - s.recorded_at) * 1000)::int) as percentiles
  from (select distinct on (a.jti) a.jti, a.at, a.method from ssf.attempt a
         where ${ATTEMPTS_AT_THEM} and a.outcome = 'delivered' order by a.jti, a.at) a
  join ssf.security_event_token t on t.jti = a.jti
  join ssf.signal s on s.id = t.signal_id and s.id >= ssf.uuid_at($4) and s.id < ssf.uuid_at($5)
 where ${SETS_MADE}
 group by a.method`;
