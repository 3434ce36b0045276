import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, type FindOptionsWhere, LessThan, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Application } from '../applications/application.entity.js';
import type { Actor } from '../audit/actor.js';
import type { Shown } from '../audit/audited.js';
import { type Change, recordChange } from '../audit/record-change.js';
import { invalidRequest, SsfError } from '../core/errors.js';
import { databaseNow } from '../platform/database/database-clock.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { idBefore, timeOfId } from '../platform/ids/event-id.js';
import {
  decodeCursor,
  isUuid,
  type Page,
  pageSize,
  type PageRequest,
  toPage,
} from '../platform/paging/page.js';
import { RedeliveryQueueService } from '../queue/redelivery-queue.service.js';
import type { SetFilter } from '../queue/set-filter.js';
import { type EndedStatus, UNHAPPY_STATUSES } from '../queue/set-status.js';
import { Stream } from '../streams/stream.entity.js';
import { Recovery } from './recovery.entity.js';

const DAY_MS = 86_400_000;

export interface RecoveryRequest {
  readonly filter: SetFilter;
  /** SETs made at or after; default: all that there are */
  readonly from?: Date;
  /** SETs made before; default: now */
  readonly to?: Date;
  /** how they ended; default: without the receiver's consent */
  readonly statuses?: readonly EndedStatus[];
  /** how far back `from` may be */
  readonly maxDays?: number;
}

/** Recoveries as those see them who ask for them; RecoveryWorker carries them out. */
@Injectable()
export class RecoveriesService {
  private readonly logger = new Logger(RecoveriesService.name);

  constructor(
    @InjectRepository(Recovery) private readonly repository: Repository<Recovery>,
    private readonly unitOfWork: UnitOfWork,
    private readonly queue: RedeliveryQueueService,
    private readonly bus: SsfEventBus,
  ) {}

  /** Throws `invalid_request` for a range that is none. */
  async request(request: RecoveryRequest, actor: Actor): Promise<Recovery> {
    const { filter, statuses = UNHAPPY_STATUSES } = request;
    const recovery = await this.unitOfWork.run(async (manager) => {
      const { from, to } = checkedRange(request, await databaseNow(manager));
      const oldest = from ? undefined : await this.queue.oldest(manager);
      const start = from ?? (oldest ? timeOfId(oldest) : to);
      const id = uuidv7();
      await manager.insert(Recovery, {
        id,
        streamId: filter.streamId ?? null,
        filter,
        statuses: [...new Set(statuses)],
        from: start,
        to,
        state: 'running',
        position: idBefore(start),
      });
      this.unitOfWork.afterCommit(manager, () => {
        this.logger.log({ event: 'recovery.requested', recoveryId: id, streamId: filter.streamId });
        this.bus.emit('recovery.requested', { recoveryId: id });
      });
      const requested = await manager.findOneByOrFail(Recovery, { id });
      await recordChange(manager, actor, {
        action: 'recovery.requested',
        ...(await scopeOf(manager, requested)),
        after: auditedRecovery(requested),
      });
      return requested;
    });
    return recovery;
  }

  /** Of one stream when it is given: another's recovery does not exist for it. */
  async get(id: string, streamId?: string): Promise<Recovery> {
    const recovery = isUuid(id) ? await this.repository.findOneBy(among(streamId, { id })) : null;
    if (!recovery) throw new SsfError('not_found', 'there is no such recovery');
    return recovery;
  }

  /** Newest first. */
  async list(streamId: string | undefined, request: PageRequest): Promise<Page<Recovery>> {
    const limit = pageSize(request);
    const before = decodeCursor(request.cursor);
    const rows = await this.repository.find({
      where: among(streamId, before === undefined ? {} : { id: LessThan(before) }),
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return toPage(rows, limit, (row) => row.id);
  }

  /** What it has queued stays queued. Throws `not_found`, or `conflict` when it is done. */
  async cancel(id: string, streamId: string | undefined, actor: Actor): Promise<void> {
    const recovery = await this.get(id, streamId);
    await this.unitOfWork.run(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(Recovery)
        .set({ state: 'cancelled', finishedAt: () => 'now()', updatedAt: () => 'now()' })
        .where({ id, state: 'running' })
        .execute();
      if (affected)
        await recordChange(manager, actor, {
          action: 'recovery.cancelled',
          ...(await scopeOf(manager, recovery)),
        });
      else if (recovery.state !== 'cancelled')
        throw new SsfError('conflict', 'it is done; what it queued is in the queues of its streams');
    });
  }
}

function among(streamId: string | undefined, where: FindOptionsWhere<Recovery>): FindOptionsWhere<Recovery> {
  return streamId === undefined ? where : { ...where, streamId };
}

/** What it is about; a filter may name a stream alone, which may be gone. */
async function scopeOf(
  manager: EntityManager,
  { id, filter: { providerId, applicationId, streamId } }: Recovery,
): Promise<Pick<Change, 'providerId' | 'applicationId' | 'streamId' | 'targetId'>> {
  const stream = streamId === undefined ? null : await manager.findOneBy(Stream, { id: streamId });
  const ofApplication = stream?.applicationId ?? applicationId;
  const application =
    ofApplication === undefined ? null : await manager.findOneBy(Application, { id: ofApplication });
  return {
    providerId: application?.providerId ?? providerId,
    applicationId: ofApplication,
    streamId,
    targetId: id,
  };
}

/** Which SETs; a subject is in the filter as hashes, of which nobody needs to know more than that there are some. */
function auditedRecovery({ filter, statuses, from, to }: Recovery): Shown {
  const { eventType, jti, txn, signalId, subjectHashes } = filter;
  const isOfSubject = subjectHashes === undefined ? undefined : true;
  return { statuses, from, to, eventType, jti, txn, signalId, isOfSubject };
}

function checkedRange(
  { from, to, maxDays }: RecoveryRequest,
  now: Date,
): { from: Date | undefined; to: Date } {
  if (from && from > now) throw invalidRequest({ member: 'from', message: 'must not be in the future' });
  if (from && maxDays !== undefined && from.getTime() < now.getTime() - maxDays * DAY_MS)
    throw invalidRequest({ member: 'from', message: `must not be more than ${maxDays} days ago` });
  if (from && to && to <= from) throw invalidRequest({ member: 'to', message: 'must be after from' });
  // what is made from now on is not meant
  return { from, to: to && to < now ? to : now };
}
