import { Injectable, Logger } from '@nestjs/common';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import type { BackOff, Settlement } from '../queue/lease.service.js';
import type { PushTarget } from '../streams/push-targets.service.js';
import type { ReadySet, Verdict } from './leased-stream.js';
import type { PushResult } from './push.service.js';

/** What delivery tells the outside: one wide log line per attempt, and events once the outcome is committed. */
@Injectable()
export class DeliveryReports {
  private readonly logger = new Logger('Delivery');

  constructor(private readonly bus: SsfEventBus) {}

  attempted(
    target: PushTarget,
    set: ReadySet,
    { outcome, httpStatus, durationMs }: PushResult,
    verdict: Verdict,
  ): void {
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
      sinceQueuedMs: Math.round(Date.now() - set.enqueuedAt),
    };
    if (outcome.outcome === 'delivered') this.logger.log(line);
    else this.logger.warn(line);
  }

  /** After the commit of these settlements. */
  settled(settlements: readonly Settlement[]): void {
    for (const { jti, streamId, outcome, err } of settlements)
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

  failing({ streamId, delaySeconds, error, failures }: BackOff): void {
    const retryInSeconds = Math.round(delaySeconds);
    this.logger.warn({ event: 'stream.failing', streamId, err: error, failures, retryInSeconds });
    this.bus.emit('stream.failing', { streamId, err: error, retryInSeconds });
  }
}
