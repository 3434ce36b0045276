import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Page } from '../../platform/paging/page.js';
import { SetHistoryService } from '../../queue/set-history.service.js';
import { AdminController, NotFoundProblem } from './admin-api.decorators.js';
import { SetDto, SetPageDto, SetQueryDto, SetSummaryDto, toSetDto, toSetSummaryDto } from './dto/set.dto.js';
import { SubjectSearchService } from './subject-search.service.js';

@AdminController('SETs')
@Controller('api/v1/sets')
export class SetsController {
  constructor(
    private readonly history: SetHistoryService,
    private readonly subjects: SubjectSearchService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSets', summary: 'List SETs, newest first' })
  @ApiResponse({ status: 200, type: SetPageDto })
  async list(@Query() { limit, cursor, subject, ...filter }: SetQueryDto): Promise<Page<SetSummaryDto>> {
    const subjectHashes =
      subject === undefined ? undefined : await this.subjects.hashes(subject, filter.providerId);
    const { data, nextCursor } = await this.history.list({ ...filter, subjectHashes }, { limit, cursor });
    return { data: data.map(toSetSummaryDto), nextCursor };
  }

  @Get(':jti')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'getSet', summary: 'Read a SET with its claims and attempts' })
  @ApiResponse({ status: 200, type: SetDto })
  async get(@Param('jti') jti: string): Promise<SetDto> {
    return toSetDto(await this.history.get(jti));
  }
}
