import type { PendingSet } from '../queue/lease.service.js';
import { isAboutStatus } from './about-status.js';

/** Times that a SET about the stream's status is tried before another one is. */
const STATUS_TRIES = 3;

/**
 * Which of the SETs at hand tells whether the receiver is back: the one that has not failed for the longest time, so
 * that one which always fails does not stand for the receiver. Nothing overtakes an earlier SET about its subject,
 * and the new status goes before what was held (SSF 1.0 section 8.1.5). Answers its index, or -1.
 */
export function chooseProbe(sets: readonly PendingSet[], isFree: (set: PendingSet) => boolean): number {
  const subjects = new Set<string>();
  let chosen = -1;
  for (const [index, set] of sets.entries()) {
    const isFirst = !subjects.has(set.subjectHash);
    subjects.add(set.subjectHash);
    if (!isFirst || !isFree(set)) continue;
    if (isAboutStatus(set) && set.attempts < STATUS_TRIES) return index;
    const best = sets[chosen];
    if (!best || failedAt(set) < failedAt(best)) chosen = index;
  }
  return chosen;
}

function failedAt({ past }: PendingSet): number {
  return past?.failedAt ?? Number.NEGATIVE_INFINITY;
}
