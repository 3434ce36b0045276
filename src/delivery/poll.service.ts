import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SpanOptions } from '@opentelemetry/api';
import type { PollRequest } from '../core/delivery/poll-request.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import type { Disconnection } from '../platform/http/disconnection.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { noteSpan, tracer } from '../platform/tracing/spans.js';
import { linksTo } from '../platform/tracing/traceparent.js';
import { isUuid } from '../platform/paging/page.js';
import type { PollVerdict } from '../queue/poll-queue.service.js';
import type { Stream } from '../streams/stream.entity.js';
import { PollHandOutService } from './poll-hand-out.service.js';
import { PollRounds } from './poll-rounds.js';
import { SetTracesService } from './set-traces.service.js';
import type { PollAnswer } from './waiting-poll.js';

/** SETs of one answer at most, whatever the receiver asks for. */
export const MAX_POLL_EVENTS = 100;

/** Poll delivery (RFC 8936). */
@Injectable()
export class PollService {
  private readonly logger = new Logger(PollService.name);

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly handOuts: PollHandOutService,
    private readonly rounds: PollRounds,
    private readonly traces: SetTracesService,
    private readonly metrics: SsfMetrics,
  ) {}

  /**
   * First what the receiver says of earlier SETs (RFC 8936 section 2.4), then the next ones. A long poll waits for
   * one, also when it takes none (`maxEvents` 0, section 2.4.2). A receiver that went away gets nothing.
   */
  async poll(stream: Stream, request: PollRequest, connection: Disconnection): Promise<PollAnswer> {
    this.metrics.pollRequests.inc();
    if (!tracer()) return this.answer(stream, request, connection);
    const startedAt = Date.now();
    try {
      const answer = await this.answer(stream, request, connection);
      await this.trace(stream, Object.keys(answer.sets), startedAt);
      return answer;
    } catch (error) {
      noteSpan('ssf.poll', () => spanOf(stream, startedAt), error);
      throw error;
    }
  }

  private async answer(stream: Stream, request: PollRequest, connection: Disconnection): Promise<PollAnswer> {
    await this.settle(stream.id, request);
    return this.rounds.serve(
      {
        streamId: stream.id,
        providerId: stream.providerId,
        max: Math.min(request.maxEvents ?? MAX_POLL_EVENTS, MAX_POLL_EVENTS),
        holdMs: request.returnImmediately ? 0 : this.config.longPollSeconds * 1000,
      },
      connection,
    );
  }

  /** Only of what hands out SETs: most polls find nothing, for as long as they are held. */
  private async trace(stream: Stream, jtis: readonly string[], startedAt: number): Promise<void> {
    if (jtis.length === 0) return;
    const traceparents = await this.traces.of(jtis);
    noteSpan('ssf.poll', () => {
      const { attributes, ...span } = spanOf(stream, startedAt);
      return {
        ...span,
        attributes: { ...attributes, 'ssf.set.count': jtis.length },
        links: linksTo(traceparents.values()),
      };
    });
  }

  private async settle(streamId: string, { ack, setErrs, ackedAndFailed }: PollRequest): Promise<void> {
    if (ackedAndFailed.length > 0)
      this.logger.warn({ event: 'poll.contradiction', streamId, jtis: ackedAndFailed.slice(0, 10) });
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
    await this.handOuts.end(
      streamId,
      verdicts.filter(({ jti }) => isUuid(jti)),
    );
  }
}

function spanOf({ id, providerId }: Stream, startedAt: number): SpanOptions {
  return { startTime: startedAt, attributes: { 'ssf.provider_id': providerId, 'ssf.stream_id': id } };
}
