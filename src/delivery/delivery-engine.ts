import { Injectable, Logger } from '@nestjs/common';
import { retryDelaySeconds } from '../core/delivery/retry-policy.js';
import { type BackOff, LeaseService, type PendingSet, type ReadResult } from '../queue/lease.service.js';
import { VaultFailure } from '../signing-keys/vault-failure.js';
import { DeliveryReports } from './delivery-reports.js';
import { LeaseKeeper } from './lease-keeper.js';
import type { LeaseTable } from './lease-table.js';
import type { LeasedStream } from './leased-stream.js';
import { ProbeTimers } from './probe-timers.js';
import { type PushResult, PushService } from './push.service.js';
import type { StreamRead } from './read-position.js';
import { type ReadySet, readySet } from './ready-set.js';
import { SetTracesService } from './set-traces.service.js';
import { Settlements } from './settlements.js';
import { Ticker } from './ticker.js';

/** SETs that one process has read ahead, about 3 kB each: with many streams each of them reads less at a time. */
const MAX_AT_HAND = 16_384;
/** Pushes that one process has in flight. */
const MAX_IN_FLIGHT = 256;
/** When nothing can be signed a stream tries again after so long. */
const SIGNING_RETRY_SECONDS = 1;

/**
 * Sends what waits in push streams' queues. The process leases streams, not SETs; one statement per tick ends what
 * was sent, logs it and reads what comes next, for all leased streams together; sends are refilled continuously,
 * without barriers. (docs/adr/0003-stream-leases.md)
 */
@Injectable()
export class DeliveryEngine {
  private readonly logger = new Logger(DeliveryEngine.name);
  private readonly streams: LeaseTable;
  private readonly settlements = new Settlements();
  private hints: Set<string> | 'all' = new Set();
  private sending = 0;
  /** told when nothing is being sent any more */
  private allSent: (() => void) | undefined;
  private readonly ticker = new Ticker({
    tick: () => this.tick(),
    failed: (error, retryMs) => this.askAgain(error, retryMs),
    ended: () => this.tickIfNeeded(),
  });
  private heartbeatTimer: NodeJS.Timeout | undefined;
  private readonly probes = new ProbeTimers((streamId) => this.ring([streamId]));
  private readonly signingRetries = new ProbeTimers((streamId) => {
    this.streams.get(streamId)?.tryToSign();
    this.ring([streamId]);
  });
  private isStopping = false;
  private readonly unfinished = (error: unknown): void =>
    this.logger.error({ err: error }, 'a send could not be finished');

  constructor(
    private readonly leases: LeaseKeeper,
    private readonly leaseService: LeaseService,
    private readonly pushes: PushService,
    private readonly traces: SetTracesService,
    private readonly reports: DeliveryReports,
  ) {
    this.streams = leases.table;
  }

  start(): void {
    this.heartbeatTimer = setInterval(() => {
      if (this.streams.size > 0) this.ticker.within(0);
    }, this.leases.heartbeatMs);
    this.sweep();
  }

  /** Any stream may have something to send that no doorbell announced. */
  sweep(): void {
    if (this.isStopping) return;
    this.hints = 'all';
    for (const stream of this.streams.all()) stream.look();
    this.ticker.within(0);
  }

  /** These streams were changed: nothing more is sent of them until they were looked at again. */
  changed(streamIds: readonly string[]): void {
    for (const streamId of streamIds) this.streams.get(streamId)?.hold();
    this.ring(streamIds);
  }

  /** These streams have something to send. */
  ring(streamIds: readonly string[]): void {
    if (this.isStopping) return;
    for (const streamId of streamIds) {
      const stream = this.streams.get(streamId);
      if (stream) stream.ring();
      else if (this.hints !== 'all') this.hints.add(streamId);
    }
    this.ticker.within(0);
  }

  /** How long there has been something to do, and no turn has ended without an error; an idle engine is never late. */
  get lateMs(): number {
    return this.ticker.lateMs;
  }

  /** Takes nothing new, lets what is in flight end, writes it down and gives the leases back. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.heartbeatTimer);
    this.probes.clear();
    this.signingRetries.clear();
    for (const stream of this.streams.all()) stream.stop();
    // each ends within the push timeout
    if (this.sending > 0) await new Promise<void>((resolve) => (this.allSent = resolve));
    await this.ticker.stop();
    await this.tick().catch((error: unknown) => {
      // the leases run out by themselves, and what was sent and not written down is sent again
      this.logger.error({ err: error }, 'the last tick failed');
    });
  }

  private tickIfNeeded(): void {
    if (this.isStopping) return;
    const isUrgent =
      (this.hasHints && this.leases.hasRoom) ||
      [...this.streams.all()].some((stream) => stream.isStarving || stream.isDone);
    if (isUrgent) this.ticker.within(0);
    else if (this.settlements.size > 0) this.ticker.within(this.settlements.dueInMs);
  }

  /** What was asked and not answered is asked again. */
  private askAgain(error: unknown, retryMs: number): void {
    this.logger.error({ err: error, retryMs }, 'delivery tick failed, it is tried again');
    for (const stream of this.streams.all()) stream.ring();
    this.hints = 'all';
  }

  private async tick(): Promise<void> {
    const startedAt = performance.now();
    await this.acquire();
    await this.settleAndRead();
    await this.backOff();
    await this.leases.renewAndRelease((streamId) => this.settlements.concern(streamId));
    this.dispatch();
    this.reports.ticked((performance.now() - startedAt) / 1000, this.streams.size);
  }

  private get hasHints(): boolean {
    return this.hints === 'all' || this.hints.size > 0;
  }

  private async acquire(): Promise<void> {
    if (!this.hasHints || this.isStopping) return;
    if (!this.leases.hasRoom) {
      this.leases.makeRoom();
      return;
    }
    const among = this.hints === 'all' ? undefined : [...this.hints];
    this.hints = new Set();
    await this.leases.acquire(among);
  }

  private async settleAndRead(): Promise<void> {
    const share = Math.floor(MAX_AT_HAND / this.streams.size);
    // what failed is read as it was written: it keeps its place before what is about the same subject
    const { retried } = this.settlements;
    const requests = [...this.streams.all()].flatMap((stream) =>
      retried.has(stream.streamId) ? [] : (stream.readRequest(share) ?? []),
    );
    const settled =
      requests.length > 0 && retried.size === 0 && !this.mustSettle ? [] : this.settlements.take();
    if (requests.length === 0 && settled.length === 0) return;
    let results: Map<string, ReadResult>;
    try {
      results = await this.leaseService.tick(this.leases.owner, settled, requests);
    } catch (error) {
      this.settlements.giveBack(settled);
      throw error;
    }
    this.reports.settled(settled);
    // the read saw the queue before these were taken out of it, or as they came in during it
    const finished = new Set([...settled.map(({ seq }) => seq), ...this.settlements.seqs]);
    await this.takeIn(requests, results, finished);
  }

  /** Else only what is new is read: that commits nothing, and need not wait for what was sent to be written. */
  private get mustSettle(): boolean {
    return (
      this.settlements.dueInMs === 0 ||
      this.isStopping ||
      [...this.streams.all()].some((stream) => stream.isDone)
    );
  }

  private async takeIn(
    requests: readonly StreamRead[],
    results: ReadonlyMap<string, ReadResult>,
    finished: ReadonlySet<string>,
  ): Promise<void> {
    const reads = requests.flatMap((request) => {
      const stream = this.streams.get(request.streamId);
      const result = results.get(request.streamId);
      if (!stream) return [];
      if (!result?.isOwned) {
        this.leases.lose(stream);
        return [];
      }
      return [{ request, stream, result, sets: stream.unknown(result, finished) }];
    });
    await this.leases.refresh(reads);
    const jtis = reads.flatMap(({ sets }) => sets.map(({ jti }) => jti));
    const claims = await this.leaseService.claims(jtis);
    const traces = await this.traces.of(jtis);
    for (const { request, stream, result, sets } of reads) {
      stream.accept(this.sendable(stream, sets, { claims, traces }), result, request);
      this.streams.markReady(stream);
    }
  }

  /** What cannot be sent any more leaves the queue with its reason. */
  private sendable(
    stream: LeasedStream,
    sets: readonly PendingSet[],
    { claims, traces }: Record<'claims' | 'traces', ReadonlyMap<string, string>>,
  ): ReadySet[] {
    return sets.flatMap((set): ReadySet[] => {
      const body = claims.get(set.jti);
      if (!set.isExpired && body !== undefined) return [readySet(set, body, traces.get(set.jti))];
      const err = set.isExpired ? 'expired' : 'claims_missing';
      const { jti, seq } = set;
      this.settlements.add({ jti, streamId: stream.streamId, seq, outcome: 'dropped', method: 'none', err });
      return [];
    });
  }

  private dispatch(): void {
    if (this.isStopping || !this.leases.maySend) return;
    this.streams.takeTurns((stream) => {
      if (this.sending >= MAX_IN_FLIGHT) return 'stop';
      const set = stream.next();
      if (!set) return 'nothing';
      this.send(stream, set).catch(this.unfinished);
      const upcoming = stream.upcoming();
      if (upcoming) this.pushes.prepare(stream.target, upcoming);
      return 'sent';
    });
  }

  private async send(stream: LeasedStream, set: ReadySet): Promise<void> {
    this.sending += 1;
    let result: PushResult | undefined;
    try {
      result = await this.pushes.push(stream.target, set);
    } catch (error) {
      result = this.unsent(stream, set, error);
    }
    this.sending -= 1;
    // whoever waits for it goes on after this one was finished
    if (this.sending === 0) this.allSent?.();
    if (result) this.finish(stream, set, result);
    else this.putBack(stream, set);
  }

  /** Undefined: it could not be signed. */
  private unsent(stream: LeasedStream, { jti }: ReadySet, error: unknown): PushResult | undefined {
    if (error instanceof VaultFailure) return undefined;
    this.logger.error({ err: error, jti, streamId: stream.streamId }, 'a SET could not be sent');
    return {
      outcome: { outcome: 'retry', pace: 'quick', err: 'internal_error' },
      httpStatus: undefined,
      durationMs: 0,
    };
  }

  private finish(stream: LeasedStream, set: ReadySet, result: PushResult): void {
    const failure = result.outcome.outcome === 'delivered' ? undefined : result.outcome;
    const verdict = stream.settle(set, result.outcome, performance.now());
    this.settlements.add({
      jti: set.jti,
      streamId: stream.streamId,
      seq: set.seq,
      outcome: verdict.outcome,
      method: 'push',
      httpStatus: result.httpStatus,
      err: failure?.err,
      description: failure?.description,
      durationMs: Math.round(result.durationMs),
      asideSeconds: verdict.asideSeconds,
      strikes: verdict.strikes,
    });
    this.reports.attempted(stream.target, set, result, verdict);
    this.streams.markReady(stream);
    this.dispatch();
    this.ticker.within(stream.isStarving || stream.isDone ? 0 : this.settlements.dueInMs);
  }

  /** It could not be signed: nothing of that is the receiver's doing, and nothing is written down. */
  private putBack(stream: LeasedStream, set: ReadySet): void {
    stream.putBack(set, performance.now());
    this.signingRetries.after(SIGNING_RETRY_SECONDS, stream.streamId);
    this.dispatch();
    if (stream.isDone) this.ticker.within(0);
  }

  private async backOff(): Promise<void> {
    const failed = [...this.streams.all()].flatMap((stream) => {
      const report = stream.failureToReport();
      // the lease ends with it, and not before what was done under it is written
      return report && !this.settlements.concern(stream.streamId) ? [{ stream, ...report }] : [];
    });
    if (failed.length === 0) return;
    const steps = failed.map(({ stream, failure, failures }): BackOff => ({
      streamId: stream.streamId,
      delaySeconds: retryDelaySeconds({ ...failure, failures, random: Math.random() }),
      error: failure.err,
      failures,
      hasSucceeded: stream.takeSuccess(),
    }));
    await this.leaseService.backOff(this.leases.owner, steps);
    for (const { stream } of failed) this.streams.remove(stream);
    for (const step of steps) {
      this.reports.failing(step);
      this.probes.after(step.delaySeconds, step.streamId);
    }
  }
}
