import 'reflect-metadata';
import { readServerSettings, unknownSettings } from './platform/config/env.js';
import { SettingError } from './platform/config/setting-parsers.js';
import { EmbeddedPostgresError } from './platform/database/embedded/embedded-postgres-error.js';
import { createLogger } from './platform/telemetry/logger.js';
import type { Standalone } from './server/standalone.js';

const EXIT_FAILURE = 1;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function main(): Promise<void> {
  const asked = stopAsked();
  const settings = readServerSettings(process.env);
  const isPretty = (settings.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const logger = createLogger({ level: settings.logLevel, pretty: isPretty, redact: settings.logRedact });
  const unknown = unknownSettings(process.env);
  if (unknown.length > 0)
    logger.warn({ event: 'settings.unknown', settings: unknown }, `no such setting: ${unknown.join(', ')}`);
  // takes seconds to load on a slow machine, which a wrong setting need not wait for
  const { startStandalone } = await import('./server/standalone.js');
  const server = await startStandalone(settings, logger);
  const { api, docs, discovery } = server.urls;
  logger.info({ event: 'server.ready', api, docs, discovery, adminTokenFile: server.adminToken?.file });
  // what people read must not stand between lines that a program reads
  (isPretty ? process.stdout : process.stderr).write(banner(server));

  logger.info({ event: 'server.stopping', signal: await asked });
  await server.stop();
}

/**
 * Resolves with the first signal that asks to stop. Listens before anything is started: a database that starts
 * is brought up and then stopped in order, never left behind. A second signal does not wait.
 */
function stopAsked(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const name of STOP_SIGNALS)
      process.on(name, (signal) => {
        if (isAsked) process.exit(EXIT_FAILURE);
        isAsked = true;
        resolve(signal);
      });
  });
}

function banner({ urls, adminToken }: Standalone): string {
  const place = adminToken ? `in ${adminToken.file}` : 'as the settings say';
  const lines = [
    '',
    '  SSF transmitter is ready.',
    '',
    ...(urls.api ? [`  admin API    ${urls.api}`] : []),
    ...(urls.docs ? [`  explorer     ${urls.docs}`] : []),
    ...(urls.discovery ? [`  discovery    ${urls.discovery}`] : []),
    ...(urls.api ? [`  admin token  ${place}`] : []),
    ...(adminToken?.isNew ? [`               ${adminToken.value}  (shown this once)`] : []),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** A mistake of the operator's is told in one line; anything else with all that is known. */
function explain(error: unknown): string {
  if (error instanceof SettingError || error instanceof EmbeddedPostgresError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`ssf-transmitter: ${explain(error)}\n`);
    process.exit(EXIT_FAILURE);
  },
);
