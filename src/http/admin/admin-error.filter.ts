import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { type ErrorFormat, ErrorResponder } from '../../platform/http/error-responder.js';
import { statusOf } from '../../platform/http/error-status.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Body too large',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
};

/** RFC 9457 problems. `errors` names each wrong member by its path. */
export const PROBLEM_JSON: ErrorFormat = {
  contentType: 'application/problem+json; charset=utf-8',
  toBody: (error) => {
    const status = statusOf(error.code);
    return {
      type: 'about:blank',
      title: TITLES[status] ?? 'Error',
      status,
      code: error.code,
      detail: error.message,
      ...(error.problems.length > 0 && { errors: error.problems }),
      ...error.extension,
    };
  },
};

@Injectable()
@Catch()
export class AdminErrorFilter implements ExceptionFilter {
  constructor(private readonly responder: ErrorResponder) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.responder.respond(thrown, host, PROBLEM_JSON);
  }
}
