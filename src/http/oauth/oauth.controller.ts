import { Controller, Get, HttpCode, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { type ParsedUrlQueryInput, stringify } from 'node:querystring';
import { AUTHORIZATION_SERVER_PATHS } from '../../core/discovery/authorization-server-metadata.js';
import { readBody } from '../../platform/http/json-body.js';
import { replyPublicDocument } from '../../platform/http/public-document.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { AuthorizationServer } from './authorization-server.js';
import { AuthorizationServerGuard } from './authorization-server.guard.js';
import { OAuthEndpoint } from './oauth-api.decorators.js';
import { OAuthErrorFilter } from './oauth-error.filter.js';
import {
  IntrospectionDto,
  IntrospectionRequestDto,
  RevocationRequestDto,
  TokenAnswerDto,
  TokenRequestDto,
} from './oauth.dto.js';

/** What of oidc-provider's headers is meant for the client. */
const PASSED_ON = ['content-type', 'www-authenticate'];

/**
 * The endpoints of the built-in authorization server. Only these reach oidc-provider: of what it has besides, such as
 * an authorization endpoint, nothing is there.
 */
@ApiTags('Authorization server')
@Controller('oauth')
@UseGuards(AuthorizationServerGuard)
@UseFilters(OAuthErrorFilter)
export class OAuthController {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  /** RFC 6749 section 4.4 */
  @Post('token')
  @HttpCode(200)
  @ApiOperation({ operationId: 'requestToken', summary: 'Get an access token by client credentials' })
  @OAuthEndpoint(TokenRequestDto, TokenAnswerDto)
  token(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.pass(AUTHORIZATION_SERVER_PATHS.token, request, response);
  }

  /** RFC 7662; a client learns about its own tokens alone */
  @Post('introspection')
  @HttpCode(200)
  @ApiOperation({ operationId: 'introspectToken', summary: 'Ask whether a token is active' })
  @OAuthEndpoint(IntrospectionRequestDto, IntrospectionDto)
  introspect(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.pass(AUTHORIZATION_SERVER_PATHS.introspection, request, response);
  }

  /** RFC 7009; 200 too when there is no such token */
  @Post('revocation')
  @HttpCode(200)
  @ApiOperation({ operationId: 'revokeAccessToken', summary: 'End a token before it expires' })
  @OAuthEndpoint(RevocationRequestDto)
  revoke(@Req() request: AnyRequest, @Res() response: unknown): Promise<void> {
    return this.pass(AUTHORIZATION_SERVER_PATHS.revocation, request, response);
  }

  /** Tokens are opaque and nothing else is signed, so there are no keys. */
  @Get('jwks')
  @ApiSecurity({})
  @ApiOperation({
    operationId: 'readOAuthJwks',
    summary: 'JWK Set of the authorization server, without keys',
  })
  @ApiResponse({ status: 200, description: 'RFC 7517 section 5' })
  jwks(@Req() request: AnyRequest, @Res() response: unknown): void {
    replyPublicDocument(this.adapterHost.httpAdapter, request, response, { keys: [] });
  }

  private async pass(path: string, request: AnyRequest, response: unknown): Promise<void> {
    const answer = await this.server.answer({
      path,
      authorization: headerOf(request, 'authorization'),
      contentType: headerOf(request, 'content-type'),
      body: await formBytes(request),
    });
    const { httpAdapter } = this.adapterHost;
    for (const name of PASSED_ON) {
      const value = answer.headers[name];
      if (value !== undefined) httpAdapter.setHeader(response, name, String(value));
    }
    // RFC 6749 section 5.1
    httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
    httpAdapter.setHeader(response, 'Pragma', 'no-cache');
    httpAdapter.setHeader(response, 'X-Content-Type-Options', 'nosniff');
    httpAdapter.reply(response, answer.body, answer.status);
  }
}

/** A host may have parsed the form already: then it is written down again, repeated parameters repeated. */
async function formBytes(request: AnyRequest): Promise<Buffer> {
  const body = await readBody(request);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : stringify(body as ParsedUrlQueryInput));
}
