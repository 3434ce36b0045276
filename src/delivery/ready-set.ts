import type { PendingSet } from '../queue/lease.service.js';
import type { SignedSet } from './set-signing.service.js';

/** A SET that was read from the queue, with what is to be signed. */
export interface ReadySet extends PendingSet {
  readonly claims: string;
  /** of the span that recorded its signal, while somebody traces */
  readonly traceparent?: string | undefined;
  /** the signed form, once it was asked for */
  signed?: Promise<SignedSet> | undefined;
}

/** With all its members from the start, and no spread copy of `set`: V8 is slow with objects that change their shape. */
export function readySet(set: PendingSet, claims: string, traceparent: string | undefined): ReadySet {
  const { seq, jti, subjectHash, attempts, enqueuedAt, isExpired, past } = set;
  return {
    seq,
    jti,
    subjectHash,
    attempts,
    enqueuedAt,
    isExpired,
    past,
    claims,
    traceparent,
    signed: undefined,
  };
}
