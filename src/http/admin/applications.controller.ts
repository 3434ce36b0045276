import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import { ApplicationTokensService } from '../../applications/application-tokens.service.js';
import { ApplicationsService } from '../../applications/applications.service.js';
import type { IfMatch } from '../../platform/http/entity-tag.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { OwnerDeletionService } from '../../streams/owner-deletion.service.js';
import {
  AdminController,
  Cacheable,
  Conditional,
  ETAG,
  Forceable,
  Idempotent,
  NotFoundProblem,
  RequireRole,
} from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import {
  ApplicationDto,
  ApplicationPageDto,
  ApplicationQueryDto,
  CreateApplicationDto,
  CreatedTokenDto,
  CreateTokenDto,
  PairwiseSubjectDto,
  PairwiseSubjectQueryDto,
  toApplicationDto,
  TokenDto,
  TokenPageDto,
  toTokenDto,
  UpdateApplicationDto,
} from './dto/application.dto.js';
import { DeletionQueryDto } from './dto/deletion.dto.js';
import { PageQueryDto } from './dto/page.dto.js';
import { IfMatchTags, Tag, type Tagging } from './tagging.js';

@AdminController('Applications')
@Controller('api/v1/applications')
export class ApplicationsController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly tokens: ApplicationTokensService,
    private readonly deletion: OwnerDeletionService,
  ) {}

  @Post()
  @RequireRole('admin')
  @Idempotent()
  @ApiOperation({ operationId: 'createApplication', summary: 'Register a receiver' })
  @ApiBody({ type: CreateApplicationDto })
  @ApiResponse({ status: 201, type: ApplicationDto })
  async create(
    @JsonBody() body: CreateApplicationDto,
    @Administrator() actor: Actor,
  ): Promise<ApplicationDto> {
    return toApplicationDto(await this.applications.create(body, actor));
  }

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listApplications', summary: 'List applications' })
  @ApiResponse({ status: 200, type: ApplicationPageDto })
  async list(@Query() query: ApplicationQueryDto): Promise<Page<ApplicationDto>> {
    const { data, nextCursor } = await this.applications.list(query);
    return { data: data.map(toApplicationDto), nextCursor };
  }

  @Get(':id')
  @RequireRole('viewer')
  @Cacheable()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getApplication', summary: 'Read an application' })
  @ApiResponse({ status: 200, type: ApplicationDto, headers: ETAG })
  async get(@Param('id') id: string, @Tag() tag: Tagging): Promise<ApplicationDto> {
    return toApplicationDto(tag.whole(await this.applications.get(id)));
  }

  /** SETs that wait already stay as they are. */
  @Patch(':id')
  @RequireRole('admin')
  @Conditional()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'updateApplication', summary: 'Change an application' })
  @ApiBody({ type: UpdateApplicationDto })
  @ApiResponse({ status: 200, type: ApplicationDto, headers: ETAG })
  async update(
    @Param('id') id: string,
    @JsonBody() body: UpdateApplicationDto,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
    @Tag() tag: Tagging,
  ): Promise<ApplicationDto> {
    return toApplicationDto(tag.whole(await this.applications.update(id, body, actor, ifMatch)));
  }

  /** Its tokens and streams go with it; what is queued is dropped, if that is what `force` says. */
  @Delete(':id')
  @RequireRole('admin')
  @Forceable()
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'deleteApplication', summary: 'Delete an application' })
  @ApiResponse({ status: 204 })
  delete(
    @Param('id') id: string,
    @Query() { force = false }: DeletionQueryDto,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    return this.deletion.deleteApplication(id, { actor, force, ifMatch });
  }

  /** For your ID tokens: its receiver has to know a user by the same `sub` there and here. It never changes. */
  @Get(':id/pairwise-subject')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({
    operationId: 'getPairwiseSubject',
    summary: 'Read what an application with pairwise subjects knows a user by',
  })
  @ApiResponse({ status: 200, type: PairwiseSubjectDto })
  pairwiseSubject(
    @Param('id') id: string,
    @Query() { userId }: PairwiseSubjectQueryDto,
  ): Promise<PairwiseSubjectDto> {
    return this.applications.pairwiseSubject(id, userId);
  }

  /** The token is shown this once. */
  @Post(':id/tokens')
  @RequireRole('admin')
  @Idempotent()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'createToken', summary: 'Create a token for an application' })
  @ApiBody({ type: CreateTokenDto })
  @ApiResponse({ status: 201, type: CreatedTokenDto })
  createToken(
    @Param('id') id: string,
    @JsonBody() body: CreateTokenDto,
    @Administrator() actor: Actor,
  ): Promise<CreatedTokenDto> {
    return this.tokens.create(id, body, actor);
  }

  @Get(':id/tokens')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'listTokens', summary: "List an application's tokens" })
  @ApiResponse({ status: 200, type: TokenPageDto })
  async listTokens(@Param('id') id: string, @Query() query: PageQueryDto): Promise<Page<TokenDto>> {
    const { data, nextCursor } = await this.tokens.list(id, query);
    return { data: data.map(toTokenDto), nextCursor };
  }

  @Delete(':id/tokens/:tokenId')
  @RequireRole('admin')
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'revokeToken', summary: 'Revoke a token' })
  @ApiResponse({ status: 204 })
  revokeToken(
    @Param('id') id: string,
    @Param('tokenId') tokenId: string,
    @Administrator() actor: Actor,
  ): Promise<void> {
    return this.tokens.revoke(id, tokenId, actor);
  }
}
