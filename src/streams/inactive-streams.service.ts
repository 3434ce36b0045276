import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { system } from '../audit/actor.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { ProvidersService } from '../providers/providers.service.js';
import { Stream } from './stream.entity.js';
import { NOTED_PART } from './stream-activity.service.js';
import { inactiveStreamsSql } from './stream-activity.sql.js';
import { StreamStatusService } from './stream-status.service.js';

/** Timeouts are minutes at least, so they are looked at less often than queues are. */
const SWEEPS_BETWEEN_LOOKS = 10;
/** Streams that one look pauses. */
const BATCH = 100;

interface InactiveStream {
  readonly id: string;
  readonly providerId: string;
  readonly timeoutSeconds: number;
}

/**
 * Pauses streams whose receiver was inactive too long (SSF 1.0 section 8.1.1, `inactivity_timeout`). Of the three
 * things that the specification allows a pause loses nothing: the receiver is told, and finds what was held when it
 * enables the stream again. Any number of processes look; the row decides.
 */
@Injectable()
export class InactiveStreamsService implements OnApplicationBootstrap {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly statuses: StreamStatusService,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    this.tasks.every(this.config.sweepIntervalMs * SWEEPS_BETWEEN_LOOKS, 'inactive-streams', () =>
      this.pauseInactive(),
    );
  }

  private async pauseInactive(): Promise<void> {
    const sql = inactiveStreamsSql({ one: false });
    const streams = await this.unitOfWork.manager.query<InactiveStream[]>(sql, [NOTED_PART, BATCH]);
    for (const stream of streams) await this.pause(stream);
  }

  private async pause({ id, providerId, timeoutSeconds }: InactiveStream): Promise<void> {
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, providerId);
      // its receiver, or another process, may have been quicker
      const [inactive] = await manager.query<InactiveStream[]>(inactiveStreamsSql({ one: true }), [
        NOTED_PART,
        id,
      ]);
      if (!inactive) return;
      await this.statuses.changeIn(
        manager,
        await manager.findOneByOrFail(Stream, { id }),
        { status: 'paused', reason: `inactivity_timeout: no request in ${timeoutSeconds} seconds` },
        system('inactivity'),
      );
    });
  }
}
