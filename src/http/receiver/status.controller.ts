import { Controller, Get, Header, HttpCode, Post, Query, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Stream } from '../../streams/stream.entity.js';
import { StreamStatusService } from '../../streams/stream-status.service.js';
import { parseStatusRequest, queryStreamId } from './parse-receiver-request.js';
import { ReceiverErrors } from './receiver-api.decorators.js';
import { StreamStatusDto, UpdateStatusDto } from './receiver.dto.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { Receiver, type ReceiverContext, RequireScope } from './receiver.js';

/** The status endpoint (SSF 1.0 section 8.1.2). */
@ApiTags('Stream status')
@ApiBearerAuth('receiver')
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
  @RequireScope('ssf.read')
  @ApiOperation({ operationId: 'readStatus', summary: 'Read the status of a stream' })
  @ApiQuery({ name: 'stream_id', required: true })
  @ApiResponse({ status: 200, type: StreamStatusDto })
  @ReceiverErrors(400, 401, 403, 404)
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
  @RequireScope('ssf.manage')
  @ApiOperation({ operationId: 'updateStatus', summary: 'Enable, pause or disable a stream' })
  @ApiBody({ type: UpdateStatusDto })
  @ApiResponse({ status: 200, type: StreamStatusDto })
  @ReceiverErrors(400, 401, 403, 404)
  async update(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<StreamStatusDto> {
    const { streamId, ...change } = parseStatusRequest(body, {
      legacy: receiver.application.legacyProfile,
    });
    const stream = await this.streams.get(receiver, streamId);
    return toStatus(await this.statuses.change(stream.id, change, 'receiver'));
  }
}

function toStatus(stream: Stream): StreamStatusDto {
  return {
    stream_id: stream.id,
    status: stream.status,
    ...(stream.statusReason !== null && { reason: stream.statusReason }),
  };
}
