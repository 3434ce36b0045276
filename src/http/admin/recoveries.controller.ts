import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import { RecoveriesService } from '../../delivery/recoveries.service.js';
import type { Page } from '../../platform/paging/page.js';
import { AdminController, ConflictProblem, NotFoundProblem, RequireRole } from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import { PageQueryDto } from './dto/page.dto.js';
import { RecoveryDto, RecoveryPageDto, toRecoveryDto } from './dto/recovery.dto.js';

/** What `POST /streams/{id}/recover` and `POST /sets/redeliver` started. */
@AdminController('Redelivery')
@Controller('api/v1/recoveries')
export class RecoveriesController {
  constructor(private readonly recoveries: RecoveriesService) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listRecoveries', summary: 'List recoveries, newest first' })
  @ApiResponse({ status: 200, type: RecoveryPageDto })
  async list(@Query() query: PageQueryDto): Promise<Page<RecoveryDto>> {
    const { data, nextCursor } = await this.recoveries.list(undefined, query);
    return { data: data.map(toRecoveryDto), nextCursor };
  }

  @Get(':id')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getRecovery', summary: 'Read how far a recovery is' })
  @ApiResponse({ status: 200, type: RecoveryDto })
  async get(@Param('id') id: string): Promise<RecoveryDto> {
    return toRecoveryDto(await this.recoveries.get(id));
  }

  /** What it has queued stays queued. */
  @Delete(':id')
  @RequireRole('operator')
  @HttpCode(204)
  @NotFoundProblem()
  @ConflictProblem('It is done.', 'it is done; what it queued is in the queues of its streams')
  @ApiOperation({ operationId: 'cancelRecovery', summary: 'Cancel a recovery' })
  @ApiResponse({ status: 204 })
  async cancel(@Param('id') id: string, @Administrator() actor: Actor): Promise<void> {
    await this.recoveries.cancel(id, undefined, actor);
  }
}
