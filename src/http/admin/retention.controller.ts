import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { decodeDayCursor, pageSize, toPage } from '../../platform/paging/page.js';
import { RetentionService } from '../../retention/retention.service.js';
import { PayloadExpungeService } from '../../signals/payload-expunge.service.js';
import { AdminController, RequireRole } from './admin-api.decorators.js';
import { PageQueryDto } from './dto/page.dto.js';
import { RetentionDto, toPayloadRetentionDto, toRetainedDayDto } from './dto/retention.dto.js';

@AdminController('Retention')
@Controller('api/v1/retention')
export class RetentionController {
  constructor(
    private readonly retention: RetentionService,
    private readonly payloads: PayloadExpungeService,
  ) {}

  /** Changes nothing: what the next round of housekeeping would drop or take the personal data out of, what stays, and why. */
  @Get()
  @RequireRole('viewer')
  @ApiOperation({
    operationId: 'readRetention',
    summary: 'List the days of the history and what becomes of them, oldest first',
  })
  @ApiResponse({ status: 200, type: RetentionDto })
  async read(@Query() query: PageQueryDto): Promise<RetentionDto> {
    const after = decodeDayCursor(query.cursor);
    const { days, retentionDays } = await this.retention.plan();
    const rest = after === undefined ? days : days.filter(({ day }) => day > after);
    const { data, nextCursor } = toPage(rest, pageSize(query), ({ day }) => day);
    const payloads = toPayloadRetentionDto(await this.payloads.plan());
    return { retentionDays, payloads, data: data.map(toRetainedDayDto), nextCursor };
  }
}
