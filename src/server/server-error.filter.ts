import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { PROBLEM_JSON } from '../http/admin/admin-error.filter.js';
import { RECEIVER_ERRORS } from '../http/receiver/receiver-error.filter.js';
import { ErrorResponder } from '../platform/http/error-responder.js';
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
    const isReceiver = path.startsWith('/ssf/') || path.startsWith('/.well-known/');
    this.responder.respond(thrown, host, isReceiver ? RECEIVER_ERRORS : PROBLEM_JSON);
  }
}
