import { type ArgumentsHost, Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { SsfError } from '../../core/errors.js';
import { asSsfError, bearerChallenge, statusOf } from './error-status.js';

export interface ErrorFormat {
  readonly contentType: string;
  toBody(error: SsfError): Record<string, unknown>;
}

/** Answers errors on Express and on Fastify; each API brings its own format. */
@Injectable()
export class ErrorResponder {
  private readonly logger = new Logger('Http');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  respond(thrown: unknown, host: ArgumentsHost, format: ErrorFormat): void {
    const error = asSsfError(thrown);
    const status = statusOf(error.code);
    const line = { err: error.cause ?? error };
    if (error.code === 'unavailable') this.logger.warn(line, error.message);
    else if (status >= 500) this.logger.error(line, error.message);
    const { httpAdapter } = this.adapterHost;
    const response = host.switchToHttp().getResponse<unknown>();
    const headers = {
      'WWW-Authenticate': bearerChallenge(error),
      'Retry-After': error.retryAfterSeconds?.toString(),
      Allow: error.allow,
      ETag: error.entityTag,
      // what is left of the body is not worth reading
      Connection: error.code === 'payload_too_large' ? 'close' : undefined,
      'Cache-Control': 'no-store',
      'Content-Type': format.contentType,
    };
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined) httpAdapter.setHeader(response, name, value);
    httpAdapter.reply(response, format.toBody(error), status);
  }
}
