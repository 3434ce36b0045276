/**
 * Until when a SET waits. It has its retention from when it was enqueued; when it could not be sent, it has it again
 * from the failed try, but never more than `ceiling` times its retention in all.
 *
 * Back-off is of a whole stream: a try that failed is a failed try of all that waits behind it. So this is computed
 * from what the stream knows whenever somebody looks, and no waiting SET is written to while a receiver is down.
 *
 * @param wait.expiresAt as it was set when the SET was enqueued, by the retention of that moment
 * @param wait.failedAt when a push to the stream failed last, whichever SET it was of; undefined: none did
 */
export function expiryOf(
  wait: { readonly enqueuedAt: Date; readonly expiresAt: Date; readonly failedAt?: Date | undefined },
  ceiling: number,
): Date {
  const { enqueuedAt, expiresAt, failedAt } = wait;
  const retentionMs = expiresAt.getTime() - enqueuedAt.getTime();
  const extended = failedAt ? failedAt.getTime() + retentionMs : expiresAt.getTime();
  const latest = enqueuedAt.getTime() + ceiling * retentionMs;
  return new Date(Math.min(latest, Math.max(expiresAt.getTime(), extended)));
}
