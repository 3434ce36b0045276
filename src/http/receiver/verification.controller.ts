import { Controller, Header, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import { StreamVerificationService } from '../../streams/stream-verification.service.js';
import { parseVerifyRequest } from './parse-receiver-request.js';
import { ReceiverErrors } from './receiver-api.decorators.js';
import { VerifyDto } from './receiver.dto.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { Receiver, type ReceiverContext, RequireScope } from './receiver.js';

/** The verification endpoint (SSF 1.0 section 8.1.4). */
@ApiTags('Verification')
@ApiBearerAuth('receiver')
@Controller('ssf/:slug/verify')
@UseGuards(ReceiverGuard)
@UseFilters(ReceiverErrorFilter)
export class VerificationController {
  constructor(
    private readonly streams: ReceiverStreamsService,
    private readonly verification: StreamVerificationService,
  ) {}

  /** SSF 1.0 section 8.1.4.2: 204 says that the event will be sent, not that it was */
  @Post()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @RequireScope('ssf.manage')
  @ApiOperation({ operationId: 'verifyStream', summary: 'Ask for a verification event' })
  @ApiBody({ type: VerifyDto })
  @ApiResponse({ status: 204 })
  @ReceiverErrors(400, 401, 403, 404, 429)
  async verify(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<void> {
    const { streamId, state } = parseVerifyRequest(body, { legacy: receiver.application.legacyProfile });
    const stream = await this.streams.get(receiver, streamId);
    await this.verification.verify(stream, state, { isLimited: true });
  }
}
