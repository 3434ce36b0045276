import type { IncomingMessage } from 'node:http';

/** What Express' and Fastify's requests have in common. */
export interface AnyRequest {
  readonly headers: IncomingMessage['headers'];
  readonly query: unknown;
  readonly body?: unknown;
  readonly ip?: string;
  readonly method: string;
  readonly originalUrl: string;
  /** Fastify: Node's own request */
  readonly raw?: IncomingMessage;
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
