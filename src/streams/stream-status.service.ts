import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { SsfError } from '../core/errors.js';
import type { StreamStatus } from '../core/streams/stream-status.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
import { Stream } from './stream.entity.js';
import { StreamSetsService } from './stream-sets.service.js';

export interface StatusChange {
  readonly status: StreamStatus;
  /** explains the new status; without one there is none */
  readonly reason?: string;
}

@Injectable()
export class StreamStatusService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly queue: QueueService,
    private readonly streamSets: StreamSetsService,
    private readonly bus: SsfEventBus,
  ) {}

  /**
   * Paused holds what comes, in order; disabled drops what waits and what comes (SSF 1.0 section 8.1.2.1). A change
   * that the receiver did not ask for is told to it by a stream-updated SET (section 8.1.5): sent although the
   * stream stops, or before what was held. Throws `not_found`.
   */
  async change(streamId: string, change: StatusChange, by: 'receiver' | 'transmitter'): Promise<Stream> {
    const { providerId } = await this.find(this.unitOfWork.manager, streamId);
    const provider = await this.providers.get(providerId);
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, providerId);
      const before = await this.find(manager, streamId);
      await manager.update(
        Stream,
        { id: streamId },
        { status: change.status, statusReason: change.reason ?? null },
      );
      if (before.status === change.status) return this.find(manager, streamId);

      if (by === 'transmitter')
        await this.streamSets.streamUpdated(manager, provider, before, change, { isFirst: true });
      await this.queue.change(manager, streamId, {
        runnable: change.status === 'enabled',
        pushes: before.method === 'push',
      });
      if (change.status === 'disabled') await this.queue.purge(manager, streamId, 'status_disabled');
      this.unitOfWork.afterCommit(manager, () =>
        this.bus.emit('stream.status_changed', { streamId, status: change.status }),
      );
      return this.find(manager, streamId);
    });
  }

  /**
   * The statuses of those streams that exist. Until the transaction ends none of them changes its status or goes away,
   * so that nothing is queued for one that has just been disabled or deleted.
   */
  async locked(manager: EntityManager, streamIds: readonly string[]): Promise<Map<string, StreamStatus>> {
    const streams = await manager.find(Stream, {
      where: { id: In([...streamIds]) },
      select: { id: true, status: true },
      // everybody takes them in this order
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_read' },
    });
    return new Map(streams.map(({ id, status }) => [id, status]));
  }

  private async find(manager: EntityManager, id: string): Promise<Stream> {
    const stream = await manager.findOneBy(Stream, { id });
    if (!stream) throw new SsfError('not_found', 'there is no such stream');
    return stream;
  }
}
