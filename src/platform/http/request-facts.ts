import type { IncomingMessage } from 'node:http';

/** What Express' and Fastify's requests have in common. */
export interface AnyRequest {
  readonly headers: IncomingMessage['headers'];
  readonly query: unknown;
  readonly body?: unknown;
  readonly ip?: string;
  readonly socket?: object | null;
  readonly method: string;
  readonly originalUrl: string;
  /** Fastify: Node's own request */
  readonly raw?: IncomingMessage;
}

/** An id of a request that may be written down as it was sent. */
export const REQUEST_ID = /^[\w.-]{1,64}$/;

/** Where a request came from, and by which name it is in the log. */
export interface RequestOrigin {
  readonly address: string | undefined;
  readonly requestId: string | undefined;
}

/** The address as the proxies tell it that the host trusts; the id that the request log gave, else the caller's. */
export function originOf(request: AnyRequest): RequestOrigin {
  const { id }: { id?: unknown } = request.raw ?? (request as unknown as IncomingMessage & { id?: unknown });
  const requestId = typeof id === 'string' ? id : headerOf(request, 'x-request-id');
  return {
    // Express asks the socket, which a request whose body was given up has no more
    address: request.socket ? request.ip : undefined,
    requestId: requestId !== undefined && REQUEST_ID.test(requestId) ? requestId : undefined,
  };
}

export function headerOf(request: AnyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** One value of a query parameter; undefined when it is absent, an array when it was given several times. */
export function queryOf(request: AnyRequest, name: string): unknown {
  const { query } = request;
  return typeof query === 'object' && query !== null ? (query as Record<string, unknown>)[name] : undefined;
}

/** The path without the query. */
export function pathOf(request: AnyRequest): string {
  return request.originalUrl.split('?', 1)[0] ?? '';
}
