import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Application } from '../applications/application.entity.js';
import type { Actor } from '../audit/actor.js';
import { recordChange } from '../audit/record-change.js';
import { invalidRequest, SsfError } from '../core/errors.js';
import type { CreateStreamRequest } from '../core/streams/parse-stream-request.js';
import type { StreamStatus } from '../core/streams/stream-status.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { requireMatch } from '../platform/http/entity-tag.js';
import { isUuid, type Page, type PageRequest } from '../platform/paging/page.js';
import { pageById } from '../platform/paging/page-by-id.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
import { streamAudience } from './audience.js';
import { auditedStream, deletionOf, headerDifference, scopeOf } from './audited-stream.js';
import {
  type Deletion,
  type DeletionRequest,
  lockedStreams,
  MOST_COUNTED,
  requireForce,
} from './deletion.js';
import { Stream } from './stream.entity.js';
import { StreamDeliveryService } from './stream-delivery.service.js';
import { StreamSetsService } from './stream-sets.service.js';

/** Gives the receiver time to note the answer to its create request. */
const FIRST_VERIFICATION_DELAY_SECONDS = 1;

export interface StreamFilter {
  readonly providerId?: string;
  readonly applicationId?: string;
  readonly status?: StreamStatus;
}

@Injectable()
export class StreamsService {
  constructor(
    @InjectRepository(Stream) private readonly repository: Repository<Stream>,
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly queue: QueueService,
    private readonly delivery: StreamDeliveryService,
    private readonly streamSets: StreamSetsService,
  ) {}

  /** SSF 1.0 section 8.1.1.1. Throws `invalid_request`, or `conflict` when the application has all its streams. */
  async create(application: Application, request: CreateStreamRequest, actor: Actor): Promise<Stream> {
    const id = uuidv7();
    // no `delivery`: the transmitter's choice is poll
    const delivery = await this.delivery.columns(application, id, request.delivery ?? { method: 'poll' });
    const provider = await this.providers.get(application.providerId);
    const pushes = delivery.method === 'push';
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, provider.id);
      await checkLimit(manager, application);
      await manager.insert(Stream, {
        id,
        providerId: provider.id,
        applicationId: application.id,
        managedBy: actor.kind === 'receiver' ? 'receiver' : 'administrator',
        status: 'enabled',
        statusLocked: false,
        ...delivery,
        ...streamAudience(application, request.aud),
        eventsRequested: request.eventsRequested ?? null,
        description: request.description ?? null,
        legacyFormat: application.legacyProfile ? (request.format ?? null) : null,
      });
      await this.queue.open(manager, id, { runnable: true, pushes });
      const stream = await manager.findOneByOrFail(Stream, { id });
      await recordChange(manager, actor, {
        action: 'stream.created',
        ...scopeOf(stream),
        after: {
          ...auditedStream.of(stream),
          ...headerDifference(false, delivery.authorizationHeader !== null).after,
        },
      });
      if (pushes && application.verifyOnCreate)
        await this.streamSets.verification(manager, provider, stream, undefined, {
          delaySeconds: FIRST_VERIFICATION_DELAY_SECONDS,
        });
      return stream;
    });
  }

  /** Of one application when it is given: another's stream does not exist for it (SSF 1.0 section 8). */
  async get(id: string, applicationId?: string): Promise<Stream> {
    const where = applicationId ? { id, applicationId } : { id };
    const stream = isUuid(id) ? await this.repository.findOneBy(where) : null;
    if (!stream) throw new SsfError('not_found', 'there is no such stream');
    return stream;
  }

  /**
   * The stream that a receiver names. One from before 1.0 may leave the id out: in its draft a receiver has one stream,
   * and no request has an id (Shared Signals and Events Framework 1.0 draft 01, section 7.1).
   *
   * Throws `not_found`, and `invalid_request` when no id was given but is needed.
   */
  async named(id: string | undefined, application: Application): Promise<Stream> {
    if (id !== undefined) return this.get(id, application.id);
    if (!application.legacyProfile) throw idRequired('is required');
    const [only, ...others] = await this.listOf(application.id);
    if (!only) throw new SsfError('not_found', 'there is no stream');
    if (others.length > 0) throw idRequired('is required, since this receiver has several streams');
    return only;
  }

  /** All streams of one application, oldest first; there are at most `maxStreams`. */
  listOf(applicationId: string): Promise<Stream[]> {
    return this.repository.find({ where: { applicationId }, order: { id: 'ASC' } });
  }

  list({ providerId, applicationId, status }: StreamFilter, request: PageRequest): Promise<Page<Stream>> {
    const where = {
      ...(providerId && { providerId }),
      ...(applicationId && { applicationId }),
      ...(status && { status }),
    };
    return pageById(this.repository, where, request);
  }

  /**
   * SSF 1.0 section 8.1.1.5: what is queued goes with the stream, each SET recorded as dropped. Throws `not_found`,
   * `precondition_failed`, and `has_pending_sets` unless it is forced, as its receiver's own request always is.
   */
  async delete({ id, providerId }: Stream, { actor, force, ifMatch }: DeletionRequest): Promise<void> {
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, providerId);
      const [stream] = await lockedStreams(manager, { id });
      if (!stream) throw new SsfError('not_found', 'there is no such stream');
      requireMatch(stream, ifMatch);
      if (!force) requireForce(await this.withStream(id, manager));
      await manager.delete(Stream, { id });
      const dropped = await this.queue.close(manager, [id]);
      await recordChange(manager, actor, deletionOf(stream, { droppedSets: dropped.get(id) ?? 0 }));
    });
  }

  /** What would go with it. */
  async withStream(id: string, manager: EntityManager = this.unitOfWork.manager): Promise<Deletion> {
    const pendingSets = await this.queue.waiting(manager, [id], MOST_COUNTED);
    return { applications: 0, streams: 1, pendingSets, waitingSignals: 0 };
  }
}

function idRequired(message: string): SsfError {
  return invalidRequest({ member: 'stream_id', message });
}

async function checkLimit(manager: EntityManager, application: Application): Promise<void> {
  const count = await manager.countBy(Stream, { applicationId: application.id });
  if (count >= application.maxStreams)
    throw new SsfError('conflict', `this receiver already has its ${application.maxStreams} streams`);
}
