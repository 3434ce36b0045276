import { Injectable } from '@nestjs/common';
import type { Stream } from '../../streams/stream.entity.js';
import { StreamActivityService } from '../../streams/stream-activity.service.js';
import { StreamsService } from '../../streams/streams.service.js';
import type { ReceiverContext } from './receiver.js';

/** The streams that requests of receivers are about. */
@Injectable()
export class ReceiverStreamsService {
  constructor(
    private readonly streams: StreamsService,
    private readonly activity: StreamActivityService,
  ) {}

  /**
   * The stream that a request names, if it is the receiver's (SSF 1.0 section 8). Each such request is an activity
   * that starts the inactivity timeout anew (section 8.1.1), whatever comes of it. Throws `not_found`, and
   * `invalid_request` when no id was given but is needed.
   */
  async get({ application }: ReceiverContext, streamId: string | undefined): Promise<Stream> {
    const stream = await this.streams.named(streamId, application);
    await this.activity.note(stream.id, application);
    return stream;
  }
}
