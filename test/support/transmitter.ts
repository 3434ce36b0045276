import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { Logger } from 'pino';
import { inject } from 'vitest';
import type { SsfOptions } from '../../src/platform/config/ssf-options.js';
import { createLogger } from '../../src/platform/telemetry/logger.js';
import { AdminClient } from './admin-client.js';
import { TestDatabase } from './database.js';
import { freePort } from './free-port.js';
import { startExpressHost } from './express-host.js';
import { startFastifyHost } from './fastify-host.js';

/** `silent` is the fastify host without a single listener on the module's emitter: the sweep must find all. */
export type HostKind = 'fastify' | 'express' | 'silent';

/** A running transmitter, whatever it is embedded in. */
export interface Transmitter {
  readonly baseUrl: string;
  readonly adminToken: string;
  readonly admin: AdminClient;
  readonly database: TestDatabase;
  /** every line that was logged, from `debug` up, those of its replicas among them */
  readonly logLines: readonly string[];
  readonly logger: Logger;
  /** what it was started with */
  readonly ssf: SsfOptions;
  /** Ends it and drops its database. */
  stop(): Promise<void>;
}

export interface HostSettings {
  readonly port: number;
  readonly database: TestDatabase;
  readonly ssf: SsfOptions;
  readonly logger: Logger;
}

/** What a host module starts; stopping it closes the application alone. */
export interface RunningHost {
  stop(): Promise<void>;
}

export type SsfOverrides = Partial<Omit<SsfOptions, 'publicUrl' | 'adminToken'>>;

const SILENT_SWEEP_MS = 100;

/** Starts a transmitter with a database of its own, on the host that the project runs on unless one is named. */
export async function startTransmitter(
  overrides: SsfOverrides = {},
  kind: HostKind = inject('host'),
): Promise<Transmitter> {
  return startTransmitterOn(
    (settings) =>
      kind === 'express' ? startExpressHost(settings) : startFastifyHost(settings, kind === 'silent'),
    { ...(kind === 'silent' && { sweepIntervalMs: SILENT_SWEEP_MS }), ...overrides },
  );
}

/** The same on any host. */
export async function startTransmitterOn<Host extends RunningHost>(
  startHost: (settings: HostSettings) => Promise<Host>,
  overrides: SsfOverrides = {},
): Promise<Transmitter & { readonly host: Host }> {
  const database = await TestDatabase.create();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const adminToken = `admin-${randomBytes(16).toString('hex')}`;
  const { logger, lines } = capturingLogger();
  const ssf: SsfOptions = {
    publicUrl: baseUrl,
    adminToken,
    encryptionKey: randomBytes(32).toString('base64'),
    insecurePushTargets: 'loopback',
    // of all tests, which have one address and try what is wrong
    failedAuthenticationsPerMinute: 1_000_000,
    ...overrides,
  };
  try {
    const host = await startHost({ port, database, ssf, logger });
    const prefix = ssf.routePrefix === undefined ? '' : `/${ssf.routePrefix}`;
    return {
      baseUrl,
      adminToken,
      admin: new AdminClient(baseUrl + prefix, adminToken),
      database,
      logLines: lines,
      logger,
      ssf,
      host,
      stop: async () => {
        await host.stop();
        await database.drop();
      },
    };
  } catch (error) {
    await database.drop();
    throw new Error(`the transmitter did not start:\n${lines.slice(-20).join('\n')}`, { cause: error });
  }
}

/**
 * Another process' worth of the same transmitter, on the same database, with a port of its own. Nest has one logger for
 * all applications of a process: its lines stand among those of the transmitter.
 */
export async function startReplica(
  { database, ssf, adminToken, logger, logLines }: Transmitter,
  overrides: SsfOverrides = {},
): Promise<
  RunningHost & {
    readonly admin: AdminClient;
    readonly baseUrl: string;
    readonly logLines: readonly string[];
  }
> {
  const port = await freePort();
  const host = await startFastifyHost({ port, database, ssf: { ...ssf, ...overrides }, logger });
  const baseUrl = `http://127.0.0.1:${port}`;
  return { admin: new AdminClient(baseUrl, adminToken), baseUrl, logLines, stop: () => host.stop() };
}

function capturingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const destination = new PassThrough();
  destination.on('data', (chunk: Buffer) =>
    lines.push(
      ...chunk
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    ),
  );
  return { logger: createLogger({ level: 'debug', pretty: false, destination }), lines };
}
