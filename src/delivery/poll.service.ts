import { Inject, Injectable, Logger } from '@nestjs/common';
import type { PollRequest } from '../core/delivery/poll-request.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { isUuid } from '../platform/paging/page.js';
import { LeaseService } from '../queue/lease.service.js';
import { PollQueueService, type PollVerdict } from '../queue/poll-queue.service.js';
import type { Stream } from '../streams/stream.entity.js';
import { DeliveryReports } from './delivery-reports.js';
import { PollWaiters } from './poll-waiters.js';
import { SetSigningService } from './set-signing.service.js';

/** SETs of one answer at most, whatever the receiver asks for. */
export const MAX_POLL_EVENTS = 100;
/** How long a SET that was handed out is hidden from other polls. */
export const POLL_VISIBILITY_SECONDS = 30;

/** RFC 8936 section 2.3. */
export interface PollAnswer {
  readonly sets: Record<string, string>;
  readonly moreAvailable?: true;
}

/** Poll delivery (RFC 8936). */
@Injectable()
export class PollService {
  private readonly logger = new Logger(PollService.name);

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly queue: PollQueueService,
    private readonly leases: LeaseService,
    private readonly signing: SetSigningService,
    private readonly waiters: PollWaiters,
    private readonly reports: DeliveryReports,
  ) {}

  /**
   * First what the receiver says of earlier SETs (RFC 8936 section 2.4), then the next ones. A long poll waits for
   * one; `disconnected` aborts when the receiver went away, and nothing is handed out then.
   */
  async poll(stream: Stream, request: PollRequest, disconnected: AbortSignal): Promise<PollAnswer> {
    await this.settle(stream, request);
    return this.waiters.serve(() => this.fetch(stream, request, disconnected));
  }

  private async fetch(stream: Stream, request: PollRequest, disconnected: AbortSignal): Promise<PollAnswer> {
    const max = Math.min(request.maxEvents ?? MAX_POLL_EVENTS, MAX_POLL_EVENTS);
    const deadline = performance.now() + (request.returnImmediately ? 0 : this.config.longPollSeconds * 1000);
    while (!disconnected.aborted) {
      const bell = this.waiters.listen(stream.id);
      try {
        const answer = await this.next(stream, max);
        if (answer) return answer;
        const left = deadline - performance.now();
        if (left <= 0 || this.waiters.isShuttingDown) break;
        this.logger.debug({ event: 'poll.waiting', streamId: stream.id });
        await bell.rung(left, disconnected);
      } finally {
        bell.forget();
      }
      // deleted, or pushed to from now on
      const [look] = await this.queue.look([stream.id]);
      if (!look?.isPolled) break;
    }
    return { sets: {} };
  }

  private async settle(stream: Stream, { ack, setErrs, ackedAndFailed }: PollRequest): Promise<void> {
    if (ackedAndFailed.length > 0)
      this.logger.warn({
        event: 'poll.contradiction',
        streamId: stream.id,
        jtis: ackedAndFailed.slice(0, 10),
      });
    const verdicts: PollVerdict[] = [
      ...ack.map((jti) => ({ jti, outcome: 'delivered' as const })),
      ...[...setErrs].map(([jti, { err, description }]) => ({
        jti,
        outcome: 'rejected' as const,
        err,
        ...(description === undefined ? {} : { description }),
      })),
    ];
    // what is not one of our jtis cannot be one of this stream's: ignored like any unknown one
    await this.end(
      stream,
      verdicts.filter(({ jti }) => isUuid(jti)),
    );
  }

  private async end(stream: Stream, verdicts: readonly PollVerdict[]): Promise<void> {
    const ended = await this.queue.settle(stream.id, verdicts);
    this.reports.settled(
      ended.map(({ jti, outcome, err }) => ({
        jti,
        outcome,
        err,
        streamId: stream.id,
        seq: '',
        method: 'poll',
      })),
    );
  }

  /** Undefined: there is nothing. With `max` 0 an answer without SETs says that there is something. */
  private async next(stream: Stream, max: number): Promise<PollAnswer | undefined> {
    if (max === 0) return (await this.hasMore(stream)) ? { sets: {}, moreAvailable: true } : undefined;
    const handedOut = await this.queue.handOut(stream.id, max, POLL_VISIBILITY_SECONDS);
    if (handedOut.length === 0) return undefined;
    const claims = await this.leases.claims(handedOut.map(({ jti }) => jti));
    const lost = handedOut.filter(({ jti, isExpired }) => isExpired || !claims.has(jti));
    await this.end(
      stream,
      lost.map(({ jti, isExpired }) => ({
        jti,
        outcome: 'dropped',
        err: isExpired ? 'expired' : 'claims_missing',
      })),
    );
    const sendable = handedOut.filter((set) => !lost.includes(set));
    const sets = Object.fromEntries(
      await Promise.all(
        sendable.map(
          async ({ jti }) =>
            [jti, await this.signing.sign(stream.providerId, claims.get(jti) ?? '')] as const,
        ),
      ),
    );
    const hasMore = handedOut.length === max && (await this.hasMore(stream));
    if (sendable.length === 0 && !hasMore) return undefined;
    return hasMore ? { sets, moreAvailable: true } : { sets };
  }

  private async hasMore(stream: Stream): Promise<boolean> {
    const [look] = await this.queue.look([stream.id]);
    return look?.isDue ?? false;
  }
}
