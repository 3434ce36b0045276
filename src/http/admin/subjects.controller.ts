import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import { JsonBody } from '../../platform/http/json-body.js';
import { decodeCursor, encodeCursor } from '../../platform/paging/page.js';
import { SubjectPurgeService } from '../../signals/subject-purge.service.js';
import { AdminController, NotFoundProblem, RequireRole } from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import { PurgeReportDto, PurgeSubjectDto, toPurgeReportDto } from './dto/subject.dto.js';
import { SubjectSearchService } from './subject-search.service.js';

@AdminController('Subjects')
@Controller('api/v1/subjects')
export class SubjectsController {
  constructor(
    private readonly search: SubjectSearchService,
    private readonly purges: SubjectPurgeService,
  ) {}

  /**
   * Takes the personal data out of what is stored about a subject. That something was sent, when and with what outcome
   * stays. 200 signals at a time: repeat it with `nextCursor` until that is null.
   */
  @Post('purge')
  @RequireRole('admin')
  @HttpCode(200)
  @NotFoundProblem()
  @ApiOperation({ operationId: 'purgeSubject', summary: 'Remove what is stored about a subject' })
  @ApiBody({ type: PurgeSubjectDto })
  @ApiResponse({ status: 200, type: PurgeReportDto })
  async purge(@JsonBody() body: PurgeSubjectDto, @Administrator() actor: Actor): Promise<PurgeReportDto> {
    const { providerId, subject, includePending = false, dryRun = false, cursor } = body;
    const request = { providerId, includePending, dryRun, after: decodeCursor(cursor) };
    const report = await this.purges.purge(
      { ...request, ...(await this.search.named(subject, providerId)) },
      actor,
    );
    return toPurgeReportDto(report, dryRun, report.last === undefined ? null : encodeCursor(report.last));
  }
}
