import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import { OAuthClientsService } from '../../applications/oauth-clients.service.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { AdminController, Idempotent, NotFoundProblem, RequireRole } from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import {
  CreatedOAuthClientDto,
  CreateOAuthClientDto,
  OAuthClientDto,
  OAuthClientPageDto,
  toOAuthClientDto,
} from './dto/oauth-client.dto.js';
import { PageQueryDto } from './dto/page.dto.js';

@AdminController('Applications')
@Controller('api/v1/applications/:id/oauth-clients')
export class OAuthClientsController {
  constructor(private readonly clients: OAuthClientsService) {}

  /** The secret is shown this once. */
  @Post()
  @RequireRole('admin')
  @Idempotent()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'createOAuthClient', summary: 'Register an OAuth client of an application' })
  @ApiBody({ type: CreateOAuthClientDto })
  @ApiResponse({ status: 201, type: CreatedOAuthClientDto })
  create(
    @Param('id') id: string,
    @JsonBody() body: CreateOAuthClientDto,
    @Administrator() actor: Actor,
  ): Promise<CreatedOAuthClientDto> {
    return this.clients.create(id, body, actor);
  }

  @Get()
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'listOAuthClients', summary: "List an application's OAuth clients" })
  @ApiResponse({ status: 200, type: OAuthClientPageDto })
  async list(@Param('id') id: string, @Query() query: PageQueryDto): Promise<Page<OAuthClientDto>> {
    const { data, nextCursor } = await this.clients.list(id, query);
    return { data: data.map(toOAuthClientDto), nextCursor };
  }

  /** Its access tokens end at once. */
  @Delete(':clientId')
  @RequireRole('admin')
  @HttpCode(204)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'deleteOAuthClient', summary: 'Delete an OAuth client' })
  @ApiResponse({ status: 204 })
  delete(
    @Param('id') id: string,
    @Param('clientId') clientId: string,
    @Administrator() actor: Actor,
  ): Promise<void> {
    return this.clients.delete(id, clientId, actor);
  }
}
