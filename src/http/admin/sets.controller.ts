import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import { RedeliveryService } from '../../delivery/redelivery.service.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { SetHistoryService } from '../../queue/set-history.service.js';
import {
  AdminController,
  ConflictProblem,
  Idempotent,
  NotFoundProblem,
  RequireRole,
} from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import { RecoveryDto, RedeliverSetsDto, toRecoveryDto } from './dto/recovery.dto.js';
import { SetDto, SetPageDto, SetQueryDto, SetSummaryDto, toSetDto, toSetSummaryDto } from './dto/set.dto.js';
import { RecoveryRequestsService } from './recovery-requests.service.js';
import { SetSearchService } from './set-search.service.js';

@AdminController('SETs')
@Controller('api/v1/sets')
export class SetsController {
  constructor(
    private readonly history: SetHistoryService,
    private readonly search: SetSearchService,
    private readonly redelivery: RedeliveryService,
    private readonly recoveries: RecoveryRequestsService,
  ) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listSets', summary: 'List SETs, newest first' })
  @ApiResponse({ status: 200, type: SetPageDto })
  async list(@Query() { limit, cursor, subject, ...filter }: SetQueryDto): Promise<Page<SetSummaryDto>> {
    const { data, nextCursor } = await this.search.list(subject, filter, { limit, cursor });
    return { data: data.map(toSetSummaryDto), nextCursor };
  }

  @Get(':jti')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getSet', summary: 'Read a SET with its claims and attempts' })
  @ApiResponse({ status: 200, type: SetDto })
  async get(@Param('jti') jti: string): Promise<SetDto> {
    return toSetDto(await this.history.get(jti));
  }

  /** With the same `jti` and claims, also when it was delivered. One that waits already stays as it is. */
  @Post(':jti/redeliver')
  @RequireRole('operator')
  @HttpCode(202)
  @ConflictProblem(
    'Its stream is disabled or deleted, or the key was used otherwise.',
    'its stream is disabled',
  )
  @Idempotent()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'redeliverSet', summary: 'Send a SET again' })
  @ApiResponse({ status: 202, type: SetDto, description: 'Queued: its status is pending or held.' })
  async redeliver(@Param('jti') jti: string, @Administrator() actor: Actor): Promise<SetDto> {
    return toSetDto(await this.redelivery.redeliver(jti, actor));
  }

  /** The filter of the list. In the background, oldest first; `GET /recoveries/{id}` tells how far it is. */
  @Post('redeliver')
  @RequireRole('operator')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({ operationId: 'redeliverSets', summary: 'Send all SETs again that a filter finds' })
  @ApiBody({
    type: RedeliverSetsDto,
    examples: {
      deadLetters: { summary: 'All dead letters', value: { status: 'dead' } },
      subject: {
        summary: 'What one application did not get of a user',
        value: { applicationId: '019aa8e4-5d3c-7bb1-a4a1-6f3c1d2e4b5a', subject: 'ana@acme.test' },
      },
    },
  })
  @ApiResponse({ status: 202, type: RecoveryDto })
  async redeliverAll(
    @JsonBody() body: RedeliverSetsDto,
    @Administrator() actor: Actor,
  ): Promise<RecoveryDto> {
    return toRecoveryDto(await this.recoveries.redeliver(body, actor));
  }
}
