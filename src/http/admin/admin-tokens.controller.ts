import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { AdminTokensService } from '../../administrators/admin-tokens.service.js';
import type { Actor } from '../../audit/actor.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { AdminController, Idempotent, NotFoundProblem, RequireRole } from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import {
  AdminTokenDto,
  AdminTokenPageDto,
  CreateAdminTokenDto,
  CreatedAdminTokenDto,
  toAdminTokenDto,
} from './dto/admin-token.dto.js';
import { PageQueryDto } from './dto/page.dto.js';

@AdminController('Administrators')
@Controller('api/v1/admin-tokens')
export class AdminTokensController {
  constructor(private readonly tokens: AdminTokensService) {}

  /** The token is shown this once. */
  @Post()
  @RequireRole('admin')
  @Idempotent()
  @ApiOperation({ operationId: 'createAdminToken', summary: 'Create a token for an administrator' })
  @ApiBody({ type: CreateAdminTokenDto })
  @ApiResponse({ status: 201, type: CreatedAdminTokenDto })
  create(
    @JsonBody() body: CreateAdminTokenDto,
    @Administrator() actor: Actor,
  ): Promise<CreatedAdminTokenDto> {
    return this.tokens.create(body, actor);
  }

  /** Oldest first, with those that have expired. The token of the settings is not one of them. */
  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listAdminTokens', summary: 'List the tokens of administrators' })
  @ApiResponse({ status: 200, type: AdminTokenPageDto })
  async list(@Query() query: PageQueryDto): Promise<Page<AdminTokenDto>> {
    const { data, nextCursor } = await this.tokens.list(query);
    return { data: data.map(toAdminTokenDto), nextCursor };
  }

  /** It is worth nothing from now on, in all processes. */
  @Delete(':id')
  @RequireRole('admin')
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'revokeAdminToken', summary: 'Revoke the token of an administrator' })
  @ApiResponse({ status: 204 })
  revoke(@Param('id') id: string, @Administrator() actor: Actor): Promise<void> {
    return this.tokens.revoke(id, actor);
  }
}
