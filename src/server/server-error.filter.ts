import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { PROBLEM_JSON } from '../http/admin/admin-error.filter.js';
import { ErrorResponder } from '../platform/http/error-responder.js';

/** What no controller answered: unknown paths, bodies beyond the limit. The server is its own host, so it may be global. */
@Injectable()
@Catch()
export class ServerErrorFilter implements ExceptionFilter {
  constructor(private readonly responder: ErrorResponder) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.responder.respond(thrown, host, PROBLEM_JSON);
  }
}
