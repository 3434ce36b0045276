import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { type ErrorFormat, ErrorResponder } from '../../platform/http/error-responder.js';

/**
 * Errors of the receiver API, in the shape of RFC 8935 section 2.3. They say what is wrong with the request, never
 * whether another receiver's stream or a subject exists (SSF 1.0 section 9.1).
 */
export const RECEIVER_ERRORS: ErrorFormat = {
  contentType: 'application/json; charset=utf-8',
  toBody: (error) => ({ err: error.code, description: error.message }),
};

@Injectable()
@Catch()
export class ReceiverErrorFilter implements ExceptionFilter {
  constructor(private readonly responder: ErrorResponder) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    this.responder.respond(thrown, host, RECEIVER_ERRORS);
  }
}
