import { Injectable, Logger } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Actor, system, type SystemTask } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import { SsfError } from '../core/errors.js';
import type { StreamStatus } from '../core/streams/stream-status.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { type IfMatch, requireMatch } from '../platform/http/entity-tag.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { Provider } from '../providers/provider.entity.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
import { auditedStream, scopeOf } from './audited-stream.js';
import { Stream } from './stream.entity.js';
import { StreamSetsService } from './stream-sets.service.js';

export interface StatusChange {
  readonly status: StreamStatus;
  /** explains the new status; without one there is none */
  readonly reason?: string;
  /** the receiver may not change it; default false, and never so by what a receiver asks */
  readonly locked?: boolean;
}

@Injectable()
export class StreamStatusService {
  private readonly logger = new Logger(StreamStatusService.name);

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
   * stream stops, or before what was held. Throws `not_found`, and `forbidden` when an administrator locked the
   * status (section 8.1.2.2: "not allowed to update the stream status"), and `precondition_failed` when the stream is
   * not what `ifMatch` names.
   */
  async change(streamId: string, change: StatusChange, actor: Actor, ifMatch?: IfMatch): Promise<Stream> {
    const { providerId } = await this.find(this.unitOfWork.manager, streamId);
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, providerId);
      const before = await this.find(manager, streamId);
      requireMatch(before, ifMatch);
      return this.changeIn(manager, before, change, actor);
    });
  }

  /** The same in a transaction that has touched the provider's configuration and read the stream since. */
  async changeIn(
    manager: EntityManager,
    before: Stream,
    change: StatusChange,
    actor: Actor,
  ): Promise<Stream> {
    const { id: streamId } = before;
    const { status, reason } = change;
    const by = actor.kind === 'receiver' ? 'receiver' : 'transmitter';
    if (by === 'receiver' && before.statusLocked) {
      if (status === before.status) return before;
      throw new SsfError(
        'forbidden',
        'an administrator set the status of this stream, and only one can change it',
      );
    }
    const locked = by === 'transmitter' && (change.locked ?? false);
    await manager.update(
      Stream,
      { id: streamId },
      { status, statusReason: reason ?? null, statusLocked: locked },
    );
    const after = await this.find(manager, streamId);
    const difference = auditedStream.difference(before, after);
    if (difference)
      await recordChange(manager, actor, {
        action: 'stream.status_changed',
        ...scopeOf(before),
        ...difference,
      });
    if (before.status === status) return after;

    if (by === 'transmitter') {
      const provider = await manager.findOneByOrFail(Provider, { id: before.providerId });
      const told = { status, ...(reason !== undefined && { reason }) };
      await this.streamSets.streamUpdated(manager, provider, before, told, { isFirst: true });
    }
    await this.queue.change(manager, streamId, {
      runnable: status === 'enabled',
      pushes: before.method === 'push',
    });
    if (status === 'disabled') await this.queue.purge(manager, streamId, 'status_disabled');
    this.unitOfWork.afterCommit(manager, () => {
      this.logger.log({ event: 'stream.status_changed', streamId, status, by, locked });
      this.bus.emit('stream.status_changed', { streamId, status });
    });
    return after;
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

  /** The transmitter's own change, made only if `holds` still answers true when nobody else can change it. */
  async changeIf(
    holds: (manager: EntityManager) => Promise<boolean>,
    streamId: string,
    change: StatusChange,
    task: SystemTask,
  ): Promise<boolean> {
    const stream = await this.unitOfWork.manager.findOneBy(Stream, { id: streamId });
    if (!stream) return false;
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, stream.providerId);
      if (!(await holds(manager))) return false;
      await this.changeIn(manager, await this.find(manager, streamId), change, system(task));
      return true;
    });
  }

  private async find(manager: EntityManager, id: string): Promise<Stream> {
    const stream = await manager.findOneBy(Stream, { id });
    if (!stream) throw new SsfError('not_found', 'there is no such stream');
    return stream;
  }
}
