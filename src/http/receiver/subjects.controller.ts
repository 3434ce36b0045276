import { Controller, Header, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import { StreamSubjectsService } from '../../streams/stream-subjects.service.js';
import { parseSubjectRequest } from './parse-receiver-request.js';
import { ProviderPath, ReceiverOperation } from './receiver-api.decorators.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { ADD_SUBJECT, REMOVE_SUBJECT } from './receiver-operations.js';
import { Receiver, type ReceiverContext } from './receiver.js';

/** Adding and removing subjects (SSF 1.0 section 8.1.3). */
@ApiTags('Subjects')
@ProviderPath()
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
  @ReceiverOperation(ADD_SUBJECT)
  async add(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<void> {
    const { streamId, subject, verified } = parseSubjectRequest(body, {
      legacy: receiver.application.legacyProfile,
    });
    await this.subjects.add(await this.streams.get(receiver, streamId), subject, verified, receiver.actor);
  }

  /** SSF 1.0 section 8.1.3.3 */
  @Post('remove')
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(REMOVE_SUBJECT)
  async remove(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<void> {
    const { streamId, subject } = parseSubjectRequest(body, {
      legacy: receiver.application.legacyProfile,
    });
    await this.subjects.remove(await this.streams.get(receiver, streamId), subject, receiver.actor);
  }
}
