import { chmod, lstat, mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from './embedded-postgres-error.js';
import type { RunUser } from './run-command.js';
import { canEnter, isRoot } from './run-user.js';

/** Where we keep what cannot stay at its place (copies of the binaries, relocated data), best place first. */
export function ownFolderCandidates(stateDir?: string): string[] {
  if (stateDir !== undefined) return [resolve(stateDir)];
  const uid = process.geteuid?.() ?? 0;
  const home = isRoot() ? '/var/lib/ssf-transmitter' : join(homedir(), '.cache', 'ssf-transmitter');
  // /var/tmp outlives a restart of the machine, tmpdir() is the last resort.
  return [home, `/var/tmp/ssf-transmitter-${uid}`, join(tmpdir(), `ssf-transmitter-${uid}`)];
}

/**
 * Makes `folder` and its parents when they are missing. False when it cannot be made, when the run user cannot
 * enter it, or when another local user could put files there.
 */
export async function isUsableOwnFolder(folder: string, user: RunUser | undefined): Promise<boolean> {
  try {
    await makeFolders(folder, user);
    if (!(await isTrusted(folder))) return false;
    return user === undefined || (await canEnter(user, folder));
  } catch (error) {
    // Any errno here means "not this place"; the caller takes the next candidate.
    if (errorCode(error) !== undefined) return false;
    throw error;
  }
}

/**
 * mkdir -p with default modes (with a mode of 0700 it would lock the parents too). A run user has to pass through
 * the new folders whatever our umask; folders that exist already are never changed. Node's own recursive mkdir
 * reports a read-only disk as ENOENT.
 */
export async function makeFolders(folder: string, user: RunUser | undefined): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || folder === dirname(folder)) throw error;
    await makeFolders(dirname(folder), user);
    return makeFolders(folder, user);
  }
  if (user !== undefined) await chmod(folder, 0o755);
}

/** Ours, and no parent lets another user replace it (a sticky folder such as /tmp does not). */
async function isTrusted(folder: string): Promise<boolean> {
  const self = process.geteuid?.() ?? 0;
  const own = await lstat(folder);
  if (!own.isDirectory() || own.uid !== self || (own.mode & 0o022) !== 0) return false;
  for (let path = dirname(folder); ; path = dirname(path)) {
    const { uid, mode } = await lstat(path);
    const isSticky = (mode & 0o1000) !== 0;
    if ((uid !== 0 && uid !== self) || ((mode & 0o022) !== 0 && !isSticky)) return false;
    if (path === dirname(path)) return true;
  }
}
