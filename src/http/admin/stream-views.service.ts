import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '../../applications/applications.service.js';
import { SsfError } from '../../core/errors.js';
import type { Page, PageRequest } from '../../platform/paging/page.js';
import { QueueService } from '../../queue/queue.service.js';
import type { Stream } from '../../streams/stream.entity.js';
import { StreamEventsService } from '../../streams/stream-events.service.js';
import { StreamSubjectsService } from '../../streams/stream-subjects.service.js';
import { type StreamFilter, StreamsService } from '../../streams/streams.service.js';
import { type StreamDto, toStreamDto } from './dto/stream.dto.js';

/** Streams as an administrator sees them: with what they may deliver and how their queue fares. */
@Injectable()
export class StreamViewsService {
  constructor(
    private readonly streams: StreamsService,
    private readonly applications: ApplicationsService,
    private readonly streamEvents: StreamEventsService,
    private readonly queue: QueueService,
    private readonly subjects: StreamSubjectsService,
  ) {}

  async list(filter: StreamFilter, request: PageRequest): Promise<Page<StreamDto>> {
    const { data, nextCursor } = await this.streams.list(filter, request);
    return { data: await this.views(data), nextCursor };
  }

  async of(stream: Stream): Promise<StreamDto> {
    const [view] = await this.views([stream]);
    if (!view) throw new SsfError('not_found', 'there is no such stream');
    return view;
  }

  private async views(streams: readonly Stream[]): Promise<StreamDto[]> {
    const applications = await this.applications.getMany([
      ...new Set(streams.map((each) => each.applicationId)),
    ]);
    const byId = new Map(applications.map((application) => [application.id, application]));
    const ids = streams.map(({ id }) => id);
    const health = await this.queue.health(ids);
    const counts = await this.subjects.counts(ids);
    return streams.flatMap((stream) => {
      const application = byId.get(stream.applicationId);
      // deleted since the streams were read
      if (!application) return [];
      return [
        toStreamDto(
          stream,
          this.streamEvents.of(stream, application),
          health.get(stream.id),
          counts.get(stream.id),
        ),
      ];
    });
  }
}
