import type { PushOutcome } from '../core/delivery/classify-push-response.js';
import { judgeFailure, mayBeTheSets } from '../core/delivery/poison-policy.js';
import { type PendingSet, type ReadResult, type Settlement } from '../queue/lease.service.js';
import type { PushTarget } from '../streams/push-targets.service.js';
import { isAboutStatus } from './about-status.js';
import { chooseProbe } from './choose-probe.js';
import { ReadPosition, type StreamRead } from './read-position.js';
import type { ReadySet } from './ready-set.js';
import { type Failure, ReceiverHealth } from './receiver-health.js';
import { SetsAside } from './sets-aside.js';

/** What becomes of a SET that was sent. */
export type Verdict = Pick<Settlement, 'outcome' | 'asideSeconds' | 'strikes'>;

/** SETs at hand for each that may be in flight: enough to send while the next are read. */
const READ_AHEAD = 8;

/**
 * One stream's queue in the memory of the process that leased it: what was read ahead, what is in flight, how the
 * receiver fares. Sends are side by side up to a cap, but never two of one subject (SSF 1.0 section 8.1.2.1: held
 * events about a subject are released in order). A SET that fails while others pass is set aside, and what is about the
 * same subject waits with it. Of a stream that is paused or disabled nothing is sent but its status. While nothing can be
 * signed it waits, with one SET that tries from time to time, and none of that counts as a failure.
 */
export class LeasedStream {
  readonly streamId: string;
  readonly acquiredAt: number;
  version: string;
  /** whether it waits for its turn to send: for the table of streams alone */
  isInLine = false;
  private readonly cap: number;
  private readonly health: ReceiverHealth;
  /** by subject, of which there are never two */
  private readonly inFlight = new Map<string, ReadySet>();
  private statusInFlight = 0;
  private readonly aside = new SetsAside();
  private buffer: ReadySet[] = [];
  private readonly position = new ReadPosition();
  private changes = 0;
  private changesAtRead = 0;
  private changesSeen = 0;
  /** SETs that were in flight and stay in the queue: what was read meanwhile lacks them, and has what is behind them */
  private comebacks = 0;
  private comebacksAtRead = 0;
  private isClosed = false;
  private stopped = false;
  private idleSince = 0;
  /** whether SETs can be signed: `waits` for a moment, `tries` with one, or as ever */
  private signing: 'works' | 'waits' | 'tries' = 'works';

  constructor(
    public target: PushTarget,
    lease: { version: string; failures: number; cap: number; now: number },
  ) {
    this.streamId = target.streamId;
    this.version = lease.version;
    this.cap = lease.cap;
    this.health = new ReceiverHealth(lease);
    this.acquiredAt = lease.now;
    this.idleSince = lease.now;
  }

  /** There may be more in the queue than the last read saw, or the stream may have been paused. */
  ring(): void {
    // what is aside stands before what was read, and may be due by now
    if (this.aside.count > 0) this.position.restart();
    else this.position.ring();
  }

  /**
   * Nobody said so, but there may be more in the queue, or something in front of what was read: what is in front of all
   * that the queue holds tells. A SET behind those that are in flight is in front a moment later.
   */
  look(): void {
    if (this.aside.count > 0) this.position.restart();
    else this.position.look();
  }

  /** As `ring`, and something may have been put in front of what was read already. */
  restart(): void {
    this.position.restart();
  }

  /** The stream was changed: what is at hand waits until the next read has told how it stands now. */
  hold(): void {
    this.changes += 1;
    this.restart();
  }

  /** Paused, deleted or leased by another: nothing more is sent, what is in flight ends by itself. */
  stop(): void {
    this.stopped = true;
    this.buffer = [];
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  get isDone(): boolean {
    const hasNoMore = this.isClosed && this.position.isAtEnd && this.buffer.length === 0;
    return this.inFlight.size === 0 && (this.stopped || this.health.hasFailed || hasNoMore);
  }

  /** Whether the lease can be given back: not before a failure was written down, or it is sent again at once. */
  get isReleasable(): boolean {
    return this.isDone && !this.failureToReport();
  }

  isIdle(now: number, lingerMs: number): boolean {
    return (
      this.position.isAtEnd &&
      this.inFlight.size === 0 &&
      this.buffer.length === 0 &&
      now - this.idleSince >= lingerMs
    );
  }

  /** Whether it must be read before anything can be sent. */
  get isStarving(): boolean {
    return this.mayRead && (this.buffer.length === 0 || this.isHeld);
  }

  /** What to read next, at most so much: when the doorbell rang, and when less than half of the read-ahead is left. */
  readRequest(most = Number.POSITIVE_INFINITY): StreamRead | undefined {
    const isTrying = this.signing === 'tries';
    const ahead = isTrying ? 1 : Math.min(this.cap * READ_AHEAD, Math.max(this.cap, most));
    const from = this.mayRead ? this.position.next(this.buffer.length <= ahead / 2) : undefined;
    if (!from) return undefined;
    this.changesAtRead = this.changes;
    this.comebacksAtRead = this.comebacks;
    if (from.kind === 'look') return { streamId: this.streamId, ...from, max: 1 };
    // a read from the front sees again what is at hand
    const known = from.kind === 'front' ? this.buffer.length + this.inFlight.size + this.aside.count : 0;
    return {
      streamId: this.streamId,
      ...from,
      max: Math.max(1, ahead - this.buffer.length) + known,
      ...(this.aside.count > 0 && { blocked: this.aside.blocked }),
    };
  }

  /** What of a read is new, in order. */
  unknown(result: ReadResult, finished: ReadonlySet<string>): PendingSet[] {
    const known = new Set([...this.buffer, ...this.inFlight.values()].map(({ seq }) => seq));
    return result.sets.filter(
      ({ seq, past }) => past?.isDue !== false && !known.has(seq) && !finished.has(seq),
    );
  }

  /** Takes in what was read. `request` is the one that it answers. */
  accept(sets: readonly ReadySet[], result: ReadResult, request: StreamRead): void {
    if (this.stopped || this.health.hasFailed || this.signing === 'waits') return;
    if (this.comebacks !== this.comebacksAtRead) {
      this.restart();
      return;
    }
    this.changesSeen = this.changesAtRead;
    this.isClosed = !result.isOpen;
    const isInFront = request.kind !== 'on' && this.buffer.length > 0;
    this.buffer = [...this.buffer, ...sets].filter((set) => result.isOpen || isAboutStatus(set));
    if (isInFront) this.buffer.sort(bySeq);
    if (request.kind === 'look') {
      // what a look has found, there may be more of; one that is not due would hide all others from the next look
      if (sets.length > 0 || result.sets.some(({ past }) => past?.isDue === false)) this.restart();
      return;
    }
    const end = result.sets.length >= request.max ? result.sets.at(-1)?.seq : undefined;
    // what waits behind one that is not aside any more has been passed over, and is to be read
    const isFreed = this.aside.release(sets, { sets: result.sets, after: request.after, end });
    for (const set of result.sets) if (set.past?.isDue === false) this.putAside(set);
    this.position.reached(end, isFreed);
  }

  /** The next SET that may be sent now. */
  next(): ReadySet | undefined {
    if (this.stopped || this.health.hasFailed || this.isHeld) return undefined;
    if (this.inFlight.size >= this.health.window) return undefined;
    // the new status is known before what was held comes (SSF 1.0 section 8.1.5)
    if (this.statusInFlight > 0) return undefined;
    const isFree = ({ subjectHash }: PendingSet): boolean => !this.inFlight.has(subjectHash);
    const index = this.health.isProbing ? chooseProbe(this.buffer, isFree) : this.buffer.findIndex(isFree);
    const [set] = index < 0 ? [] : this.buffer.splice(index, 1);
    if (!set) return undefined;
    this.inFlight.set(set.subjectHash, set);
    if (isAboutStatus(set)) this.statusInFlight += 1;
    return set;
  }

  /** A SET whose turn comes soon: its signature can be made while others are under way. */
  upcoming(): ReadySet | undefined {
    return this.buffer[this.health.window - 1] ?? this.buffer.at(-1);
  }

  /** Notes how a send ended, and says what becomes of the SET. */
  settle(set: ReadySet, outcome: PushOutcome, now: number): Verdict {
    this.land(set, now);
    this.signing = 'works';
    const verdict = this.judge(set, outcome);
    if (verdict.outcome === 'retry') this.comebacks += 1;
    this.resumeIfCleared();
    return verdict;
  }

  /**
   * The SET could not be signed, which says nothing of it nor of the receiver: it stays in the queue as it is, and the
   * stream waits until {@link tryToSign}. What was read is read again then: it may have expired meanwhile.
   */
  putBack(set: ReadySet, now: number): void {
    this.land(set, now);
    this.signing = 'waits';
    this.comebacks += 1;
    this.position.ring();
    this.buffer = [];
    this.health.goCarefully();
    this.resumeIfCleared();
  }

  /** The next SET is tried. */
  tryToSign(): void {
    if (this.signing !== 'waits') return;
    this.signing = 'tries';
    this.restart();
  }

  /** How the stream failed, once nothing is in flight any more; `failures` counts this one. */
  failureToReport(): { failure: Failure; failures: number } | undefined {
    return this.inFlight.size === 0 ? this.health.report : undefined;
  }

  /** Whether there was a success since the last call. */
  takeSuccess(): boolean {
    return this.health.takeSuccess();
  }

  private get isHeld(): boolean {
    return this.changesSeen !== this.changes;
  }

  private get mayRead(): boolean {
    return !this.position.isAtEnd && !this.stopped && !this.health.hasFailed && this.signing !== 'waits';
  }

  private land(set: ReadySet, now: number): void {
    this.inFlight.delete(set.subjectHash);
    if (isAboutStatus(set)) this.statusInFlight -= 1;
    this.idleSince = now;
  }

  /** It was not the receiver that failed: the stream goes on, and what failed is read and tried again. */
  private resumeIfCleared(): void {
    if (this.inFlight.size > 0 || !this.health.acquit()) return;
    this.restart();
  }

  private judge(set: ReadySet, outcome: PushOutcome): Verdict {
    switch (outcome.outcome) {
      case 'delivered':
        this.health.succeeded();
        break;
      case 'rejected':
        this.health.rejected(outcome.err);
        break;
      case 'retry': {
        const verdict = this.failAlone(set, outcome);
        if (verdict) return verdict;
        this.health.failed(outcome, { isSuspicion: mayBeTheSets(outcome) });
      }
    }
    if (this.health.hasFailed) this.buffer = [];
    return { outcome: outcome.outcome };
  }

  /** The verdict when it is the SET that fails and not the receiver: the stream goes on without it. */
  private failAlone(set: ReadySet, failure: Failure): Verdict | undefined {
    const asideCount = this.aside.count;
    const past = set.past?.failedAt == null ? undefined : set.past;
    const verdict = judgeFailure(failure, past, { hasPassed: this.health.hasPassed, asideCount });
    if (verdict?.outcome === 'retry') this.putAside(set);
    return verdict;
  }

  /** What is about the same subject waits with it, and not at hand, where it would be in the way of others. */
  private putAside(set: PendingSet): void {
    const { subjectHash } = set;
    this.aside.put(set);
    if (this.buffer.some((each) => each.subjectHash === subjectHash))
      this.buffer = this.buffer.filter((each) => each.subjectHash !== subjectHash);
  }
}

function bySeq(a: PendingSet, b: PendingSet): number {
  return BigInt(a.seq) < BigInt(b.seq) ? -1 : 1;
}
