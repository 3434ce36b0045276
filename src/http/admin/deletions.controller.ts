import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { OwnerDeletionService } from '../../streams/owner-deletion.service.js';
import { StreamsService } from '../../streams/streams.service.js';
import { AdminController, NotFoundProblem, RequireRole } from './admin-api.decorators.js';
import { DeletionDto, toDeletionDto } from './dto/deletion.dto.js';

/** What a DELETE would take along. It changes nothing; the DELETE counts once more, when nothing can come in between. */
@AdminController('Deletions')
@Controller('api/v1')
export class DeletionsController {
  constructor(
    private readonly owners: OwnerDeletionService,
    private readonly streams: StreamsService,
  ) {}

  @Get('providers/:id/deletion')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'previewProviderDeletion', summary: 'Tell what would go with a provider' })
  @ApiResponse({ status: 200, type: DeletionDto })
  async provider(@Param('id') id: string): Promise<DeletionDto> {
    return toDeletionDto(await this.owners.withProvider(id));
  }

  @Get('applications/:id/deletion')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({
    operationId: 'previewApplicationDeletion',
    summary: 'Tell what would go with an application',
  })
  @ApiResponse({ status: 200, type: DeletionDto })
  async application(@Param('id') id: string): Promise<DeletionDto> {
    return toDeletionDto(await this.owners.withApplication(id));
  }

  @Get('streams/:id/deletion')
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'previewStreamDeletion', summary: 'Tell what would go with a stream' })
  @ApiResponse({ status: 200, type: DeletionDto })
  async stream(@Param('id') id: string): Promise<DeletionDto> {
    return toDeletionDto(await this.streams.withStream((await this.streams.get(id)).id));
  }
}
