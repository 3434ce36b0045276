import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { pinoHttp, type HttpLogger } from 'pino-http';
import { REQUEST_ID } from '../http/request-facts.js';

const HEALTH_CHECK = /\/(health|healthz|live|livez|ready|readyz)$/;
const MAX_PATH = 256;

/**
 * A middleware that logs one line per request: id, method, path without the query string, client address, status
 * and duration, never headers or bodies. The request id is the caller's `x-request-id` if that is harmless, otherwise a new
 * UUID; it is echoed in the response and is on every line of `req.log`.
 *
 * @example app.use(httpLogger(logger));
 */
export function httpLogger(logger: Logger): HttpLogger {
  return pinoHttp<IncomingMessage, ServerResponse>({
    logger,
    genReqId: requestId,
    // Only the id goes to the lines of a request, not the request itself.
    quietReqLogger: true,
    quietResLogger: true,
    wrapSerializers: false,
    customAttributeKeys: { reqId: 'requestId', responseTime: 'durationMs' },
    customLogLevel: (request, response) => {
      if (HEALTH_CHECK.test(pathOf(request))) return 'debug';
      return response.statusCode >= 500 ? 'error' : 'info';
    },
    customSuccessObject: (request, response, given) => describe(request, response, given),
    customErrorObject: (request, response, _error, given) => ({
      ...describe(request, response, given),
      // Without one, pino-http makes an error up from the status.
      ...(response.err === undefined ? {} : { err: response.err }),
    }),
    customSuccessMessage: (_request, response) =>
      response.writableFinished ? 'request completed' : 'request aborted',
    customErrorMessage: () => 'request failed',
  });
}

function describe(request: IncomingMessage, response: ServerResponse, given: unknown): object {
  return {
    method: request.method,
    path: pathOf(request),
    clientAddress: addressOf(request),
    status: response.statusCode,
    durationMs: durationOf(given),
  };
}

/** As Express and Fastify see it, with the proxies that they were told to trust. */
function addressOf(request: IncomingMessage & { ip?: unknown }): string | undefined {
  return typeof request.ip === 'string' ? request.ip : request.socket.remoteAddress;
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('x-request-id', id);
  return id;
}

/** The path that the client asked for: a router may have rewritten `url`. */
function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  const url = request.originalUrl ?? request.url ?? '';
  const end = url.indexOf('?');
  return (end < 0 ? url : url.slice(0, end)).slice(0, MAX_PATH);
}

function durationOf(given: unknown): number | undefined {
  if (typeof given !== 'object' || given === null || !('durationMs' in given)) return undefined;
  return typeof given.durationMs === 'number' ? given.durationMs : undefined;
}
