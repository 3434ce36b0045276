import { chmod, lchown, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { makeFolders } from './own-folder.js';
import type { RunUser } from './run-command.js';

/** Every file of ours in a data folder begins so; the rest belongs to PostgreSQL. */
export const OWN_PREFIX = 'transmitter.';
/** While this folder stands beside no PG_VERSION, everything in the data folder is an unfinished cluster. */
export const DRAFT_PREFIX = `${OWN_PREFIX}init-`;

export type FolderContent =
  | { readonly kind: 'missing' | 'empty' | 'unfinished' }
  | { readonly kind: 'cluster'; readonly version: string }
  | { readonly kind: 'foreign'; readonly entry: string };

/** Reads only. */
export async function inspectFolder(folder: string): Promise<FolderContent> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { kind: 'missing' };
    throw error;
  }
  if (entries.includes('PG_VERSION')) {
    return { kind: 'cluster', version: (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim() };
  }
  if (entries.some((entry) => entry.startsWith(DRAFT_PREFIX))) return { kind: 'unfinished' };
  const foreign = entries.find((entry) => !isNeutralEntry(entry));
  return foreign === undefined ? { kind: 'empty' } : { kind: 'foreign', entry: foreign };
}

/** Our own files, and the folder that ext4 puts into the root of every file system. */
export function isNeutralEntry(entry: string): boolean {
  return entry.startsWith(OWN_PREFIX) || entry === 'lost+found';
}

/** Throws when the content is not ours to use; nothing has been changed by then. */
export function assertUsable(content: FolderContent, folder: string, major: number): void {
  if (content.kind === 'foreign') {
    throw new EmbeddedPostgresError(
      'not_writable',
      `${folder} is not empty (it holds "${content.entry}") and is no PostgreSQL data folder: nothing was touched; choose an empty or a new folder.`,
    );
  }
  if (content.kind === 'cluster' && content.version !== String(major)) {
    throw new EmbeddedPostgresError(
      'version_mismatch',
      `${folder} was made by PostgreSQL ${content.version}, but version ${major} is to run: nothing was changed; point SSF_PG_BIN to PostgreSQL ${content.version}, or move the data with pg_dump or pg_upgrade, or choose another data folder.`,
    );
  }
}

/**
 * Makes the folder when it is missing, and locks a folder that holds no cluster yet to the user that will run
 * the server: PostgreSQL accepts nothing wider. Returns the real path, and whether the folder is new.
 */
export async function prepareFolder(
  folder: string,
  user: RunUser | undefined,
): Promise<{ path: string; isNew: boolean }> {
  const content = await inspectFolder(folder);
  if (content.kind === 'missing') await makeFolders(folder, user);
  const path = await realpath(folder);
  if (content.kind === 'cluster') {
    await assertOwnedBy(path, user);
  } else {
    await chmod(path, 0o700);
    if (user !== undefined) await lchown(path, user.uid, user.gid);
  }
  return { path, isNew: content.kind === 'missing' };
}

async function assertOwnedBy(folder: string, user: RunUser | undefined): Promise<void> {
  const { uid } = await stat(folder);
  const expected = user?.uid ?? process.geteuid?.();
  if (uid === expected) return;
  throw new EmbeddedPostgresError(
    'not_writable',
    `${folder} belongs to the user with id ${uid}, but the server would run as ${user === undefined ? `id ${expected}` : user.name}: start this program as the folder's owner, or change the owner of the folder and all in it.`,
  );
}
