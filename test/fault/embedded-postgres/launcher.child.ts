import { createInterface } from 'node:readline';
import pg from 'pg';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../../src/platform/database/embedded/embedded-postgres.js';
import { EmbeddedPostgresError } from '../../../src/platform/database/embedded/embedded-postgres-error.js';

/**
 * A Node process with one embedded server, driven by a test: options in argv, one JSON object per line out,
 * one command per line in (`stop`, `exit`). SIGINT makes it drain first, as main.ts does.
 */
const lines: string[] = [];
const say = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
const options = JSON.parse(process.argv[2] ?? '') as EmbeddedPostgresOptions;

try {
  const server = await startEmbeddedPostgres({ ...options, log: (line) => lines.push(line) });
  const { connection, pid, adopted, dataDir } = server;
  const stop = async (): Promise<void> => {
    await server.stop();
    say({ event: 'stopped' });
    process.exit(0);
  };
  process.once('SIGINT', () => {
    const client = new pg.Client(connection);
    client
      .connect()
      .then(() => client.query('SELECT 1 AS one'))
      .then(() => client.end())
      .then(() => say({ event: 'drained' }))
      .then(stop)
      .catch((error: unknown) => {
        say({ event: 'drain_failed', message: String(error) });
        process.exit(1);
      });
  });
  createInterface({ input: process.stdin }).on('line', (command) => {
    if (command === 'exit') process.exit(0);
    if (command === 'stop')
      stop().catch((error: unknown) => say({ event: 'stop_failed', message: String(error) }));
  });
  say({ event: 'started', connection, pid, adopted, dataDir, log: lines });
} catch (error) {
  const code = error instanceof EmbeddedPostgresError ? error.code : 'unexpected';
  say({ event: 'failed', code, message: error instanceof Error ? error.message : String(error), log: lines });
  process.exit(1);
}
