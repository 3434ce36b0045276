/**
 * The first statement of a transaction that locks and then looks: each later one must see what was committed before it,
 * whatever isolation the database gives by default. A snapshot from before the locks would not show what was queued
 * while they were waited for.
 */
export const SEE_ALL_SQL = 'set transaction isolation level read committed';
