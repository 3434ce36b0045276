import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded/embedded-postgres.js';

/** A killed server leaves its PostgreSQL running for the next one. When there will be none, it is stopped here. */
export async function stopLeftDatabase(dataDir: string): Promise<void> {
  const folder = join(dataDir, 'postgres');
  if (!existsSync(join(folder, 'postmaster.pid'))) return;
  const database = await startEmbeddedPostgres({ dataDir: folder });
  await database.stop();
}
