import { Controller, HttpCode, Post, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { SsfError } from '../../core/errors.js';
import { isNdjson } from '../../platform/http/ndjson.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { inTraceOf } from '../../platform/tracing/contexts.js';
import { SignalImportService } from '../../signals/signal-import.service.js';
import { SignalsService } from '../../signals/signals.service.js';
import { SourceEventsService } from '../../signals/sources/source-events.service.js';
import { AdminController, ForbiddenProblem, Idempotent, RequireRole } from './admin-api.decorators.js';
import { RecordedSignalsDto, SignalDto } from './dto/signal.dto.js';
import { readSignalItems } from './read-signal-items.js';
import { RecorderGuard, sourceOf } from './recorder.guard.js';
import { RECORDED_CONTENT, SIGNAL_CONTENT } from './signal-body.js';
import { importAnswer } from './signal-import-answer.js';

@AdminController('Signals', RecorderGuard)
@ApiBearerAuth('source')
@ApiExtraModels(SignalDto, RecordedSignalsDto)
@Controller('api/v1/signals')
export class SignalRecordingController {
  constructor(
    private readonly signals: SignalsService,
    private readonly imports: SignalImportService,
    private readonly sources: SourceEventsService,
  ) {}

  /**
   * One, or an array of up to 1,000, all or none. Idempotent by the signal's own `id`. Also as CloudEvents 1.0:
   * structured, batched, or binary (then `data` is the body, and the attributes are headers `ce-...`).
   *
   * NDJSON (`application/x-ndjson`) is an import of any number of lines, recorded in batches of up to 1,000. The answer
   * is NDJSON, too, and begins before the last line was read: a line about each batch, which names bad lines and has
   * recorded the others, and at the end a summary. An import that broke off is sent again: ids make it idempotent.
   *
   * A source with the profile `signal` or `cloudevents` may record, too, with its token and for its own provider, but
   * not import.
   */
  @Post()
  @RequireRole('operator')
  @HttpCode(202)
  @Idempotent()
  @ForbiddenProblem('A source may not do this.', 'imports are for administrators')
  @ApiOperation({
    operationId: 'recordSignals',
    summary: 'Record signals',
    requestBody: { required: true, content: SIGNAL_CONTENT },
  })
  @ApiResponse({ status: 202, description: 'Recorded', content: RECORDED_CONTENT })
  async record(@Req() request: AnyRequest): Promise<RecordedSignalsDto | StreamableFile> {
    const source = sourceOf(request);
    if (isNdjson(headerOf(request, 'content-type'))) {
      if (source) throw new SsfError('forbidden', 'imports are for administrators');
      return importAnswer(request, this.imports);
    }
    const items = await readSignalItems(request);
    const data = await inTraceOf(request.headers, () =>
      source ? this.sources.takeSignals(source, items) : this.signals.recordItems(items),
    );
    return { data };
  }
}
