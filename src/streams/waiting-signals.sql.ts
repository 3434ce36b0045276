/** Signals of a provider ($1) that wait for their fan-out, counted as far as $2; by the primary key. */
export const WAITING_SIGNALS_COUNT_SQL = `
select count(*)::int as count from (select from ssf.signal_queue where provider_id = $1 limit $2) waiting`;
