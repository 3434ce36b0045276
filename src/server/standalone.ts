import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server as HttpsServer } from 'node:https';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { DataSourceOptions } from 'typeorm';
import type { ServerSettings } from '../platform/config/env.js';
import { checkCertificates, isLoopbackHost, SettingError } from '../platform/config/setting-parsers.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../platform/database/embedded/embedded-postgres.js';
import { runSsfMigrations } from '../platform/database/run-migrations.js';
import { SESSION_LIMITS, takesSessionLimits } from '../platform/database/session-limits.js';
import { PeriodicTasks } from '../platform/schedule/periodic-tasks.js';
import { flushSpans } from '../platform/tracing/flush-spans.js';
import { createApp } from './create-app.js';
import { readEventTypes } from './event-types-file.js';
import { localAdminToken, localEncryptionKey, type LocalSecret } from './local-secrets.js';
import { readPem, readTlsPair, type TlsFiles, type TlsPair } from './tls-pair.js';
import { TlsReload } from './tls-reload.js';

const IDLE_CHECK_MS = 50;
const CERTIFICATE_CHECK_MS = 10_000;

export interface Standalone {
  readonly app: NestFastifyApplication;
  /** of what this process serves */
  readonly urls: { readonly api?: string; readonly docs?: string; readonly discovery?: string };
  /** undefined: the token was given as a setting, or there is no admin API here */
  readonly adminToken: LocalSecret | undefined;
  /** Drains, closes and stops the embedded database. */
  stop(): Promise<void>;
}

/** Starts everything that the settings ask for; stops again what was started when a later step fails. */
export async function startStandalone(settings: ServerSettings, logger: Logger): Promise<Standalone> {
  const dataDir = resolve(settings.dataDir);
  const adminApi = settings.roles.includes('admin');
  const receiverApi = settings.roles.includes('receiver');
  const hasOwnToken = adminApi && settings.adminToken === undefined && settings.databaseUrl === undefined;
  const adminToken = hasOwnToken ? localAdminToken(dataDir) : undefined;
  const encryptionKey = settings.encryptionKey ?? localEncryptionKey(dataDir).value;
  const tlsFiles = tlsFilesOf(settings);
  const tls = tlsFiles && readTlsPair(tlsFiles);
  const pushExtraCa = settings.pushExtraCaFile && readAuthorities(settings.pushExtraCaFile);
  const eventTypes = settings.eventTypesFile ? readEventTypes(settings.eventTypesFile) : undefined;
  const postgres = settings.databaseUrl ? undefined : await startDatabase(settings, dataDir, logger);
  try {
    const hasLimits = !settings.databaseUrl || (await takesLimits(settings.databaseUrl, logger));
    const dataSource = dataSourceOptions(settings, postgres, hasLimits ? SESSION_LIMITS : {});
    const migrations = await runSsfMigrations(dataSource);
    if (migrations.length > 0) logger.info({ event: 'database.migrated', migrations });
    const app = await createApp({
      dataSource,
      logger,
      tls,
      trustProxy: settings.trustProxy,
      requestTimeoutSeconds: settings.requestTimeoutSeconds,
      ssf: {
        publicUrl: settings.publicUrl,
        encryptionKey,
        listenDatabaseUrl: settings.listenDatabaseUrl,
        adminToken: settings.adminToken ?? adminToken?.value,
        adminOidc: settings.adminOidc,
        insecurePushTargets: settings.insecurePushTargets,
        pushAllowedCidrs: settings.pushAllowedCidrs,
        pushBlockedPorts: [settings.port, ...settings.pushBlockedPorts],
        pushExtraCa: pushExtraCa || undefined,
        eventTypes,
        signer: settings.signer,
        adminApi,
        receiverApi,
        delivery: settings.roles.includes('delivery'),
        ...settings.integers,
      },
    });
    try {
      await app.listen(settings.port, listenHost(settings));
    } catch (error) {
      await app.close();
      throw listenError(error, settings.port);
    }
    const reload = tlsFiles && tls && keepCertificateFresh(app, tlsFiles, tls, logger);
    return {
      app,
      adminToken,
      urls: {
        ...(adminApi && { api: `${settings.publicUrl}/api/v1` }),
        ...((adminApi || receiverApi) && { docs: `${settings.publicUrl}/docs` }),
        ...(receiverApi && {
          discovery: `${settings.publicUrl}/.well-known/ssf-configuration/ssf/{slug}`,
        }),
      },
      stop: async () => {
        reload?.stop();
        await closeApp(app);
        await postgres?.stop();
        await flush(logger);
      },
    };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

/** A connection that was busy when the server closed is kept alive afterwards, by a client that may never use it. */
async function closeApp(app: NestFastifyApplication): Promise<void> {
  const idle = setInterval(() => app.getHttpServer().closeIdleConnections(), IDLE_CHECK_MS);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
  }
}

/** What the server and the migration CLI connect with. */
export function dataSourceOptions(
  settings: Pick<ServerSettings, 'databaseUrl'>,
  postgres: Pick<EmbeddedPostgres, 'connection'> | undefined,
  limits: Partial<typeof SESSION_LIMITS> = SESSION_LIMITS,
): DataSourceOptions {
  const connection = postgres
    ? // a PGSSLMODE of the environment is not for a unix socket
      { ...postgres.connection, username: postgres.connection.user, ssl: false }
    : { url: settings.databaseUrl };
  return {
    type: 'postgres',
    ...connection,
    applicationName: 'ssf-transmitter',
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    synchronize: false,
    extra: { max: 20, ...limits },
  };
}

async function takesLimits(databaseUrl: string, logger: Logger): Promise<boolean> {
  const isTaken = await takesSessionLimits({ connectionString: databaseUrl });
  if (!isTaken)
    logger.warn(
      { event: 'database.no_limits' },
      'The pooler in front of the database refuses statement_timeout and idle_in_transaction_session_timeout: the ' +
        'server works without them. Set them for its role (alter role ... set statement_timeout = ...).',
    );
  return isTaken;
}

/** The process is about to end, and the SDK sends spans some together. */
async function flush(logger: Logger): Promise<void> {
  try {
    await flushSpans();
  } catch (error) {
    logger.warn({ err: error }, 'the last spans could not be sent');
  }
}

function startDatabase(settings: ServerSettings, dataDir: string, logger: Logger): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDir: join(dataDir, 'postgres'),
    binDir: settings.pgBin,
    log: (line) => logger.info({ event: 'database.embedded' }, line),
  });
}

/** A developer's server is for this machine alone. */
function listenHost(settings: ServerSettings): string {
  const host = settings.host ?? (isLoopbackHost(new URL(settings.publicUrl).hostname) ? 'localhost' : '::');
  // for `localhost` Fastify opens a second server, which would not hear of another certificate
  return host === 'localhost' && settings.tlsCertFile ? '127.0.0.1' : host;
}

function readAuthorities(file: string): string {
  const pem = readPem('SSF_PUSH_EXTRA_CA_FILE', file).toString();
  try {
    checkCertificates(pem);
  } catch (error) {
    throw new SettingError('names a file that must hold PEM certificates', 'SSF_PUSH_EXTRA_CA_FILE', error);
  }
  return pem;
}

function tlsFilesOf({ tlsCertFile, tlsKeyFile }: ServerSettings): TlsFiles | undefined {
  return tlsCertFile && tlsKeyFile ? { certFile: tlsCertFile, keyFile: tlsKeyFile } : undefined;
}

function keepCertificateFresh(
  app: NestFastifyApplication,
  files: TlsFiles,
  pair: TlsPair,
  logger: Logger,
): TlsReload {
  const reload = new TlsReload(files, pair, app.getHttpServer() as unknown as HttpsServer, logger);
  app
    .get(PeriodicTasks, { strict: false })
    .every(CERTIFICATE_CHECK_MS, 'tls-certificate', () => reload.check());
  reload.watch();
  return reload;
}

function listenError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new SettingError(`${port} is in use: stop what uses it or choose another`, 'PORT', error);
  if (code === 'EACCES') return new SettingError(`${port} may not be used by this user`, 'PORT', error);
  return error;
}
