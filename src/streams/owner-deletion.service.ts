import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '../applications/applications.service.js';
import { recordChanges } from '../audit/record-change.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { requireMatch } from '../platform/http/entity-tag.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
import { deletionOf } from './audited-stream.js';
import {
  type Deletion,
  type DeletionRequest,
  lockedStreams,
  MOST_COUNTED,
  requireForce,
} from './deletion.js';
import { Stream } from './stream.entity.js';
import { WAITING_SIGNALS_COUNT_SQL } from './waiting-signals.sql.js';

/** Deletes what owns streams, with them: what waits in their queues is recorded as dropped. */
@Injectable()
export class OwnerDeletionService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly applications: ApplicationsService,
    private readonly queue: QueueService,
  ) {}

  /**
   * An application with its tokens and streams. Throws `not_found`, `precondition_failed`, and `has_pending_sets` unless
   * it is forced.
   */
  async deleteApplication(id: string, request: DeletionRequest): Promise<void> {
    const { providerId } = await this.applications.get(id);
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, providerId);
      const application = await this.applications.existing(manager, id);
      requireMatch(application, request.ifMatch);
      const streams = await lockedStreams(manager, { applicationId: id });
      if (!request.force) requireForce(await this.ofStreams(manager, streams));
      const dropped = await this.queue.close(manager, idsOf(streams));
      const toll = tollOf(streams, dropped);
      await this.applications.delete(manager, [application], () => toll, request.actor);
      await this.record(manager, streams, dropped, request);
    });
  }

  /**
   * A provider with its keys, applications, streams and the signals that wait for their fan-out. Throws as
   * {@link deleteApplication} does.
   */
  async deleteProvider(id: string, request: DeletionRequest): Promise<void> {
    await this.providers.get(id);
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, id);
      const provider = await this.providers.existing(manager, id);
      requireMatch(provider, request.ifMatch);
      const streams = await lockedStreams(manager, { providerId: id });
      const applications = await this.applications.existingOf(manager, id);
      if (!request.force) requireForce(await this.ofProvider(manager, id, streams, applications.length));
      const dropped = await this.queue.close(manager, idsOf(streams));
      const ofOne = ({ id: applicationId }: { id: string }): Stream[] =>
        streams.filter((stream) => stream.applicationId === applicationId);
      await this.applications.delete(
        manager,
        applications,
        (each) => tollOf(ofOne(each), dropped),
        request.actor,
      );
      const toll = { applications: applications.length, ...tollOf(streams, dropped) };
      await this.providers.delete(manager, provider, toll, request.actor);
      await this.record(manager, streams, dropped, request);
    });
  }

  /** What would go with it at this moment; changes nothing. Throws `not_found`. */
  async withProvider(id: string): Promise<Deletion> {
    await this.providers.get(id);
    const { manager } = this.unitOfWork;
    const streams = await manager.findBy(Stream, { providerId: id });
    const applications = await this.applications.existingOf(manager, id);
    return this.ofProvider(manager, id, streams, applications.length);
  }

  async withApplication(id: string): Promise<Deletion> {
    await this.applications.get(id);
    const { manager } = this.unitOfWork;
    return this.ofStreams(manager, await manager.findBy(Stream, { applicationId: id }));
  }

  private async ofProvider(
    manager: EntityManager,
    id: string,
    streams: readonly Stream[],
    applications: number,
  ): Promise<Deletion> {
    const [waiting] = await manager.query<{ count: number }[]>(WAITING_SIGNALS_COUNT_SQL, [id, MOST_COUNTED]);
    return {
      ...(await this.ofStreams(manager, streams)),
      applications,
      waitingSignals: waiting?.count ?? 0,
    };
  }

  private async ofStreams(manager: EntityManager, streams: readonly Stream[]): Promise<Deletion> {
    return {
      applications: 0,
      streams: streams.length,
      pendingSets: await this.queue.waiting(manager, idsOf(streams), MOST_COUNTED),
      waitingSignals: 0,
    };
  }

  /** Each has its entry, so that whoever looks for one stream finds what became of it. */
  private record(
    manager: EntityManager,
    streams: readonly Stream[],
    dropped: ReadonlyMap<string, number>,
    { actor }: DeletionRequest,
  ): Promise<void> {
    return recordChanges(
      manager,
      actor,
      streams.map((stream) => deletionOf(stream, { droppedSets: dropped.get(stream.id) ?? 0 })),
    );
  }
}

function idsOf(streams: readonly Stream[]): string[] {
  return streams.map(({ id }) => id);
}

/** For the audit log: so many streams, and the SETs that waited in them. */
function tollOf(
  streams: readonly Stream[],
  dropped: ReadonlyMap<string, number>,
): { streams: number; droppedSets: number } {
  const droppedSets = streams.reduce((sum, { id }) => sum + (dropped.get(id) ?? 0), 0);
  return { streams: streams.length, droppedSets };
}
