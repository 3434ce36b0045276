import 'reflect-metadata';
import { readServerSettings } from './platform/config/env.js';
import { SettingError } from './platform/config/setting-parsers.js';
import { EmbeddedPostgresError } from './platform/database/embedded/embedded-postgres-error.js';
import { createLogger } from './platform/telemetry/logger.js';
import { type Standalone, startStandalone } from './server/standalone.js';

const EXIT_FAILURE = 1;

async function main(): Promise<void> {
  const settings = readServerSettings(process.env);
  const pretty = (settings.logFormat ?? (process.stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const logger = createLogger({ level: settings.logLevel, pretty });
  const server = await startStandalone(settings, logger);
  const { api, docs, discovery } = server.urls;
  logger.info({ event: 'server.ready', api, docs, discovery, adminTokenFile: server.adminToken?.file });
  console.log(banner(server));

  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // a second Ctrl-C does not wait
    if (isStopping) process.exit(EXIT_FAILURE);
    isStopping = true;
    logger.info({ event: 'server.stopping', signal });
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'the shutdown failed');
        process.exit(EXIT_FAILURE);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
}

function banner({ urls, adminToken }: Standalone): string {
  const token = adminToken?.isNew ? `\n  admin token  ${adminToken.value}  (shown this once)` : '';
  const place = adminToken ? `in ${adminToken.file}` : 'as SSF_ADMIN_TOKEN was set';
  return [
    '',
    '  SSF transmitter is ready.',
    '',
    `  admin API    ${urls.api}`,
    `  explorer     ${urls.docs}`,
    `  discovery    ${urls.discovery}`,
    `  admin token  ${place}${token}`,
    '',
  ].join('\n');
}

/** A mistake of the operator's is told in one line; anything else with all that is known. */
function explain(error: unknown): string {
  if (error instanceof SettingError || error instanceof EmbeddedPostgresError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  console.error(`ssf-transmitter: ${explain(error)}`);
  process.exit(EXIT_FAILURE);
});
