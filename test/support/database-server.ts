import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import {
  type EmbeddedConnection,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/database/embedded/embedded-postgres.js';
import { runSsfMigrations } from '../../src/platform/database/run-migrations.js';
import { temporaryFolder } from './temporary-folder.js';
import type { HostKind } from './transmitter.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** the server of this run, and its database with the migrated schema, from which others are cloned */
    database: EmbeddedConnection;
    host: HostKind;
  }
}

interface RunningServer {
  readonly template: EmbeddedConnection;
  stop(): Promise<void>;
}

/** Each project loads this file by itself, so what they share is kept outside of it. */
const run = globalThis as { ssfTestServer?: Promise<RunningServer> | undefined; ssfTestServerUsers?: number };

/** vitest's globalSetup: one PostgreSQL for all projects of a run, gone with the last of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  run.ssfTestServerUsers = (run.ssfTestServerUsers ?? 0) + 1;
  run.ssfTestServer ??= startServer();
  const server = await run.ssfTestServer;
  project.provide('database', server.template);
  return async () => {
    run.ssfTestServerUsers = (run.ssfTestServerUsers ?? 1) - 1;
    if (run.ssfTestServerUsers > 0) return;
    run.ssfTestServer = undefined;
    await server.stop();
  };
}

async function startServer(): Promise<RunningServer> {
  const folder = await temporaryFolder();
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    database: 'ssf_template',
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
    },
  });
  await migrate(postgres);
  return {
    template: postgres.connection,
    stop: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function migrate({ connection }: EmbeddedPostgres): Promise<void> {
  await runSsfMigrations({ type: 'postgres', ...connection, username: connection.user, ssl: false });
}
