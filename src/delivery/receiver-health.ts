import type { PushOutcome } from '../core/delivery/classify-push-response.js';

export type Failure = Extract<PushOutcome, { outcome: 'retry' }>;

/** Rejections in a row that make the stream back off, so that a misconfigured receiver keeps its queue. */
const REJECTIONS_TO_BACK_OFF = 10;

/**
 * How a stream's receiver fares while one process has leased the stream: how much may be under way to it, and whether it
 * failed. After a failure a single probe goes first; each success then doubles what may be under way, up to the cap.
 */
export class ReceiverHealth {
  private readonly cap: number;
  private failures: number;
  private mostInFlight: number;
  private rejectionsInARow = 0;
  private failure: Failure | undefined;
  /** one SET failed; what was in flight beside it may tell that it is not the receiver */
  private isSuspicion = false;
  private hasPassedSinceFailure = false;
  private hasSucceeded = false;
  private hasEverPassed = false;

  /** @param lease.failures how often the receiver failed in a row before */
  constructor(lease: { readonly cap: number; readonly failures: number }) {
    this.cap = lease.cap;
    this.failures = lease.failures;
    this.mostInFlight = lease.failures > 0 ? 1 : lease.cap;
  }

  /** SETs that may be in flight. */
  get window(): number {
    return this.mostInFlight;
  }

  get isProbing(): boolean {
    return this.failures > 0;
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** Whether anything was delivered since the stream was leased. */
  get hasPassed(): boolean {
    return this.hasEverPassed;
  }

  /** How it failed, and how often in a row by now. */
  get report(): { failure: Failure; failures: number } | undefined {
    return this.failure && { failure: this.failure, failures: this.failures + 1 };
  }

  succeeded(): void {
    this.hasEverPassed = true;
    this.hasPassedSinceFailure = true;
    this.failures = 0;
    this.rejectionsInARow = 0;
    this.hasSucceeded = true;
    this.mostInFlight = Math.min(this.mostInFlight * 2, this.cap);
  }

  rejected(err: string): void {
    this.rejectionsInARow += 1;
    // a probe that is rejected is no success: the stream stays backed off
    if (this.failures > 0 || this.rejectionsInARow >= REJECTIONS_TO_BACK_OFF)
      this.failed({ outcome: 'retry', pace: 'quick', err }, { isSuspicion: false });
  }

  /** @param is.isSuspicion it may be the SET that fails; a second failure says that it is not */
  failed(failure: Failure, { isSuspicion }: { readonly isSuspicion: boolean }): void {
    this.isSuspicion = isSuspicion && this.failure === undefined;
    if (!this.failure) this.hasPassedSinceFailure = false;
    this.failure ??= failure;
  }

  goCarefully(): void {
    this.mostInFlight = 1;
  }

  /** Only one failed, and others passed after it: it did not fail after all. Called when nothing is in flight. */
  acquit(): boolean {
    if (!this.isSuspicion || !this.hasPassedSinceFailure) return false;
    this.failure = undefined;
    this.isSuspicion = false;
    this.goCarefully();
    return true;
  }

  /** Whether there was a success since the last call. */
  takeSuccess(): boolean {
    const had = this.hasSucceeded;
    this.hasSucceeded = false;
    return had;
  }
}
