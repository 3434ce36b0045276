import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { AdminController, RequireRole, UnavailableProblem } from './admin-api.decorators.js';
import { StatsDto, StatsQueryDto } from './dto/stats.dto.js';
import { StatsService } from './stats.service.js';

@AdminController('Statistics')
@Controller('api/v1/stats')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

  /** Of what was made in a stretch of time; streams and queues as they are. */
  @Get()
  @RequireRole('viewer')
  @ApiOperation({ operationId: 'getStats', summary: 'Count signals, SETs, attempts, streams and what waits' })
  @ApiResponse({ status: 200, type: StatsDto })
  @UnavailableProblem('Too much to count.', 'counting took too long: ask for a shorter time')
  get(@Query() query: StatsQueryDto): Promise<StatsDto> {
    return this.stats.get(query);
  }
}
