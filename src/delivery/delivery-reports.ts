import { Injectable, Logger } from '@nestjs/common';
import { knownErrorCode } from '../core/delivery/receiver-error.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { traceIdOf } from '../platform/tracing/traceparent.js';
import type { BackOff, Settlement } from '../queue/lease.service.js';
import type { EndedSet } from '../queue/poll-queue.service.js';
import type { PushTarget } from '../streams/push-targets.service.js';
import type { Verdict } from './leased-stream.js';
import type { ReadySet } from './ready-set.js';
import type { PushResult } from './push.service.js';

/** What delivery tells the outside: one wide log line per attempt, and events once the outcome is committed. */
@Injectable()
export class DeliveryReports {
  private readonly logger = new Logger('Delivery');

  constructor(
    private readonly bus: SsfEventBus,
    private readonly metrics: SsfMetrics,
  ) {}

  attempted(
    target: PushTarget,
    set: ReadySet,
    { outcome, httpStatus, durationMs }: PushResult,
    verdict: Verdict,
  ): void {
    const sinceQueuedMs = Math.round(Date.now() - set.enqueuedAt);
    this.measure(verdict.outcome, httpStatus, durationMs, sinceQueuedMs);
    const line = {
      event: 'set.attempted',
      jti: set.jti,
      streamId: target.streamId,
      providerId: target.providerId,
      attempt: set.attempts + 1,
      outcome: verdict.outcome,
      httpStatus,
      err: outcome.outcome === 'delivered' ? undefined : outcome.err,
      // SSF-conformant receivers answer 202 (RFC 8935 section 2.2)
      nonConformant: outcome.outcome === 'delivered' ? outcome.nonConformant : undefined,
      // it fails while others pass, and waits by itself
      asideSeconds: verdict.asideSeconds,
      durationMs: Math.round(durationMs),
      sinceQueuedMs,
      traceId: traceIdOf(set.traceparent),
    };
    if (outcome.outcome === 'delivered') this.logger.log(line);
    else this.logger.warn(line);
  }

  private measure(
    outcome: Verdict['outcome'],
    httpStatus: number | undefined,
    durationMs: number,
    sinceQueuedMs: number,
  ): void {
    const codeClass = httpStatus === undefined ? 'none' : `${Math.floor(httpStatus / 100)}xx`;
    this.metrics.pushAttempts.inc({ outcome, code_class: codeClass });
    this.metrics.pushDuration.observe(durationMs / 1000);
    // the clocks of the database and of this process differ a little
    if (outcome === 'delivered')
      this.metrics.deliveryLatency.observe({ method: 'push' }, Math.max(0, sinceQueuedMs) / 1000);
  }

  /** After the commit of these settlements. */
  settled(settlements: readonly Settlement[]): void {
    for (const { outcome, method, count } of tally(settlements))
      this.metrics.setsEnded.inc({ outcome, method }, count);
    for (const { jti, streamId, outcome, err } of settlements) {
      switch (outcome) {
        case 'delivered':
          this.bus.emit('set.delivered', { jti, streamId });
          break;
        case 'rejected':
          this.bus.emit('set.rejected', { jti, streamId, err: err ?? 'unknown' });
          break;
        case 'dropped':
          this.bus.emit('set.dropped', { jti, streamId, reason: err ?? outcome });
          break;
        case 'dead':
          this.bus.emit('set.dead', { jti, streamId, err: err ?? 'unknown' });
          break;
        case 'retry':
          break;
      }
    }
  }

  /** What a receiver that polls said, or what it cannot have any more. */
  ended(streamId: string, sets: readonly EndedSet[]): void {
    for (const { outcome, err, waitedSeconds } of sets) {
      if (outcome === 'rejected') this.metrics.pollSetErrors.inc({ err: knownErrorCode(err) });
      if (outcome !== 'delivered') continue;
      this.metrics.pollAcks.inc();
      this.metrics.deliveryLatency.observe({ method: 'poll' }, waitedSeconds);
    }
    this.settled(
      sets.map(({ jti, outcome, err }) => {
        const method = outcome === 'dropped' ? 'none' : 'poll';
        return { jti, streamId, seq: '', outcome, method, ...(err !== null && { err }) };
      }),
    );
  }

  ticked(seconds: number, leases: number): void {
    this.metrics.tickDuration.observe(seconds);
    this.metrics.lastTick.setToCurrentTime();
    this.metrics.leases.set(leases);
  }

  failing({ streamId, delaySeconds, error, failures }: BackOff): void {
    const retryInSeconds = Math.round(delaySeconds);
    this.logger.warn({ event: 'stream.failing', streamId, err: error, failures, retryInSeconds });
    this.metrics.streamFailures.inc();
    this.bus.emit('stream.failing', { streamId, err: error, retryInSeconds });
  }
}

/** How many ended alike. */
function tally(
  settlements: readonly Settlement[],
): Iterable<Pick<Settlement, 'outcome' | 'method'> & { count: number }> {
  const ends = new Map<string, Pick<Settlement, 'outcome' | 'method'> & { count: number }>();
  for (const { outcome, method } of settlements) {
    if (outcome === 'retry') continue;
    const alike = `${outcome} ${method}`;
    const end = ends.get(alike) ?? { outcome, method, count: 0 };
    end.count += 1;
    ends.set(alike, end);
  }
  return ends.values();
}
