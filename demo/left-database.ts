import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

interface Launcher {
  startEmbeddedPostgres(options: { dataDir: string }): Promise<{ stop(): Promise<void> }>;
}

/**
 * A killed transmitter leaves its PostgreSQL running, for the next one to take over. When there will be no next one,
 * the launcher takes it over here and stops it.
 */
export async function stopLeftDatabase(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const files = await readdir(dataDir, { recursive: true });
  const pidFile = files.find((file) => file.endsWith('/postmaster.pid'));
  if (pidFile === undefined) return;
  const launcher = new URL('../dist/platform/database/embedded/embedded-postgres.js', import.meta.url).href;
  const { startEmbeddedPostgres } = (await import(launcher)) as Launcher;
  const database = await startEmbeddedPostgres({ dataDir: join(dataDir, dirname(pidFile)) });
  await database.stop();
}
