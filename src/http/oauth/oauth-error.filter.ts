import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import type { SsfErrorCode } from '../../core/errors.js';
import { type ErrorFormat, ErrorResponder } from '../../platform/http/error-responder.js';

/** RFC 6749 section 5.2; the codes for the server's own faults are those of section 4.1.2.1. */
export const OAUTH_ERRORS: ErrorFormat = {
  contentType: 'application/json; charset=utf-8',
  toBody: (error) => ({ error: oauthCode(error.code), error_description: error.message }),
};

function oauthCode(code: SsfErrorCode): string {
  if (code === 'internal') return 'server_error';
  return code === 'unavailable' ? 'temporarily_unavailable' : 'invalid_request';
}

/** What oidc-provider did not come to answer, in the form of what it answers. */
@Injectable()
@Catch()
export class OAuthErrorFilter implements ExceptionFilter {
  constructor(private readonly responder: ErrorResponder) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.responder.respond(thrown, host, OAUTH_ERRORS);
  }
}
