import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../../src/platform/database/embedded/embedded-postgres.js';
import { isRoot, nobody } from './launcher-process.js';

export interface ClusterTemplate {
  /** A stopped cluster with an empty database `ssf`, which an ordinary user owns. */
  copyTo(dataDir: string): void;
  remove(): void;
}

/** initdb takes most of a cold start: tests that are not about it begin with a copy. */
export async function makeClusterTemplate(): Promise<ClusterTemplate> {
  const folder = mkdtempSync(join(tmpdir(), 'ssf-template-'));
  if (isRoot) execFileSync('chmod', ['711', folder]);
  const template = join(folder, 'data');
  const server = await startEmbeddedPostgres({ dataDir: template, settings: { fsync: 'off' } });
  await server.stop();
  return {
    copyTo: (dataDir) => {
      execFileSync('cp', ['-a', template, dataDir]);
      if (isRoot) execFileSync('chown', ['-R', `${nobody.uid}:${nobody.gid}`, dataDir]);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
