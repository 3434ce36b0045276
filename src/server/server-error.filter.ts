import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { PROBLEM_JSON } from '../http/admin/admin-error.filter.js';
import { OAUTH_ERRORS } from '../http/oauth/oauth-error.filter.js';
import { RECEIVER_ERRORS } from '../http/receiver/receiver-error.filter.js';
import { type ErrorFormat, ErrorResponder } from '../platform/http/error-responder.js';
import { type AnyRequest, pathOf } from '../platform/http/request-facts.js';

/**
 * What no controller answered: unknown paths, bodies beyond the limit; in the form of the API that the path belongs
 * to. The server is its own host, so this may be global.
 */
@Injectable()
@Catch()
export class ServerErrorFilter implements ExceptionFilter {
  constructor(private readonly responder: ErrorResponder) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const path = pathOf(host.switchToHttp().getRequest<AnyRequest>());
    this.responder.respond(thrown, host, formatOf(path));
  }
}

function formatOf(path: string): ErrorFormat {
  if (path.startsWith('/ssf/') || path.startsWith('/.well-known/')) return RECEIVER_ERRORS;
  return path.startsWith('/oauth/') ? OAUTH_ERRORS : PROBLEM_JSON;
}
