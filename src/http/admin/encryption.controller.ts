import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Resealing } from '../../platform/secrets/resealing.js';
import { AdminController, RequireRole } from './admin-api.decorators.js';
import { ResealReportDto } from './dto/encryption.dto.js';

@AdminController('Encryption at rest')
@Controller('api/v1/encryption')
export class EncryptionController {
  constructor(private readonly resealing: Resealing) {}

  /**
   * After a new key was put in front of `SSF_ENCRYPTION_KEY` in all processes: encrypts with it what was encrypted with
   * another. When nothing is unreadable, the others can be taken out. Harmless when repeated.
   */
  @Post('reseal')
  @RequireRole('admin')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resealSecrets', summary: 'Encrypt all secrets with the first key' })
  @ApiResponse({ status: 200, type: ResealReportDto })
  async reseal(): Promise<ResealReportDto> {
    return { data: await this.resealing.run() };
  }
}
