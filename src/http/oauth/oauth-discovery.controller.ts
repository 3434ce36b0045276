import { Controller, Get, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiExcludeEndpoint, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { TOKEN_SCOPES } from '../../applications/application-token.entity.js';
import { CLIENT_AUTH_METHODS } from '../../applications/oauth-client.entity.js';
import { buildAuthorizationServerMetadata } from '../../core/discovery/authorization-server-metadata.js';
import { wellKnownUrl } from '../../core/discovery/well-known.js';
import { SsfError } from '../../core/errors.js';
import { CLIENT_ASSERTION_ALGORITHMS } from '../../core/oauth/client-jwks.js';
import { replyPublicDocument } from '../../platform/http/public-document.js';
import { type AnyRequest, pathOf } from '../../platform/http/request-facts.js';
import { AuthorizationServer } from './authorization-server.js';
import { AuthorizationServerGuard } from './authorization-server.guard.js';
import { OAuthErrorFilter } from './oauth-error.filter.js';

const SUFFIX = 'oauth-authorization-server';
/** Segments of the public URL and the route prefix together. */
const MAX_BASE_SEGMENTS = 6;
/** A base with a path, at each depth by itself; never a path that can only be another server's, such as a host's. */
const DEEPER_PATHS = Array.from(
  { length: MAX_BASE_SEGMENTS },
  (_, depth) => `${SUFFIX}/${Array.from({ length: depth + 1 }, (__, index) => `:s${index}`).join('/')}/oauth`,
);

/** Metadata of the built-in authorization server (RFC 8414 section 3). Public. */
@ApiTags('Discovery')
@Controller('.well-known')
@UseGuards(AuthorizationServerGuard)
@UseFilters(OAuthErrorFilter)
export class OAuthDiscoveryController {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** RFC 8414 section 3.1: the issuer's path follows the well-known one */
  @Get(`${SUFFIX}/oauth`)
  @ApiSecurity({})
  @ApiOperation({
    operationId: 'discoverAuthorizationServer',
    summary: 'Metadata of the built-in authorization server',
  })
  @ApiResponse({ status: 200, description: 'RFC 8414 section 2' })
  read(@Req() request: AnyRequest, @Res() response: unknown): void {
    const { issuer } = this.server;
    if (pathOf(request) !== new URL(wellKnownUrl(issuer, SUFFIX)).pathname)
      throw new SsfError('not_found', 'no issuer has its metadata here');
    const document = buildAuthorizationServerMetadata({
      issuer,
      scopes: TOKEN_SCOPES,
      clientAuthMethods: CLIENT_AUTH_METHODS,
      assertionAlgorithms: CLIENT_ASSERTION_ALGORITHMS,
    });
    replyPublicDocument(this.adapterHost.httpAdapter, request, response, document);
  }

  @Get(DEEPER_PATHS)
  @ApiExcludeEndpoint()
  readDeeper(@Req() request: AnyRequest, @Res() response: unknown): void {
    this.read(request, response);
  }
}
