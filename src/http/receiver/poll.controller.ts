import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Req,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { ApiExcludeEndpoint, ApiTags } from '@nestjs/swagger';
import { parsePollRequest } from '../../core/delivery/poll-request.js';
import { SsfError } from '../../core/errors.js';
import { PollService } from '../../delivery/poll.service.js';
import type { PollAnswer } from '../../delivery/waiting-poll.js';
import { disconnection } from '../../platform/http/disconnection.js';
import { JsonBody } from '../../platform/http/json-body.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { ReceiverStreamsService } from './receiver-streams.service.js';
import { ProviderPath, ReceiverOperation } from './receiver-api.decorators.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { ReceiverGuard } from './receiver.guard.js';
import { POLL_STREAM } from './receiver-operations.js';
import { Receiver, type ReceiverContext } from './receiver.js';

/** The poll endpoint of a stream (RFC 8936). */
@ApiTags('Poll delivery')
@ProviderPath()
@Controller('ssf/:slug/streams/:streamId/poll')
@UseFilters(ReceiverErrorFilter)
export class PollController {
  constructor(
    private readonly streams: ReceiverStreamsService,
    private readonly polls: PollService,
  ) {}

  /** RFC 8936 section 2.4: acknowledges, refuses and fetches SETs */
  @Post()
  @HttpCode(200)
  @UseGuards(ReceiverGuard)
  @Header('Cache-Control', 'no-store')
  @ReceiverOperation(POLL_STREAM)
  async poll(
    @Receiver() receiver: ReceiverContext,
    @Param('streamId') streamId: string,
    @JsonBody() body: unknown,
    @Req() request: AnyRequest,
  ): Promise<PollAnswer> {
    const pollRequest = parsePollRequest(body);
    const stream = await this.streams.get(receiver, streamId);
    if (stream.method !== 'poll') throw new SsfError('not_found', 'there is no such stream');
    return this.polls.poll(stream, pollRequest, disconnection(request));
  }

  // RFC 8936 section 2.4: POST only; each method by itself, as the adapters have no catch-all in common
  @Get()
  @ApiExcludeEndpoint()
  get(): never {
    throw postOnly();
  }

  @Put()
  @ApiExcludeEndpoint()
  put(): never {
    throw postOnly();
  }

  @Patch()
  @ApiExcludeEndpoint()
  patch(): never {
    throw postOnly();
  }

  @Delete()
  @ApiExcludeEndpoint()
  delete(): never {
    throw postOnly();
  }
}

function postOnly(): SsfError {
  return new SsfError('method_not_allowed', 'the poll endpoint takes POST only', { allow: 'POST' });
}
