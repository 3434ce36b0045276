import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import type { Page } from '../../platform/paging/page.js';
import { SignalHistoryService } from '../../signals/signal-history.service.js';
import { SignalPreviewService } from '../../signals/signal-preview.service.js';
import { AdminController, NotFoundProblem, RequireRole, UnavailableProblem } from './admin-api.decorators.js';
import {
  SignalDto,
  SignalPreviewDto,
  SignalPageDto,
  SignalQueryDto,
  StoredSignalDto,
  toStoredSignalDto,
} from './dto/signal.dto.js';
import { SubjectSearchService } from './subject-search.service.js';

@AdminController('Signals')
@Controller('api/v1/signals')
export class SignalsController {
  constructor(
    private readonly history: SignalHistoryService,
    private readonly previews: SignalPreviewService,
    private readonly subjects: SubjectSearchService,
  ) {}

  /**
   * Which streams would get which SET, and why the others none, if this signal were recorded now. Nothing is recorded,
   * nothing sent, and nothing changed; `jti`, `iat` and a `txn` of our own are those of the preview. Signals that still
   * wait for their fan-out are not considered.
   */
  @Post('preview')
  @RequireRole('operator')
  @HttpCode(200)
  @ApiOperation({ operationId: 'previewSignal', summary: 'Preview a signal' })
  @ApiBody({ type: SignalDto })
  @ApiResponse({ status: 200, type: SignalPreviewDto })
  @UnavailableProblem(
    'The host cannot say who may know of it.',
    'canReceive of the host did not say who may know of this',
  )
  async preview(@JsonBody() body: unknown): Promise<SignalPreviewDto> {
    return { outcomes: await this.previews.preview(body) };
  }

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'listSignals', summary: 'List signals, newest first' })
  @ApiResponse({ status: 200, type: SignalPageDto })
  async list(@Query() { limit, cursor, subject, ...filter }: SignalQueryDto): Promise<Page<StoredSignalDto>> {
    const subjectHashes = await this.subjects.hashesOf(subject, filter.providerId);
    const { data, nextCursor } = await this.history.list({ ...filter, subjectHashes }, { limit, cursor });
    return { data: data.map(toStoredSignalDto), nextCursor };
  }

  @Get(':id')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getSignal', summary: 'Read a signal and what each stream got' })
  @ApiResponse({ status: 200, type: StoredSignalDto })
  async get(@Param('id') id: string): Promise<StoredSignalDto> {
    return toStoredSignalDto(await this.history.get(id));
  }
}
