import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import type { IfMatch } from '../../platform/http/entity-tag.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { EMIT_SCOPE } from '../../signals/sources/signal-source.entity.js';
import { SignalSourcesService } from '../../signals/sources/signal-sources.service.js';
import { SourceEventsService } from '../../signals/sources/source-events.service.js';
import {
  AdminController,
  Cacheable,
  Conditional,
  ETAG,
  Idempotent,
  NotFoundProblem,
  RequireRole,
} from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import {
  CreatedSourceDto,
  CreateSourceDto,
  SourceDto,
  SourcePageDto,
  SourceQueryDto,
  SourceTokenDto,
  toCreatedSourceDto,
  toSourceDto,
  UnmappedEventsDto,
  UpdateSourceDto,
} from './dto/source.dto.js';
import { IfMatchTags, Tag, type Tagging } from './tagging.js';

@AdminController('Signal sources')
@Controller('api/v1/sources')
export class SourcesController {
  constructor(
    private readonly sources: SignalSourcesService,
    private readonly events: SourceEventsService,
  ) {}

  /** Another system that records signals, with a token of its own (scope `ssf.emit`), which is shown this once. */
  @Post()
  @RequireRole('admin')
  @Idempotent()
  @ApiOperation({ operationId: 'createSource', summary: 'Create a signal source' })
  @ApiBody({ type: CreateSourceDto })
  @ApiResponse({ status: 201, type: CreatedSourceDto })
  async create(@JsonBody() body: CreateSourceDto, @Administrator() actor: Actor): Promise<CreatedSourceDto> {
    return toCreatedSourceDto(await this.sources.create(body, actor));
  }

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listSources', summary: 'List signal sources' })
  @ApiResponse({ status: 200, type: SourcePageDto })
  async list(@Query() query: SourceQueryDto): Promise<Page<SourceDto>> {
    const { data, nextCursor } = await this.sources.list(query);
    return { data: data.map(toSourceDto), nextCursor };
  }

  @Get(':id')
  @RequireRole('viewer')
  @Cacheable()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getSource', summary: 'Read a signal source' })
  @ApiResponse({ status: 200, type: SourceDto, headers: ETAG })
  async get(@Param('id') id: string, @Tag() tag: Tagging): Promise<SourceDto> {
    return toSourceDto(tag.whole(await this.sources.get(id)));
  }

  /** A signing secret takes the place of the one before, or of the token. */
  @Patch(':id')
  @RequireRole('admin')
  @Conditional()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'updateSource', summary: 'Change a signal source' })
  @ApiBody({ type: UpdateSourceDto })
  @ApiResponse({ status: 200, type: SourceDto, headers: ETAG })
  async update(
    @Param('id') id: string,
    @JsonBody() body: UpdateSourceDto,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
    @Tag() tag: Tagging,
  ): Promise<SourceDto> {
    return toSourceDto(tag.whole(await this.sources.update(id, body, actor, ifMatch)));
  }

  /** What it recorded stays. */
  @Delete(':id')
  @RequireRole('admin')
  @Conditional()
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'deleteSource', summary: 'Delete a signal source' })
  @ApiResponse({ status: 204 })
  delete(
    @Param('id') id: string,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    return this.sources.delete(id, actor, ifMatch);
  }

  /** The token before, or the signing secret, is worth nothing from now on. The new one is shown this once. */
  @Post(':id/token')
  @RequireRole('admin')
  @Idempotent()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'renewSourceToken', summary: 'Give a signal source a new token' })
  @ApiResponse({ status: 201, type: SourceTokenDto })
  async renewToken(@Param('id') id: string, @Administrator() actor: Actor): Promise<SourceTokenDto> {
    return { token: await this.sources.renewToken(id, actor), scope: EMIT_SCOPE };
  }

  /** At most 200 kinds, the latest first. */
  @Get(':id/unmapped')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({
    operationId: 'listUnmappedEvents',
    summary: 'List the kinds of events that were no signals',
  })
  @ApiResponse({ status: 200, type: UnmappedEventsDto })
  async unmapped(@Param('id') id: string): Promise<UnmappedEventsDto> {
    return { data: await this.events.listUnmapped(await this.sources.get(id)) };
  }
}
