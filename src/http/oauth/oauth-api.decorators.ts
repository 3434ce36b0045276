import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiConsumes, ApiResponse } from '@nestjs/swagger';
import { OAuthErrorDto } from './oauth.dto.js';

/** How the OpenAPI document shows an endpoint that takes a form from a client. */
export function OAuthEndpoint(form: Type, answer?: Type): MethodDecorator {
  return applyDecorators(
    ApiBasicAuth('client'),
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({ type: form }),
    ApiResponse(answer ? { status: 200, type: answer } : { status: 200 }),
    ApiResponse({ status: 400, type: OAuthErrorDto, description: 'RFC 6749 section 5.2' }),
    ApiResponse({
      status: 401,
      type: OAuthErrorDto,
      description: 'The client is unknown, or could not prove who it is.',
    }),
  );
}
