import { Controller, Get, HttpCode, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import { isNdjson } from '../../platform/http/ndjson.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import type { Page } from '../../platform/paging/page.js';
import { SignalHistoryService } from '../../signals/signal-history.service.js';
import { SignalImportService } from '../../signals/signal-import.service.js';
import { SignalPreviewService } from '../../signals/signal-preview.service.js';
import { SignalsService } from '../../signals/signals.service.js';
import { AdminController, Idempotent, NotFoundProblem, UnavailableProblem } from './admin-api.decorators.js';
import {
  RecordedSignalsDto,
  SignalDto,
  SignalPreviewDto,
  SignalPageDto,
  SignalQueryDto,
  StoredSignalDto,
  toStoredSignalDto,
} from './dto/signal.dto.js';
import { importAnswer } from './signal-import-answer.js';
import { RECORDED_CONTENT, SIGNAL_CONTENT } from './signal-body.js';
import { readSignalItems } from './read-signal-items.js';
import { SubjectSearchService } from './subject-search.service.js';

@AdminController('Signals')
@ApiExtraModels(SignalDto, RecordedSignalsDto)
@Controller('api/v1/signals')
export class SignalsController {
  constructor(
    private readonly signals: SignalsService,
    private readonly history: SignalHistoryService,
    private readonly previews: SignalPreviewService,
    private readonly imports: SignalImportService,
    private readonly subjects: SubjectSearchService,
  ) {}

  /**
   * One, or an array of up to 1,000, all or none. Idempotent by the signal's own `id`. Also as CloudEvents 1.0:
   * structured, batched, or binary (then `data` is the body, and the attributes are headers `ce-...`).
   *
   * NDJSON (`application/x-ndjson`) is an import of any number of lines, recorded in batches of up to 1,000. The answer
   * is NDJSON, too, and begins before the last line was read: a line about each batch, which names bad lines and has
   * recorded the others, and at the end a summary. An import that broke off is sent again: ids make it idempotent.
   */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    operationId: 'recordSignals',
    summary: 'Record signals',
    requestBody: { required: true, content: SIGNAL_CONTENT },
  })
  @ApiResponse({ status: 202, description: 'Recorded', content: RECORDED_CONTENT })
  async record(@Req() request: AnyRequest): Promise<RecordedSignalsDto | StreamableFile> {
    if (isNdjson(headerOf(request, 'content-type'))) return importAnswer(request, this.imports);
    const items = await readSignalItems(request);
    return { data: await this.signals.recordItems(items) };
  }

  /**
   * Which streams would get which SET, and why the others none, if this signal were recorded now. Nothing is recorded,
   * nothing sent, and nothing changed; `jti`, `iat` and a `txn` of our own are those of the preview. Signals that still
   * wait for their fan-out are not considered.
   */
  @Post('preview')
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
  @ApiOperation({ operationId: 'listSignals', summary: 'List signals, newest first' })
  @ApiResponse({ status: 200, type: SignalPageDto })
  async list(@Query() { limit, cursor, subject, ...filter }: SignalQueryDto): Promise<Page<StoredSignalDto>> {
    const subjectHashes = await this.subjects.hashesOf(subject, filter.providerId);
    const { data, nextCursor } = await this.history.list({ ...filter, subjectHashes }, { limit, cursor });
    return { data: data.map(toStoredSignalDto), nextCursor };
  }

  @Get(':id')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getSignal', summary: 'Read a signal and what each stream got' })
  @ApiResponse({ status: 200, type: StoredSignalDto })
  async get(@Param('id') id: string): Promise<StoredSignalDto> {
    return toStoredSignalDto(await this.history.get(id));
  }
}
