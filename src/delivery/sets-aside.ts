import type { PendingSet } from '../queue/lease.service.js';

/** A stretch of a queue, as a read from `after` to `end` saw it; undefined: to its end. */
export interface SeenStretch {
  readonly sets: readonly PendingSet[];
  readonly after: string;
  readonly end: string | undefined;
}

/** The SETs of a stream that are not due: what is about their subjects waits with them. */
export class SetsAside {
  private readonly subjects = new Map<string, string>();

  get count(): number {
    return this.subjects.size;
  }

  /** The hashes of the subjects that wait. */
  get blocked(): string[] {
    return [...new Set(this.subjects.values())];
  }

  put({ seq, subjectHash }: PendingSet): void {
    this.subjects.set(seq, subjectHash);
  }

  /** Forgets those that may be sent now, and those that are not in the queue any more. True when there were some. */
  release(due: readonly PendingSet[], { sets, after, end }: SeenStretch): boolean {
    const before = this.subjects.size;
    for (const { seq } of due) this.subjects.delete(seq);
    if (this.subjects.size > 0) {
      const present = new Set(sets.map(({ seq }) => seq));
      const wasSeen = (seq: string): boolean =>
        BigInt(seq) > BigInt(after) && (end === undefined || BigInt(seq) <= BigInt(end));
      for (const seq of this.subjects.keys())
        if (!present.has(seq) && wasSeen(seq)) this.subjects.delete(seq);
    }
    return this.subjects.size < before;
  }
}
