import type { INestApplication } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES, readRawBody } from './json-body.js';
import { isNdjson, NDJSON_TYPE } from './ndjson.js';

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
    // what comes line by line is read as it is needed
    if (!owns(pathOfUrl(request.url)) || isNdjson(request.headers['content-type'])) {
      next();
      return;
    }
    // a body that was read to its end is left alone by the parsers that come later
    readRawBody(request)
      .catch((error: unknown) => error)
      .then((body) => {
        request.body = body;
        // of what is too large the rest is still there: the parsers that come later would take it for the whole
        if (body instanceof Error) request.headers['content-type'] = undefined;
        next();
      })
      .catch(next);
  });
}

/** The part of Fastify that is needed; a host on Express has no Fastify. */
interface FastifyLike {
  addContentTypeParser(
    type: string,
    parser: (request: unknown, body: unknown, done: (error: Error | null) => void) => void,
  ): unknown;
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body: string) => void) => void,
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
    // a small buffer would keep the 8 KiB alive that it was cut from, for as long as a long poll is held
    (_request, body, done) => done(null, body.toString('utf8')),
  );
  // left unread: whoever takes it reads it line by line
  fastify.addContentTypeParser(NDJSON_TYPE, (_request, _body, done) => done(null));
  const ownTypes = new WeakMap<IncomingMessage, string | undefined>();
  // the parser is chosen by the header after this hook; the sender's own value is put back for the guards
  fastify.addHook('onRequest', ({ url, raw }, _reply, done) => {
    const { headers } = raw;
    if (owns(pathOfUrl(url)) && !isNdjson(headers['content-type'])) {
      ownTypes.set(raw, headers['content-type']);
      const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
      // a type without a body, which many clients send, would have the parser complain of the body
      headers['content-type'] = hasBody ? RAW_TYPE : undefined;
    }
    done();
  });
  fastify.addHook('preValidation', ({ raw }, _reply, done) => {
    if (ownTypes.has(raw)) {
      raw.headers['content-type'] = ownTypes.get(raw);
      ownTypes.delete(raw);
    }
    done();
  });
}

function pathOfUrl(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? '';
}
