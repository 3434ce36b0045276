import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { SigningKeysService } from '../../signing-keys/signing-keys.service.js';
import { AdminController, NotFoundProblem } from './admin-api.decorators.js';
import { SigningKeyListDto, toSigningKeyDto } from './dto/signing-key.dto.js';

@AdminController('Signing keys')
@Controller('api/v1/providers/:id/signing-keys')
export class SigningKeysController {
  constructor(private readonly signingKeys: SigningKeysService) {}

  /** Newest first; a provider has a handful, so they come on one page. */
  @Get()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'listSigningKeys', summary: "List a provider's signing keys" })
  @ApiResponse({ status: 200, type: SigningKeyListDto })
  async list(@Param('id') id: string): Promise<SigningKeyListDto> {
    const keys = await this.signingKeys.list(id);
    return { data: keys.map(toSigningKeyDto), nextCursor: null };
  }
}
