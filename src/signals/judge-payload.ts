/** A signal that is old enough to lose its payload, as it stands. */
export interface PayloadState {
  /** it has lost it already, or its day went */
  readonly isGone: boolean;
  readonly isFannedOut: boolean;
  /** whether one of its SETs waits: pending, held, set aside, handed out to a poll */
  readonly hasWaiting: boolean;
  /** when something last became of one of its SETs; undefined: they ended without a word, or there are none */
  readonly lastAt: Date | undefined;
}

/**
 * `goes`: with all of its SETs; `gone`: there is nothing to do; `waits`: it would be sent without its payload;
 * `recent`: it ended a short while ago, and may have to be sent again.
 */
export type PayloadVerdict = 'goes' | 'gone' | 'waits' | 'recent';

/** What becomes of a signal's payload, and of that of its SETs, when what ended at `endedBy` or before is to go. */
export function judgePayload(
  { isGone, isFannedOut, hasWaiting, lastAt }: PayloadState,
  endedBy: Date,
): PayloadVerdict {
  if (isGone) return 'gone';
  if (!isFannedOut || hasWaiting) return 'waits';
  return lastAt !== undefined && lastAt > endedBy ? 'recent' : 'goes';
}
