import { lchown, mkdtemp, open, readdir, rename, rm, rmdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { DRAFT_PREFIX, inspectFolder, isNeutralEntry } from './data-folder.js';
import { diskFull, fromServerOutput } from './embedded-postgres-error.js';
import { runCommand, type RunUser } from './run-command.js';

export const CLUSTER_USER = 'transmitter';

/** A new cluster with its write-ahead log and one database takes about 50 MB. */
const BYTES_NEEDED = 64 * 1024 * 1024;

export interface ClusterRequest {
  /** The real path; we own it (owner-lock). */
  readonly folder: string;
  readonly binaries: Binaries;
  readonly user: RunUser | undefined;
  /** False only for throw-away data. */
  readonly isDurable: boolean;
}

/**
 * Makes the cluster unless it exists. initdb works in a folder inside the data folder (which may be a mount
 * point, so that renaming a sibling over it would fail), and PG_VERSION moves last: a folder without it is
 * unfinished, and the next start begins afresh.
 */
export async function ensureCluster(request: ClusterRequest): Promise<void> {
  const { folder } = request;
  const content = await inspectFolder(folder);
  if (content.kind === 'cluster') return removeDrafts(folder);
  if (content.kind === 'unfinished') await removeUnfinished(folder);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < BYTES_NEEDED) throw diskFull(folder);
  try {
    const draft = await mkdtemp(join(folder, DRAFT_PREFIX));
    if (request.user !== undefined) await lchown(draft, request.user.uid, request.user.gid);
    await runInitdb(request, draft);
    await moveCluster(draft, folder);
  } catch (error) {
    await removeUnfinished(folder);
    throw error;
  }
}

async function runInitdb(request: ClusterRequest, draft: string): Promise<void> {
  const { binaries, user, isDurable, folder } = request;
  const { exitCode, output } = await runCommand(
    join(binaries.binDir, 'initdb'),
    [
      `--pgdata=${draft}`,
      `--username=${CLUSTER_USER}`,
      '--auth-local=trust', // the socket's folder decides who may connect
      '--auth-host=reject', // should a setting ever open a TCP port
      '--encoding=UTF8',
      '--locale=C', // the same order and the same messages on every machine
      ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
      '--data-checksums',
      ...(isDurable ? [] : ['--no-sync']),
    ],
    { user },
  );
  if (exitCode !== 0) throw fromServerOutput('initdb', output, folder);
}

async function moveCluster(draft: string, folder: string): Promise<void> {
  for (const entry of await readdir(draft)) {
    if (entry !== 'PG_VERSION') await rename(join(draft, entry), join(folder, entry));
  }
  await syncFolder(folder);
  await rename(join(draft, 'PG_VERSION'), join(folder, 'PG_VERSION'));
  await syncFolder(folder);
  await rmdir(draft);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Only for a folder that was empty before us. */
async function removeUnfinished(folder: string): Promise<void> {
  const entries = (await readdir(folder)).filter((entry) => !isNeutralEntry(entry));
  for (const entry of entries) await removeTree(join(folder, entry));
  await removeDrafts(folder); // last: while a draft stands, the folder counts as unfinished
}

async function removeDrafts(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (entry.startsWith(DRAFT_PREFIX)) await removeTree(join(folder, entry));
  }
}

/** The retries outlast an initdb whose parent was killed and that still writes its last files. */
async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
