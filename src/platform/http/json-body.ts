import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { invalidRequest, SsfError } from '../../core/errors.js';
import { unstorableText } from '../../core/unstorable-text.js';
import { chunksOf } from './chunks.js';
import { type AnyRequest, headerOf } from './request-facts.js';

/** The largest body that any endpoint takes: 1,000 signals fit well. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

const JSON_TYPE = /^application\/(json|[\w.-]+\+json)\s*(;|$)/i;

/**
 * The JSON body of a request, on Express and on Fastify, after the guards: a caller that may not call learns
 * nothing about its body. Content-Type may be absent (the examples of SSF 1.0 section 8.1.1 have none) or JSON.
 * Undefined when there is no body. Throws `invalid_request`.
 */
export const JsonBody = createParamDecorator((_: undefined, context: ExecutionContext): Promise<unknown> =>
  readJsonBody(context.switchToHttp().getRequest<AnyRequest>()),
);

export async function readJsonBody(request: AnyRequest): Promise<unknown> {
  const type = headerOf(request, 'content-type');
  if (type !== undefined && !JSON_TYPE.test(type))
    throw new SsfError('invalid_request', 'the Content-Type must be application/json');
  const body = await readBody(request);
  const value = typeof body === 'string' || Buffer.isBuffer(body) ? parse(body.toString('utf8')) : body;
  const unstorable = unstorableText(value);
  if (unstorable !== undefined)
    throw invalidRequest({ member: unstorable, message: 'must not hold U+0000 or half of a surrogate pair' });
  return value;
}

/** The body as somebody has parsed it, or else its bytes. Throws `payload_too_large`. */
export async function readBody(request: AnyRequest): Promise<unknown> {
  // a host's parser leaves a body without a Content-Type alone: then nobody has read it yet
  const body = request.body ?? (await readRawBody(request.raw ?? (request as unknown as IncomingMessage)));
  if (body instanceof SsfError) throw body;
  return body;
}

/** What is left of a request's body. Throws `payload_too_large`. */
export async function readRawBody(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  if (stream.readableEnded) return '';
  for await (const chunk of chunksOf(stream)) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES)
      throw new SsfError('payload_too_large', `the body is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SsfError('invalid_request', 'the body is not valid JSON', { cause: error });
  }
}
