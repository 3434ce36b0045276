import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { decodeDayCursor, pageSize, toPage } from '../../platform/paging/page.js';
import { RetentionService } from '../../retention/retention.service.js';
import { AdminController, RequireRole } from './admin-api.decorators.js';
import { PageQueryDto } from './dto/page.dto.js';
import { RetentionDto, toRetainedDayDto } from './dto/retention.dto.js';

@AdminController('Retention')
@Controller('api/v1/retention')
export class RetentionController {
  constructor(private readonly retention: RetentionService) {}

  /** Changes nothing: what the next round of housekeeping would drop, what stays, and why. */
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
    return { retentionDays, data: data.map(toRetainedDayDto), nextCursor };
  }
}
