import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '../applications/applications.service.js';
import type { Actor } from '../audit/actor.js';
import { recordChanges } from '../audit/record-change.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
import { deletionOf } from './audited-stream.js';
import { Stream } from './stream.entity.js';

/** Deletes what owns streams, with them: what waits in their queues is recorded as dropped. */
@Injectable()
export class OwnerDeletionService {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly providers: ProvidersService,
    private readonly applications: ApplicationsService,
    private readonly queue: QueueService,
  ) {}

  /** An application with its tokens and streams. Throws `not_found`. */
  async deleteApplication(id: string, actor: Actor): Promise<void> {
    const application = await this.applications.get(id);
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, application.providerId);
      const streams = await manager.findBy(Stream, { applicationId: id });
      await this.applications.delete(manager, id, actor);
      await this.close(manager, streams, actor);
    });
  }

  /** A provider with its keys, applications, streams and the signals that wait for their fan-out. Throws `not_found`. */
  async deleteProvider(id: string, actor: Actor): Promise<void> {
    await this.providers.get(id);
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, id);
      const streams = await manager.findBy(Stream, { providerId: id });
      await this.applications.deleteOf(manager, id, actor);
      await this.providers.delete(manager, id, actor);
      await this.close(manager, streams, actor);
    });
  }

  /** Each has its entry, so that whoever looks for one stream finds what became of it. */
  private async close(manager: EntityManager, streams: readonly Stream[], actor: Actor): Promise<void> {
    await this.queue.close(
      manager,
      streams.map(({ id }) => id),
    );
    await recordChanges(manager, actor, streams.map(deletionOf));
  }
}
