import { Inject, Injectable, Logger } from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { type FailingQueue, FailingQueuesService } from '../queue/failing-queues.service.js';
import { StreamStatusService } from './stream-status.service.js';

/** Percents of the time after which a stream is paused, at which somebody is told. */
const STEPS = [50, 70, 90, 100] as const;

/**
 * Streams whose pushes do nothing but fail: somebody is told in time, and in the end the stream is paused, with a
 * stream-updated SET (SSF 1.0 section 8.1.5). Enabling it again is an ordinary change of its status.
 */
@Injectable()
export class FailingStreamsService {
  private readonly logger = new Logger(FailingStreamsService.name);

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly queues: FailingQueuesService,
    private readonly statuses: StreamStatusService,
    private readonly bus: SsfEventBus,
    private readonly metrics: SsfMetrics,
  ) {}

  async sweep(stopping: AbortSignal): Promise<void> {
    const windowSeconds = this.config.pauseFailingStreamsAfterHours * 3600;
    if (windowSeconds === 0) return;
    // asked first: whose time is over only after that is paused by the next round, when it has been told of
    const failed = await this.queues.failed(windowSeconds);
    for (const failing of await this.queues.news(windowSeconds, [...STEPS]))
      this.tell(failing, windowSeconds);
    for (const { streamId, lastError } of failed) {
      if (stopping.aborted) return;
      try {
        await this.pause(streamId, lastError, windowSeconds);
      } catch (error) {
        // it must not keep the others from being paused; the next round tries again
        this.logger.error({ err: error, streamId }, 'a failing stream could not be paused');
      }
    }
  }

  private tell({ streamId, failingSince, lastError, reached }: FailingQueue, windowSeconds: number): void {
    const pausesAt = new Date(failingSince.getTime() + windowSeconds * 1000);
    for (const percent of reached) {
      this.metrics.streamFailureAlerts.inc({ percent });
      const alert = {
        streamId,
        percent,
        err: lastError ?? 'unknown',
        failingSince: failingSince.toISOString(),
        pausesAt: pausesAt.toISOString(),
      };
      this.logger.warn({ event: 'stream.failure_alert', ...alert });
      this.bus.emit('stream.failure_alert', alert);
    }
  }

  private async pause(streamId: string, lastError: string | null, windowSeconds: number): Promise<void> {
    const reason = `every push has failed for ${windowSeconds / 3600} hours, the last one with ${lastError ?? 'unknown'}`;
    const isPaused = await this.statuses.changeIf(
      (manager) => this.queues.isStillFailing(manager, streamId, windowSeconds),
      streamId,
      { status: 'paused', reason },
      'failing-push',
    );
    if (isPaused) this.logger.error({ event: 'stream.paused', streamId, err: lastError });
  }
}
