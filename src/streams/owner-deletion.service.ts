import { Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { ApplicationsService } from '../applications/applications.service.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { ProvidersService } from '../providers/providers.service.js';
import { QueueService } from '../queue/queue.service.js';
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
  async deleteApplication(id: string): Promise<void> {
    const application = await this.applications.get(id);
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, application.providerId);
      const streamIds = await streamsOf(manager, { applicationId: id });
      await this.applications.delete(manager, application);
      await this.queue.close(manager, streamIds);
    });
  }

  /** A provider with its keys, applications, streams and the signals that wait for their fan-out. Throws `not_found`. */
  async deleteProvider(id: string): Promise<void> {
    await this.providers.get(id);
    await this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, id);
      const streamIds = await streamsOf(manager, { providerId: id });
      await this.providers.delete(manager, id);
      await this.queue.close(manager, streamIds);
    });
  }
}

async function streamsOf(manager: EntityManager, where: FindOptionsWhere<Stream>): Promise<string[]> {
  const streams = await manager.find(Stream, { where, select: { id: true } });
  return streams.map(({ id }) => id);
}
