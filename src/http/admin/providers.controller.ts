import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import type { IfMatch } from '../../platform/http/entity-tag.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import type { Provider } from '../../providers/provider.entity.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { KeyRotationService } from '../../signing-keys/key-rotation.service.js';
import { SigningKeysService } from '../../signing-keys/signing-keys.service.js';
import { OwnerDeletionService } from '../../streams/owner-deletion.service.js';
import {
  AdminController,
  Cacheable,
  Conditional,
  ConflictProblem,
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
  CreateProviderDto,
  ProviderDto,
  ProviderPageDto,
  toProviderDto,
  UpdateProviderDto,
} from './dto/provider.dto.js';
import { IfMatchTags, Tag, type Tagging } from './tagging.js';

@AdminController('Providers')
@Controller('api/v1/providers')
export class ProvidersController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly signingKeys: SigningKeysService,
    private readonly rotation: KeyRotationService,
    private readonly deletion: OwnerDeletionService,
  ) {}

  /** A first signing key is made with it. */
  @Post()
  @RequireRole('admin')
  @Idempotent()
  @ApiOperation({ operationId: 'createProvider', summary: 'Create a provider' })
  @ApiBody({ type: CreateProviderDto })
  @ApiResponse({ status: 201, type: ProviderDto })
  async create(@JsonBody() body: CreateProviderDto, @Administrator() actor: Actor): Promise<ProviderDto> {
    return this.toDto(await this.signingKeys.createProvider(body, actor));
  }

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listProviders', summary: 'List providers' })
  @ApiResponse({ status: 200, type: ProviderPageDto })
  async list(@Query() query: PageQueryDto): Promise<Page<ProviderDto>> {
    const { data, nextCursor } = await this.providers.list(query);
    return { data: data.map((provider) => this.toDto(provider)), nextCursor };
  }

  @Get(':id')
  @RequireRole('viewer')
  @Cacheable()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getProvider', summary: 'Read a provider' })
  @ApiResponse({ status: 200, type: ProviderDto, headers: ETAG })
  async get(@Param('id') id: string, @Tag() tag: Tagging): Promise<ProviderDto> {
    return this.toDto(tag.whole(await this.providers.get(id)));
  }

  /** Another `signingAlgorithm` makes a next key of it, which signs once it was published for long enough. */
  @Patch(':id')
  @RequireRole('admin')
  @Conditional()
  @NotFoundProblem()
  @ConflictProblem(
    'A key of another algorithm is the next one already.',
    'the key mPsp4k2v (RS256) is next already, and signs from 2026-11-22T10:06:00.000Z on: wait for it, or delete it',
  )
  @ApiOperation({ operationId: 'updateProvider', summary: 'Change a provider' })
  @ApiBody({ type: UpdateProviderDto })
  @ApiResponse({ status: 200, type: ProviderDto, headers: ETAG })
  async update(
    @Param('id') id: string,
    @JsonBody() body: UpdateProviderDto,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
    @Tag() tag: Tagging,
  ): Promise<ProviderDto> {
    return this.toDto(tag.whole(await this.rotation.updateProvider(id, body, actor, ifMatch)));
  }

  /** Its keys, applications and streams go with it; what is queued is dropped, if that is what `force` says. */
  @Delete(':id')
  @RequireRole('admin')
  @Forceable()
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'deleteProvider', summary: 'Delete a provider' })
  @ApiResponse({ status: 204 })
  delete(
    @Param('id') id: string,
    @Query() { force = false }: DeletionQueryDto,
    @Administrator() actor: Actor,
    @IfMatchTags() ifMatch: IfMatch | undefined,
  ): Promise<void> {
    return this.deletion.deleteProvider(id, { actor, force, ifMatch });
  }

  private toDto(provider: Provider): ProviderDto {
    return toProviderDto(provider, this.providers.urls(provider));
  }
}
