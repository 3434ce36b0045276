import { Controller, Get, Param, Req, Res, UseFilters } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiTags } from '@nestjs/swagger';
import type { AnyRequest } from '../../platform/http/request-facts.js';
import { ProvidersService } from '../../providers/providers.service.js';
import { SigningKeysService } from '../../signing-keys/signing-keys.service.js';
import { replyPublicDocument } from '../../platform/http/public-document.js';
import { ProviderPath, ReceiverOperation } from './receiver-api.decorators.js';
import { ReceiverErrorFilter } from './receiver-error.filter.js';
import { READ_JWKS } from './receiver-operations.js';

/** The keys that a provider's SETs are verified with (RFC 7517). Public. */
@ApiTags('Discovery')
@ProviderPath()
@Controller('ssf/:slug/jwks.json')
@UseFilters(ReceiverErrorFilter)
export class JwksController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly signingKeys: SigningKeysService,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  @Get()
  @ReceiverOperation(READ_JWKS)
  async read(
    @Param('slug') slug: string,
    @Req() request: AnyRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const provider = await this.providers.getBySlug(slug);
    const keys = await this.signingKeys.publicKeys(provider.id);
    replyPublicDocument(this.adapterHost.httpAdapter, request, response, { keys });
  }
}
