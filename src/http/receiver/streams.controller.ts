import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Patch,
  Post,
  Put,
  Query,
  Req,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { invalidRequest } from '../../core/errors.js';
import { changedSuppliedMembers, parseStreamUpdate } from '../../core/streams/parse-stream-update.js';
import { parseCreateStream } from '../../core/streams/parse-stream-request.js';
import { JsonBody, readJsonBody } from '../../platform/http/json-body.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { pollUrl } from '../../providers/provider-urls.js';
import { StreamEventsService } from '../../streams/stream-events.service.js';
import type { Stream } from '../../streams/stream.entity.js';
import { StreamUpdateService, type UpdateMode } from '../../streams/stream-update.service.js';
import { StreamsService } from '../../streams/streams.service.js';
import { optionalStreamId, parseLegacyDelete, queryStreamId } from './parse-receiver-request.js';
import { ProviderPath, ReceiverOperation } from './receiver-api.decorators.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import {
  CREATE_STREAM,
  DELETE_STREAM,
  READ_STREAMS,
  REPLACE_STREAM,
  UPDATE_STREAM,
} from './receiver-operations.js';
import { Receiver, type ReceiverContext } from './receiver.js';
import { type StreamConfiguration, toStreamConfiguration } from './stream-configuration.js';

/** The configuration endpoint (SSF 1.0 section 8.1.1). */
@ApiTags('Stream configuration')
@ProviderPath()
@Controller('ssf/:slug/streams')
@UseGuards(ReceiverGuard)
@UseFilters(ReceiverErrorFilter)
export class StreamsController {
  constructor(
    private readonly streams: StreamsService,
    private readonly ownStreams: ReceiverStreamsService,
    private readonly updates: StreamUpdateService,
    private readonly streamEvents: StreamEventsService,
    private readonly providers: ProvidersService,
  ) {}

  /** SSF 1.0 section 8.1.1.1 */
  @Post()
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(CREATE_STREAM)
  async create(
    @Receiver() receiver: ReceiverContext,
    @JsonBody() body: unknown,
  ): Promise<StreamConfiguration> {
    const request = parseCreateStream(body, { legacy: receiver.application.legacyProfile });
    const { application, actor } = receiver;
    return this.toWire(receiver, await this.streams.create(application, request, actor));
  }

  /** SSF 1.0 section 8.1.1.2: one stream with `stream_id`, else an array of all */
  @Get()
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(READ_STREAMS)
  async read(
    @Receiver() receiver: ReceiverContext,
    @Query('stream_id') streamId?: unknown,
  ): Promise<StreamConfiguration | StreamConfiguration[]> {
    const id = optionalStreamId(streamId);
    const { application } = receiver;
    if (id !== undefined) return this.toWire(receiver, await this.ownStreams.get(receiver, id));
    const streams = await this.streams.listOf(application.id);
    const [only] = streams;
    // Shared Signals and Events Framework 1.0 draft 01, section 7.1.1.1: the one stream, not an array of it
    if (only && streams.length === 1 && application.legacyProfile && only.usesLegacyUris)
      return this.toWire(receiver, only);
    return streams.map((stream) => this.toWire(receiver, stream));
  }

  /** SSF 1.0 section 8.1.1.3: members that are absent stay as they are */
  @Patch()
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(UPDATE_STREAM)
  patch(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<StreamConfiguration> {
    return this.update(receiver, body, 'patch');
  }

  /** SSF 1.0 section 8.1.1.4: members that are absent are deleted */
  @Put()
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(REPLACE_STREAM)
  put(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<StreamConfiguration> {
    return this.update(receiver, body, 'replace');
  }

  /** SSF 1.0 section 8.1.1.5 */
  @Delete()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(DELETE_STREAM)
  async delete(
    @Receiver() receiver: ReceiverContext,
    @Req() request: AnyRequest,
    @Query('stream_id') streamId?: unknown,
  ): Promise<void> {
    const legacy = receiver.application.legacyProfile;
    const inQuery = queryStreamId(streamId, { legacy });
    const id = legacy && inQuery === undefined ? parseLegacyDelete(await readJsonBody(request)) : inQuery;
    await this.streams.delete(await this.ownStreams.get(receiver, id), {
      actor: receiver.actor,
      force: true,
    });
  }

  private async update(
    receiver: ReceiverContext,
    body: unknown,
    mode: UpdateMode,
  ): Promise<StreamConfiguration> {
    const { application, actor } = receiver;
    const request = parseStreamUpdate(body, { legacy: application.legacyProfile });
    const seen = await this.ownStreams.get(receiver, request.streamId);
    const check = (before: Stream): void => {
      const problems = changedSuppliedMembers(body, request.supplied, { ...this.toWire(receiver, before) });
      if (problems.length > 0) throw invalidRequest(...problems);
    };
    const updated = await this.updates.update(application, seen, request, { mode, check }, actor);
    return this.toWire(receiver, updated);
  }

  private toWire(receiver: ReceiverContext, stream: Stream): StreamConfiguration {
    const { application, provider } = receiver;
    const events = this.streamEvents.of(stream, application);
    const url = pollUrl(this.providers.baseUrl, provider.slug, stream.id);
    return toStreamConfiguration(stream, receiver, events, url);
  }
}
