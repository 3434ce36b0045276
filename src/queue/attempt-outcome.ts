/**
 * What an attempt at a SET came to: `retry` keeps it in the queue, and `redelivered` put it there again; the others
 * are the ends of set-status.ts.
 */
export const ATTEMPT_OUTCOMES = ['delivered', 'rejected', 'retry', 'dead', 'dropped', 'redelivered'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];
