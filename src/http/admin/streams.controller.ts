import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Page } from '../../platform/paging/page.js';
import { StreamVerificationService } from '../../streams/stream-verification.service.js';
import { StreamsService } from '../../streams/streams.service.js';
import { AdminController, NotFoundProblem } from './admin-api.decorators.js';
import { StreamDto, StreamPageDto, StreamQueryDto } from './dto/stream.dto.js';
import { StreamViewsService } from './stream-views.service.js';

@AdminController('Streams')
@Controller('api/v1/streams')
export class StreamsAdminController {
  constructor(
    private readonly views: StreamViewsService,
    private readonly streams: StreamsService,
    private readonly verification: StreamVerificationService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listStreams', summary: 'List streams with their health' })
  @ApiResponse({ status: 200, type: StreamPageDto })
  list(@Query() { limit, cursor, ...filter }: StreamQueryDto): Promise<Page<StreamDto>> {
    return this.views.list(filter, { limit, cursor });
  }

  @Get(':id')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getStream', summary: 'Read a stream with its health' })
  @ApiResponse({ status: 200, type: StreamDto })
  get(@Param('id') id: string): Promise<StreamDto> {
    return this.views.get(id);
  }

  /** Not limited in how often, unlike the receiver's own requests. */
  @Post(':id/verify')
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'verifyStreamAsAdministrator', summary: 'Send a verification event' })
  @ApiResponse({ status: 204 })
  async verify(@Param('id') id: string): Promise<void> {
    await this.verification.verify(await this.streams.get(id), undefined, { isLimited: false });
  }

  @Delete(':id')
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'deleteStreamAsAdministrator', summary: 'Delete a stream' })
  @ApiResponse({ status: 204 })
  async delete(@Param('id') id: string): Promise<void> {
    await this.streams.delete(await this.streams.get(id));
  }
}
