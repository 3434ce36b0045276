import { Controller, Get, Header, Query, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { StreamsService } from '../../streams/streams.service.js';
import { requiredStreamId } from './parse-receiver-request.js';
import { ReceiverErrors } from './receiver-api.decorators.js';
import { StreamStatusDto } from './receiver.dto.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { Receiver, type ReceiverContext, RequireScope } from './receiver.js';

/** The status endpoint (SSF 1.0 section 8.1.2). */
@ApiTags('Stream status')
@ApiBearerAuth('receiver')
@Controller('ssf/:slug/status')
@UseGuards(ReceiverGuard)
@UseFilters(ReceiverErrorFilter)
export class StatusController {
  constructor(private readonly streams: StreamsService) {}

  /** SSF 1.0 section 8.1.2.1 */
  @Get()
  @Header('Cache-Control', 'no-store')
  @RequireScope('ssf.read')
  @ApiOperation({ operationId: 'readStatus', summary: 'Read the status of a stream' })
  @ApiQuery({ name: 'stream_id', required: true })
  @ApiResponse({ status: 200, type: StreamStatusDto })
  @ReceiverErrors(400, 401, 403, 404)
  async read(
    @Receiver() { application }: ReceiverContext,
    @Query('stream_id') streamId?: unknown,
  ): Promise<StreamStatusDto> {
    const stream = await this.streams.get(requiredStreamId(streamId), application.id);
    return {
      stream_id: stream.id,
      status: stream.status,
      ...(stream.statusReason !== null && { reason: stream.statusReason }),
    };
  }
}
