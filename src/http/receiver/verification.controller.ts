import { Controller, Header, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { JsonBody } from '../../platform/http/json-body.js';
import { StreamVerificationService } from '../../streams/stream-verification.service.js';
import { parseVerifyRequest } from './parse-receiver-request.js';
import { ProviderPath, ReceiverOperation } from './receiver-api.decorators.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { VERIFY_STREAM } from './receiver-operations.js';
import { Receiver, type ReceiverContext } from './receiver.js';

/** The verification endpoint (SSF 1.0 section 8.1.4). */
@ApiTags('Verification')
@ProviderPath()
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
  @ReceiverOperation(VERIFY_STREAM)
  async verify(@Receiver() receiver: ReceiverContext, @JsonBody() body: unknown): Promise<void> {
    const { streamId, state } = parseVerifyRequest(body, { legacy: receiver.application.legacyProfile });
    const stream = await this.streams.get(receiver, streamId);
    await this.verification.verify(stream, state, receiver.actor);
  }
}
