import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import type { IfMatch } from '../../platform/http/entity-tag.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { StreamSubjectsService } from '../../streams/stream-subjects.service.js';
import { StreamStatusService } from '../../streams/stream-status.service.js';
import { StreamVerificationService } from '../../streams/stream-verification.service.js';
import { StreamsService } from '../../streams/streams.service.js';
import {
  AdminController,
  Conditional,
  ETAG,
  Forceable,
  Idempotent,
  NotFoundProblem,
  RequireRole,
} from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import { DeletionQueryDto } from './dto/deletion.dto.js';
import { PageQueryDto } from './dto/page.dto.js';
import {
  CreateStreamForApplicationDto,
  ListedSubjectDto,
  ListedSubjectPageDto,
  StreamDto,
  StreamPageDto,
  StreamQueryDto,
  UpdateStreamStatusDto,
} from './dto/stream.dto.js';
import { StreamProvisioningService } from './stream-provisioning.service.js';
import { StreamViewsService } from './stream-views.service.js';
import { IfMatchTags, Tag, type Tagging } from './tagging.js';

@AdminController('Streams')
@Controller('api/v1/streams')
export class StreamsAdminController {
  constructor(
    private readonly views: StreamViewsService,
    private readonly provisioning: StreamProvisioningService,
    private readonly streams: StreamsService,
    private readonly subjects: StreamSubjectsService,
    private readonly statuses: StreamStatusService,
    private readonly verification: StreamVerificationService,
  ) {}

  /** For a receiver that cannot create one itself; it finds and manages it like one of its own. */
  @Post()
  @RequireRole('admin')
  @Idempotent()
  @ApiOperation({ operationId: 'createStreamAsAdministrator', summary: 'Create a stream for an application' })
  @ApiBody({ type: CreateStreamForApplicationDto })
  @ApiResponse({ status: 201, type: StreamDto })
  async create(@JsonBody() body: unknown, @Administrator() actor: Actor): Promise<StreamDto> {
    return this.views.of(await this.streams.get(await this.provisioning.create(body, actor)));
  }

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listStreams', summary: 'List streams with their health' })
  @ApiResponse({ status: 200, type: StreamPageDto })
  list(@Query() { limit, cursor, ...filter }: StreamQueryDto): Promise<Page<StreamDto>> {
    return this.views.list(filter, { limit, cursor });
  }

  @Get(':id')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getStream', summary: 'Read a stream with its health' })
  @ApiResponse({ status: 200, type: StreamDto, headers: ETAG })
  async get(@Param('id') id: string, @Tag() tag: Tagging): Promise<StreamDto> {
    return this.views.of(tag.part(await this.streams.get(id)));
  }

  /** Oldest first. */
  @Get(':id/subjects')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'listSubjects', summary: "List a stream's subjects" })
  @ApiResponse({ status: 200, type: ListedSubjectPageDto })
  async listSubjects(@Param('id') id: string, @Query() query: PageQueryDto): Promise<Page<ListedSubjectDto>> {
    const { id: streamId } = await this.streams.get(id);
    return this.subjects.page(streamId, query);
  }

  /** The receiver is told by a stream-updated SET (SSF 1.0 section 8.1.5). */
  @Post(':id/status')
  @RequireRole('operator')
  @HttpCode(200)
  @Conditional()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'updateStreamStatus', summary: 'Enable, pause or disable a stream' })
  @ApiBody({ type: UpdateStreamStatusDto })
  @ApiResponse({ status: 200, type: StreamDto, headers: ETAG })
  async updateStatus(
    @Param('id') id: string,
    @JsonBody() body: UpdateStreamStatusDto,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
    @Tag() tag: Tagging,
  ): Promise<StreamDto> {
    const { id: streamId } = await this.streams.get(id);
    // an administrator who disables a stream means it
    const locked = body.locked ?? body.status === 'disabled';
    const after = await this.statuses.change(streamId, { ...body, locked }, actor, ifMatch);
    return this.views.of(tag.part(after));
  }

  /** Not limited in how often, unlike the receiver's own requests. */
  @Post(':id/verify')
  @RequireRole('operator')
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'verifyStreamAsAdministrator', summary: 'Send a verification event' })
  @ApiResponse({ status: 204 })
  async verify(@Param('id') id: string, @Administrator() actor: Actor): Promise<void> {
    await this.verification.verify(await this.streams.get(id), undefined, actor);
  }

  /** What is queued is dropped, if that is what `force` says. */
  @Delete(':id')
  @RequireRole('admin')
  @Forceable()
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'deleteStreamAsAdministrator', summary: 'Delete a stream' })
  @ApiResponse({ status: 204 })
  async delete(
    @Param('id') id: string,
    @Query() { force = false }: DeletionQueryDto,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    await this.streams.delete(await this.streams.get(id), { actor, force, ifMatch });
  }
}
