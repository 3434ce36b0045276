import { Controller, HttpCode, Post, Req, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { NDJSON_TYPE, takesNdjson } from '../../platform/http/ndjson.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { Resealing } from '../../platform/secrets/resealing.js';
import { AdminController, RequireRole } from './admin-api.decorators.js';
import { ResealReportDto } from './dto/encryption.dto.js';
import { resealAnswer } from './reseal-answer.js';

@AdminController('Encryption at rest')
@ApiExtraModels(ResealReportDto)
@Controller('api/v1/encryption')
export class EncryptionController {
  constructor(private readonly resealing: Resealing) {}

  /**
   * After a new key was put in front of `SSF_ENCRYPTION_KEY` in all processes: encrypts with it what was encrypted with
   * another. When nothing is unreadable, the others can be taken out. Harmless when repeated.
   *
   * With `Accept: application/x-ndjson` the answer begins at once, and has a line after each 200 values: how far it is.
   * The last line is the report; an answer without it broke off, and the next call does the rest.
   */
  @Post('reseal')
  @RequireRole('admin')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resealSecrets', summary: 'Encrypt all secrets with the first key' })
  @ApiResponse({
    status: 200,
    description: 'Encrypted',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ResealReportDto) } },
      [NDJSON_TYPE]: {
        schema: { type: 'string', description: 'An entry of `data` per line, at last the whole report' },
      },
    },
  })
  async reseal(@Req() request: AnyRequest): Promise<ResealReportDto | StreamableFile> {
    const run = this.resealing.run();
    if (takesNdjson(headerOf(request, 'accept'))) return resealAnswer(run);
    for (;;) {
      const step = await run.next();
      if (step.done) return { data: step.value };
    }
  }
}
