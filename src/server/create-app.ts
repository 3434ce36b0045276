import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { DataSourceOptions } from 'typeorm';
import { setupSsfDocs } from '../http/ssf-docs.js';
import type { SsfOptions } from '../platform/config/ssf-options.js';
import { useRawBodies } from '../platform/http/raw-bodies.js';
import { PinoNestLogger } from '../platform/telemetry/nest-logger.js';
import { httpLogger } from '../platform/telemetry/request-log.js';
import { securityHeaders } from './security-headers.js';
import { ServerModule } from './server.module.js';
import { TLS_PROTOCOL, type TlsPair } from './tls-pair.js';

/** Headers are a few hundred bytes. */
const HEADERS_TIMEOUT_MS = 20_000;
const CHECK_MS = 5_000;

export interface AppOptions {
  readonly dataSource: DataSourceOptions;
  readonly ssf: SsfOptions;
  readonly logger: Logger;
  readonly trustProxy?: boolean | number | string;
  /** default: 300 */
  readonly requestTimeoutSeconds?: number;
  /** the server speaks https */
  readonly tls?: TlsPair;
}

/** The standalone application, ready to listen. */
export async function createApp(options: AppOptions): Promise<NestFastifyApplication> {
  const limits = requestLimits(options.requestTimeoutSeconds ?? 300);
  const adapter = new FastifyAdapter({
    trustProxy: trustProxy(options.trustProxy ?? false),
    // a path that is no path of ours is a 404, not a redirect
    routerOptions: { ignoreTrailingSlash: false },
    // Fastify would let a request take for ever
    requestTimeout: limits.requestTimeout,
    ...(options.tls ? { https: { ...options.tls, ...TLS_PROTOCOL, ...limits } } : { http: limits }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    ServerModule.with({ dataSource: options.dataSource, ssf: options.ssf }),
    adapter,
    { logger: new PinoNestLogger(options.logger), bodyParser: false, abortOnError: false },
  );
  app.use(securityHeaders({ isHttps: options.ssf.publicUrl.startsWith('https:') }));
  app.use(withoutFastifyId);
  app.use(httpLogger(options.logger));
  useRawBodies(app, { owns: () => true });
  if (options.ssf.adminApi !== false || options.ssf.receiverApi !== false) setupSsfDocs(app);
  return app;
}

/** A client that sends a request byte by byte would keep its connection and its memory (slow loris). */
function requestLimits(seconds: number): {
  requestTimeout: number;
  headersTimeout: number;
  connectionsCheckingInterval: number;
} {
  const requestTimeout = seconds * 1000;
  return {
    requestTimeout,
    headersTimeout: Math.min(requestTimeout, HEADERS_TIMEOUT_MS),
    connectionsCheckingInterval: Math.min(requestTimeout, CHECK_MS),
  };
}

/** A number of hops, as Express takes it, is a function for Fastify. */
function trustProxy(
  trusted: boolean | number | string,
): boolean | string | ((address: string, hop: number) => boolean) {
  return typeof trusted === 'number' ? (_address, hop) => hop < trusted : trusted;
}

/** Fastify's own counter would keep the logger from using the caller's `x-request-id`. */
function withoutFastifyId(request: { id?: unknown }, _response: unknown, next: () => void): void {
  // not deleted, which would make the request a slow object of twice the size
  request.id = undefined;
  next();
}
