import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { system } from '../audit/actor.js';
import { recordChanges } from '../audit/record-change.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { DROP_SURPLUS_SQL, OWNERS_SQL } from './held-sets.sql.js';

/** A limit of so many SETs may be exceeded for a while. */
const SWEEPS_BETWEEN_LOOKS = 60;
const BATCH = 10_000;
const REASON = 'hold_limit';

interface DroppedSet {
  readonly jti: string;
  readonly streamId: string;
}

interface Owner {
  readonly streamId: string;
  readonly applicationId: string;
  readonly providerId: string;
}

interface Surplus {
  readonly dropped: readonly DroppedSet[];
  /** by stream */
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Keeps paused streams to the number of SETs that the transmitter publishes as its limit (CAEP Interoperability
 * Profile section 2.3.5). How long they are held is the retention of the provider, as for every SET.
 */
@Injectable()
export class HeldSetsService implements OnApplicationBootstrap {
  private readonly logger = new Logger(HeldSetsService.name);

  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: SsfEventBus,
    private readonly metrics: SsfMetrics,
    private readonly tasks: PeriodicTasks,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.delivery) return;
    this.tasks.every(this.config.sweepIntervalMs * SWEEPS_BETWEEN_LOOKS, 'held-sets', async () => {
      while ((await this.dropSurplus()) === BATCH);
    });
  }

  private async dropSurplus(): Promise<number> {
    const { dropped, counts } = await this.unitOfWork.run((manager) => this.drop(manager));
    this.metrics.setsEnded.inc({ outcome: 'dropped', method: 'none' }, dropped.length);
    for (const { jti, streamId } of dropped) this.bus.emit('set.dropped', { jti, streamId, reason: REASON });
    for (const [streamId, count] of counts)
      this.logger.warn({ event: 'stream.hold_limit', streamId, dropped: count });
    return dropped.length;
  }

  private async drop(manager: EntityManager): Promise<Surplus> {
    const limit = this.config.maxHeldSets;
    const dropped = await manager.query<DroppedSet[]>(DROP_SURPLUS_SQL, [limit, BATCH, REASON]);
    const counts = new Map<string, number>();
    for (const { streamId } of dropped) counts.set(streamId, (counts.get(streamId) ?? 0) + 1);
    if (counts.size > 0) await this.record(manager, counts);
    return { dropped, counts };
  }

  private async record(manager: EntityManager, counts: Surplus['counts']): Promise<void> {
    const owners = await manager.query<Owner[]>(OWNERS_SQL, [[...counts.keys()]]);
    await recordChanges(
      manager,
      system('hold-limit'),
      owners.map((owner) => ({
        action: 'sets.dropped',
        ...owner,
        after: { reason: REASON, count: counts.get(owner.streamId) },
      })),
    );
  }
}
