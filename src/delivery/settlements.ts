import type { Settlement } from '../queue/lease.service.js';

/**
 * They are written together: when so many are done, or so long after the first. Planning the statement takes the
 * database a millisecond, whatever it writes (docs/scaling.md). What a process had sent and not written when it was killed
 * is sent again.
 */
const FLUSH = { count: 500, afterMs: 100 };

/**
 * What is to be written of SETs that were sent, one word for each. A stream that was lost and leased again is read anew
 * while its pushes are still under way, so that a SET may be sent twice and settled twice before either is written: the
 * first end stands, and an end stands before another try.
 */
export class Settlements {
  private bySeq = new Map<string, Settlement>();
  private since = 0;

  get size(): number {
    return this.bySeq.size;
  }

  get seqs(): Iterable<string> {
    return this.bySeq.keys();
  }

  /** How long they may still wait for others. */
  get dueInMs(): number {
    if (this.size >= FLUSH.count) return 0;
    return this.size === 0 ? FLUSH.afterMs : Math.max(0, this.since + FLUSH.afterMs - performance.now());
  }

  /** Whether any is of this stream. */
  concern(streamId: string): boolean {
    for (const settlement of this.bySeq.values()) if (settlement.streamId === streamId) return true;
    return false;
  }

  /** The streams that a SET stays in that is to be tried again. */
  get retried(): Set<string> {
    const streamIds = new Set<string>();
    for (const { outcome, streamId } of this.bySeq.values()) if (outcome === 'retry') streamIds.add(streamId);
    return streamIds;
  }

  add(settlement: Settlement): void {
    if (this.size === 0) this.since = performance.now();
    const known = this.bySeq.get(settlement.seq);
    if (known === undefined || known.outcome === 'retry') this.bySeq.set(settlement.seq, settlement);
  }

  /** All, to be written. */
  take(): Settlement[] {
    const taken = [...this.bySeq.values()];
    this.bySeq = new Map();
    return taken;
  }

  /** What was taken could not be written; it comes before what was added since. */
  giveBack(taken: readonly Settlement[]): void {
    const since = this.take();
    for (const settlement of [...taken, ...since]) this.add(settlement);
  }
}
