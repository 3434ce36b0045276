import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import type { Provider } from '../../providers/provider.entity.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { SigningKeysService } from '../../signing-keys/signing-keys.service.js';
import { OwnerDeletionService } from '../../streams/owner-deletion.service.js';
import { AdminController, Idempotent, NotFoundProblem } from './admin-api.decorators.js';
import { PageQueryDto } from './dto/page.dto.js';
import {
  CreateProviderDto,
  ProviderDto,
  ProviderPageDto,
  toProviderDto,
  UpdateProviderDto,
} from './dto/provider.dto.js';

@AdminController('Providers')
@Controller('api/v1/providers')
export class ProvidersController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly signingKeys: SigningKeysService,
    private readonly deletion: OwnerDeletionService,
  ) {}

  /** A first signing key is made with it. */
  @Post()
  @Idempotent()
  @ApiOperation({ operationId: 'createProvider', summary: 'Create a provider' })
  @ApiBody({ type: CreateProviderDto })
  @ApiResponse({ status: 201, type: ProviderDto })
  async create(@JsonBody() body: CreateProviderDto): Promise<ProviderDto> {
    return this.toDto(await this.signingKeys.createProvider(body));
  }

  @Get()
  @ApiOperation({ operationId: 'listProviders', summary: 'List providers' })
  @ApiResponse({ status: 200, type: ProviderPageDto })
  async list(@Query() query: PageQueryDto): Promise<Page<ProviderDto>> {
    const { data, nextCursor } = await this.providers.list(query);
    return { data: data.map((provider) => this.toDto(provider)), nextCursor };
  }

  @Get(':id')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getProvider', summary: 'Read a provider' })
  @ApiResponse({ status: 200, type: ProviderDto })
  async get(@Param('id') id: string): Promise<ProviderDto> {
    return this.toDto(await this.providers.get(id));
  }

  @Patch(':id')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'updateProvider', summary: 'Change a provider' })
  @ApiBody({ type: UpdateProviderDto })
  @ApiResponse({ status: 200, type: ProviderDto })
  async update(@Param('id') id: string, @JsonBody() body: UpdateProviderDto): Promise<ProviderDto> {
    return this.toDto(await this.providers.update(id, body));
  }

  /** Its keys, applications and streams go with it; what is queued is dropped. */
  @Delete(':id')
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'deleteProvider', summary: 'Delete a provider' })
  @ApiResponse({ status: 204 })
  delete(@Param('id') id: string): Promise<void> {
    return this.deletion.deleteProvider(id);
  }

  private toDto(provider: Provider): ProviderDto {
    return toProviderDto(provider, this.providers.urls(provider));
  }
}
