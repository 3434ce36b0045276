import { Controller, Get, Header, HttpCode, Post, Query, UseFilters, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Stream } from '../../streams/stream.entity.js';
import { StreamStatusService } from '../../streams/stream-status.service.js';
import { parseStatusRequest, queryStreamId } from './parse-receiver-request.js';
import { ProviderPath, ReceiverOperation } from './receiver-api.decorators.js';
import type { StreamStatusDto } from './receiver.dto.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { READ_STATUS, UPDATE_STATUS } from './receiver-operations.js';
import { Receiver, type ReceiverContext } from './receiver.js';

/** The status endpoint (SSF 1.0 section 8.1.2). */
@ApiTags('Stream status')
@ProviderPath()
@Controller('ssf/:slug/status')
@UseGuards(ReceiverGuard)
@UseFilters(ReceiverErrorFilter)
export class StatusController {
  constructor(
    private readonly streams: ReceiverStreamsService,
    private readonly statuses: StreamStatusService,
  ) {}

  /** SSF 1.0 section 8.1.2.1 */
  @Get()
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(READ_STATUS)
  async read(
    @Receiver() receiver: ReceiverContext,
    @Query('stream_id') streamId?: unknown,
  ): Promise<StreamStatusDto> {
    const id = queryStreamId(streamId, { legacy: receiver.application.legacyProfile });
    return toStatus(await this.streams.get(receiver, id));
  }

  /** SSF 1.0 section 8.1.2.2: what the receiver asks for itself is not told to it again */
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(UPDATE_STATUS)
  async update(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<StreamStatusDto> {
    const { streamId, ...change } = parseStatusRequest(body, {
      legacy: receiver.application.legacyProfile,
    });
    const stream = await this.streams.get(receiver, streamId);
    return toStatus(await this.statuses.change(stream.id, change, receiver.actor));
  }
}

function toStatus(stream: Stream): StreamStatusDto {
  return {
    stream_id: stream.id,
    status: stream.status,
    ...(stream.statusReason !== null && { reason: stream.statusReason }),
  };
}
