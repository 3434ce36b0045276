import type { INestApplication } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES, readRawBody } from './json-body.js';

const RAW_TYPE = 'application/x-ssf-raw';

export interface RawBodyOptions {
  /** Whether a path is one of the transmitter's. */
  readonly owns: (path: string) => boolean;
}

/**
 * Leaves the bodies of the transmitter's routes to its own reader, so that authentication is judged before the
 * body (SSF 1.0 tables: 401, then 400) and errors have the API's own form. Other routes are untouched. To be
 * called before the application listens; without it everything works, but a malformed body is answered by the
 * host's parser.
 */
export function useRawBodies(app: INestApplication, { owns }: RawBodyOptions): void {
  const adapter = app.getHttpAdapter();
  if (adapter.getType() === 'fastify') {
    leaveFastifyBodies(adapter.getInstance() as FastifyLike, owns);
    return;
  }
  app.use((request: IncomingMessage & { body?: unknown }, _response: ServerResponse, next: () => void) => {
    if (!owns(pathOfUrl(request.url))) {
      next();
      return;
    }
    // a body that was read to its end is left alone by the parsers that come later
    readRawBody(request)
      .catch((error: unknown) => error)
      .then((body) => {
        request.body = body;
        next();
      })
      .catch(next);
  });
}

/** The part of Fastify that is needed; a host on Express has no Fastify. */
interface FastifyLike {
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body: Buffer) => void) => void,
  ): unknown;
  addHook(
    name: 'onRequest' | 'preValidation',
    hook: (request: { url: string; raw: IncomingMessage }, reply: unknown, done: () => void) => void,
  ): unknown;
}

function leaveFastifyBodies(fastify: FastifyLike, owns: (path: string) => boolean): void {
  fastify.addContentTypeParser(
    RAW_TYPE,
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (_request, body, done) => done(null, body),
  );
  // the parser is chosen by the header after this hook; the sender's own value is put back for the guards
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (owns(pathOfUrl(request.url))) {
      const { headers } = request.raw;
      headers['x-ssf-content-type'] = headers['content-type'];
      const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
      // a type without a body, which many clients send, would have the parser complain of the body
      if (hasBody) headers['content-type'] = RAW_TYPE;
      else delete headers['content-type'];
    }
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const { headers } = request.raw;
    if ('x-ssf-content-type' in headers)
      headers['content-type'] = headers['x-ssf-content-type'] as string | undefined;
    delete headers['x-ssf-content-type'];
    done();
  });
}

function pathOfUrl(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}
