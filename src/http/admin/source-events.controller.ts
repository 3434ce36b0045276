import { Controller, HttpCode, Param, Post, Req, UseFilters } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { productProfile } from '../../core/sources/source-profiles.js';
import { readJsonBody } from '../../platform/http/json-body.js';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { inTraceOf } from '../../platform/tracing/contexts.js';
import { SourceEventsService } from '../../signals/sources/source-events.service.js';
import { AdminErrorFilter } from './admin-error.filter.js';
import { BadRequestProblem, UnauthenticatedProblem } from './admin-api.decorators.js';
import { SourceOutcomesDto } from './dto/source.dto.js';
import { SOURCE_CONTENT } from './signal-body.js';
import { readSignalItems } from './read-signal-items.js';
import { SourceAuthenticationService } from './source-authentication.service.js';

/** Where other systems send their events: with the token of the source, not the administrator's. */
@ApiTags('Signal sources')
@ApiBearerAuth('source')
@UseFilters(AdminErrorFilter)
@BadRequestProblem()
@UnauthenticatedProblem()
@Controller('api/v1/sources')
export class SourceEventsController {
  constructor(
    private readonly authentication: SourceAuthenticationService,
    private readonly events: SourceEventsService,
  ) {}

  /**
   * In the form of the source's profile; `provider` may be absent. Authenticated by the source's token, or by the
   * signature of the product. Sent again, it is the same signal.
   */
  @Post(':id/events')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'sendEvents',
    summary: 'Send what happened, as a signal source',
    requestBody: { required: true, content: SOURCE_CONTENT },
  })
  @ApiResponse({ status: 202, type: SourceOutcomesDto })
  async send(@Param('id') id: string, @Req() request: AnyRequest): Promise<SourceOutcomesDto> {
    const source = await this.authentication.authenticate(id, request);
    if (productProfile(source.profile)) {
      const event = await readJsonBody(request);
      return { data: await inTraceOf(request.headers, () => this.events.takeEvent(source, event)) };
    }
    const form = source.profile === 'cloudevents' ? 'cloudevents' : 'signal';
    const items = await readSignalItems(request, form);
    return { data: await inTraceOf(request.headers, () => this.events.takeSignals(source, items)) };
  }
}
