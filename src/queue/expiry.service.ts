import { Inject, Injectable, Logger } from '@nestjs/common';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { EXPIRE_SQL, LOOK_FOR_EXPIRED_SQL } from './expiry.sql.js';
import { FRONT } from './lease.service.js';

/** SETs that one statement looks at, and the most that it drops. */
const SLICE = 2_000;
const FIRST_STREAM = '00000000-0000-0000-0000-000000000000';

interface Look {
  stream_id: string;
  last: string;
  count: number;
  first_over: string | null;
  last_over: string | null;
}

/**
 * Drops what has waited too long in queues that nobody serves: of paused streams, of those that back off, of poll
 * streams that nobody polls. What is served loses it when it is read.
 */
@Injectable()
export class ExpiryService {
  private readonly logger = new Logger(ExpiryService.name);

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: SsfEventBus,
    private readonly metrics: SsfMetrics,
  ) {}

  /** Goes once through all that waits, slice by slice. */
  async sweep(stopping: AbortSignal): Promise<void> {
    let from: readonly [streamId: string, seq: string] | undefined = [FIRST_STREAM, FRONT];
    while (from && !stopping.aborted) from = await this.sweepSlice(...from);
  }

  /** Where the next slice begins; undefined at the end. */
  private async sweepSlice(streamId: string, seq: string): Promise<[string, string] | undefined> {
    const { manager } = this.unitOfWork;
    const looks = await manager.query<Look[]>(LOOK_FOR_EXPIRED_SQL, [
      streamId,
      seq,
      SLICE,
      this.config.retentionCeiling,
    ]);
    for (const look of looks)
      if (look.first_over !== null) await this.expire(look.stream_id, look.first_over, look.last_over);
    const last = looks.at(-1);
    const count = looks.reduce((sum, look) => sum + look.count, 0);
    return last && count === SLICE ? [last.stream_id, last.last] : undefined;
  }

  private async expire(streamId: string, first: string, last: string | null): Promise<void> {
    const gone = await this.unitOfWork.manager.query<{ jti: string }[]>(EXPIRE_SQL, [
      streamId,
      first,
      last,
      this.config.retentionCeiling,
    ]);
    if (gone.length === 0) return;
    this.logger.warn({ event: 'sets.expired', streamId, count: gone.length });
    this.metrics.setsEnded.inc({ outcome: 'dropped', method: 'none' }, gone.length);
    for (const { jti } of gone) this.bus.emit('set.dropped', { jti, streamId, reason: 'expired' });
  }
}
