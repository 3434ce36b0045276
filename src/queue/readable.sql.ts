/**
 * The bound of what may be read of the queue of a `stream_queue` row: everything while the stream is enabled, else only
 * SETs about its status, which have a negative seq. Said as a bound, and not with OR, it is one end of the range that
 * the primary key is scanned for: a paused stream with a million SETs costs one probe.
 */
export function readableBelow(row: string): string {
  return `case when ${row}.runnable then 9223372036854775807 else 0 end`;
}
