import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import { RecoveriesService } from '../../delivery/recoveries.service.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { StreamsService } from '../../streams/streams.service.js';
import {
  AdminController,
  ConflictProblem,
  Idempotent,
  NotFoundProblem,
  RequireRole,
} from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import { PageQueryDto } from './dto/page.dto.js';
import { RecoverStreamDto, RecoveryDto, RecoveryPageDto, toRecoveryDto } from './dto/recovery.dto.js';
import { RecoveryRequestsService } from './recovery-requests.service.js';

@AdminController('Redelivery')
@Controller('api/v1/streams/:id')
export class StreamRecoveriesController {
  constructor(
    private readonly requests: RecoveryRequestsService,
    private readonly recoveries: RecoveriesService,
    private readonly streams: StreamsService,
  ) {}

  /** In the background, in their original order, with the same `jti` and claims. What waits already stays as it is. */
  @Post('recover')
  @RequireRole('operator')
  @HttpCode(202)
  @ConflictProblem(
    'The stream is disabled, or the key was used otherwise.',
    'the stream is disabled: enable it first',
  )
  @Idempotent()
  @NotFoundProblem()
  @ApiOperation({
    operationId: 'recoverStream',
    summary: "Send a stream's SETs of a time again that did not arrive",
  })
  @ApiBody({
    type: RecoverStreamDto,
    examples: {
      outage: { summary: 'What did not arrive since', value: { from: '2026-11-21T17:00:00Z' } },
      everything: {
        summary: 'All of an hour, even what was delivered: the receiver lost its data',
        value: {
          from: '2026-11-21T17:00:00Z',
          to: '2026-11-21T18:00:00Z',
          statuses: ['delivered', 'rejected', 'dead', 'dropped'],
        },
      },
    },
  })
  @ApiResponse({ status: 202, type: RecoveryDto })
  async recover(
    @Param('id') id: string,
    @JsonBody() body: RecoverStreamDto,
    @Administrator() actor: Actor,
  ): Promise<RecoveryDto> {
    return toRecoveryDto(await this.requests.recover(id, body, actor));
  }

  @Get('recoveries')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'listStreamRecoveries', summary: "List a stream's recoveries, newest first" })
  @ApiResponse({ status: 200, type: RecoveryPageDto })
  async list(@Param('id') id: string, @Query() query: PageQueryDto): Promise<Page<RecoveryDto>> {
    const { id: streamId } = await this.streams.get(id);
    const { data, nextCursor } = await this.recoveries.list(streamId, query);
    return { data: data.map(toRecoveryDto), nextCursor };
  }

  @Get('recoveries/:recoveryId')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getStreamRecovery', summary: 'Read how far a recovery of a stream is' })
  @ApiResponse({ status: 200, type: RecoveryDto })
  async get(@Param('id') id: string, @Param('recoveryId') recoveryId: string): Promise<RecoveryDto> {
    const { id: streamId } = await this.streams.get(id);
    return toRecoveryDto(await this.recoveries.get(recoveryId, streamId));
  }

  /** What it has queued stays queued. */
  @Delete('recoveries/:recoveryId')
  @RequireRole('operator')
  @HttpCode(204)
  @NotFoundProblem()
  @ConflictProblem('It is done.', 'it is done; what it queued is in the queues of its streams')
  @ApiOperation({ operationId: 'cancelStreamRecovery', summary: 'Cancel a recovery of a stream' })
  @ApiResponse({ status: 204 })
  async cancel(
    @Param('id') id: string,
    @Param('recoveryId') recoveryId: string,
    @Administrator() actor: Actor,
  ): Promise<void> {
    const { id: streamId } = await this.streams.get(id);
    await this.recoveries.cancel(recoveryId, streamId, actor);
  }
}
