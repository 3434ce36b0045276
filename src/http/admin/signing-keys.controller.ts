import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { Actor } from '../../audit/actor.js';
import { JsonBody } from '../../platform/http/json-body.js';
import { KeyRotationService } from '../../signing-keys/key-rotation.service.js';
import { SigningKeysService } from '../../signing-keys/signing-keys.service.js';
import {
  AdminController,
  ConflictProblem,
  Idempotent,
  NotFoundProblem,
  RequireRole,
} from './admin-api.decorators.js';
import { Administrator } from './administrator.js';
import {
  ImportSigningKeyDto,
  RotateSigningKeyDto,
  SigningKeyDto,
  SigningKeyListDto,
  toSigningKeyDto,
} from './dto/signing-key.dto.js';

@AdminController('Signing keys')
@Controller('api/v1/providers/:id/signing-keys')
export class SigningKeysController {
  constructor(
    private readonly signingKeys: SigningKeysService,
    private readonly rotation: KeyRotationService,
  ) {}

  /** Newest first; a provider has a handful, so they come on one page. */
  @Get()
  @RequireRole('viewer')
  @NotFoundProblem()
  @ApiOperation({ operationId: 'listSigningKeys', summary: "List a provider's signing keys" })
  @ApiResponse({ status: 200, type: SigningKeyListDto })
  async list(@Param('id') id: string): Promise<SigningKeyListDto> {
    const keys = await this.signingKeys.list(id);
    return { data: keys.map(toSigningKeyDto), nextCursor: null };
  }

  /**
   * Makes the next key. It is published at once and signs from `activatesAt` on, when every receiver can know it. What
   * the key before it has signed stays verifiable.
   */
  @Post('rotate')
  @RequireRole('admin')
  @ConflictProblem(
    'There is a next key already.',
    'the key mPsp4k2v (RS256) is next already, and signs from 2026-11-22T10:06:00.000Z on: wait for it, or delete it',
  )
  @Idempotent()
  @NotFoundProblem()
  @ApiOperation({ operationId: 'rotateSigningKey', summary: "Rotate a provider's signing key" })
  @ApiBody({ type: RotateSigningKeyDto, required: false })
  @ApiResponse({ status: 201, type: SigningKeyDto })
  async rotate(
    @Param('id') id: string,
    @JsonBody() body: RotateSigningKeyDto,
    @Administrator() actor: Actor,
  ): Promise<SigningKeyDto> {
    return toSigningKeyDto(await this.rotation.rotate(id, body.immediately ?? false, actor));
  }

  /** It becomes the next key, or signs at once; keys that are made later are of its algorithm. */
  @Post()
  @RequireRole('admin')
  @ConflictProblem(
    'There is a next key already, or one with this kid.',
    'kid: the provider has a key 2026-11 already',
  )
  @Idempotent()
  @NotFoundProblem()
  @ApiOperation({
    operationId: 'importSigningKey',
    summary: 'Import a private key, as PEM or JWK, or a key of the remote signer',
  })
  @ApiBody({ type: ImportSigningKeyDto })
  @ApiResponse({ status: 201, type: SigningKeyDto })
  async import(
    @Param('id') id: string,
    @JsonBody() body: ImportSigningKeyDto,
    @Administrator() actor: Actor,
  ): Promise<SigningKeyDto> {
    const { immediately = false, ...key } = body;
    return toSigningKeyDto(await this.rotation.import(id, key, immediately, actor));
  }

  /** Of a key that has not signed yet, or has retired. */
  @Delete(':kid')
  @RequireRole('admin')
  @HttpCode(204)
  @NotFoundProblem()
  @ConflictProblem(
    'The key is needed.',
    'SETs that the key signed may be under way: it can be deleted after 2026-12-22T10:06:00.000Z',
  )
  @ApiOperation({ operationId: 'deleteSigningKey', summary: 'Delete a signing key' })
  @ApiResponse({ status: 204 })
  async delete(
    @Param('id') id: string,
    @Param('kid') kid: string,
    @Administrator() actor: Actor,
  ): Promise<void> {
    await this.rotation.delete(id, kid, actor);
  }
}
