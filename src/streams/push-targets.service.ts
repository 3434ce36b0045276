import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { Stream } from './stream.entity.js';
import { StreamDeliveryService } from './stream-delivery.service.js';

/** What delivery needs to know of a push stream. */
export interface PushTarget {
  readonly streamId: string;
  readonly providerId: string;
  readonly endpointUrl: string;
  readonly authorizationHeader: string | undefined;
}

@Injectable()
export class PushTargetsService {
  constructor(
    @InjectRepository(Stream) private readonly repository: Repository<Stream>,
    private readonly delivery: StreamDeliveryService,
  ) {}

  /** The targets of those streams that exist and push. */
  async load(streamIds: readonly string[]): Promise<Map<string, PushTarget>> {
    const streams = await this.repository.find({
      where: { id: In(streamIds), method: 'push' },
      select: { id: true, providerId: true, endpointUrl: true, authorizationHeader: true },
    });
    const targets = new Map<string, PushTarget>();
    for (const { id, providerId, endpointUrl, authorizationHeader } of streams)
      if (endpointUrl !== null)
        targets.set(id, {
          streamId: id,
          providerId,
          endpointUrl,
          authorizationHeader: this.delivery.openHeader(id, authorizationHeader),
        });
    return targets;
  }
}
