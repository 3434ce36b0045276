import { Controller, Header, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import { StreamSubjectsService } from '../../streams/stream-subjects.service.js';
import { parseSubjectRequest } from './parse-receiver-request.js';
import { ReceiverErrors } from './receiver-api.decorators.js';
import { AddSubjectDto, SubjectDto } from './receiver.dto.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { Receiver, type ReceiverContext, RequireScope } from './receiver.js';

/** Adding and removing subjects (SSF 1.0 section 8.1.3). */
@ApiTags('Subjects')
@ApiBearerAuth('receiver')
@Controller('ssf/:slug/subjects')
@UseGuards(ReceiverGuard)
@UseFilters(ReceiverErrorFilter)
export class SubjectsController {
  constructor(
    private readonly streams: ReceiverStreamsService,
    private readonly subjects: StreamSubjectsService,
  ) {}

  /** SSF 1.0 section 8.1.3.2 */
  @Post('add')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @RequireScope('ssf.manage')
  @ApiOperation({ operationId: 'addSubject', summary: 'Add a subject to a stream' })
  @ApiBody({ type: AddSubjectDto })
  @ApiResponse({ status: 200 })
  @ReceiverErrors(400, 401, 403, 404, 429)
  async add(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<void> {
    const { streamId, subject, verified } = parseSubjectRequest(body, {
      legacy: receiver.application.legacyProfile,
    });
    await this.subjects.add(await this.streams.get(receiver, streamId), subject, verified);
  }

  /** SSF 1.0 section 8.1.3.3 */
  @Post('remove')
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @RequireScope('ssf.manage')
  @ApiOperation({ operationId: 'removeSubject', summary: 'Remove a subject from a stream' })
  @ApiBody({ type: SubjectDto })
  @ApiResponse({ status: 204 })
  @ReceiverErrors(400, 401, 403, 404, 429)
  async remove(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<void> {
    const { streamId, subject } = parseSubjectRequest(body, {
      legacy: receiver.application.legacyProfile,
    });
    await this.subjects.remove(await this.streams.get(receiver, streamId), subject);
  }
}
