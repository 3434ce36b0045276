/** The signals of SETs, by the primary key. A statement of its own, as the next: why, tick.sql.ts says of the claims. */
export const SIGNALS_OF_SETS_SQL = `
select jti, signal_id as "signalId" from ssf.security_event_token where jti = any($1::uuid[]) and signal_id is not null`;

/** The spans that recorded signals, of those that have one, by the primary key. */
export const TRACEPARENTS_SQL = `
select id, traceparent from ssf.signal where id = any($1::uuid[]) and traceparent is not null`;
