import { lchown, lstat, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import type { RunUser } from './run-command.js';
import { accessBits, canEnter } from './run-user.js';

/** Only names the file in the folder: every server has a folder of its own, and no TCP port is opened. */
export const SOCKET_PORT = 5432;
const SOCKET_FILE = `.s.PGSQL.${SOCKET_PORT}`;
const PREFIX = 'ssf-pg-';
/** sun_path holds 108 bytes on Linux and 104 on macOS, each with a zero at the end. */
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;

export function socketFile(folder: string): string {
  return join(folder, SOCKET_FILE);
}

/**
 * A new folder that only the run user (and root) can enter, which is what protects the password-less server.
 * Data folders are often too deep for a socket path, so it stands in a temporary folder.
 */
export async function makeSocketFolder(
  user: RunUser | undefined,
  roots: readonly string[] = [tmpdir(), '/tmp', '/var/tmp', '/dev/shm'],
): Promise<string> {
  const failures: unknown[] = [];
  for (const root of roots.filter(isShortEnough)) {
    if (user !== undefined && !(await isEnterable(user, root))) continue;
    try {
      const folder = await mkdtemp(join(root, PREFIX)); // mode 0700
      if (user !== undefined) await lchown(folder, user.uid, user.gid);
      return folder;
    } catch (error) {
      failures.push(error);
    }
  }
  throw new EmbeddedPostgresError(
    'start_failed',
    `No folder for the server's socket could be made in ${roots.join(', ')}: set TMPDIR to a writable folder with a path of at most 70 characters.`,
    { cause: new AggregateError(failures) },
  );
}

/** Takes away what a dead server has left; folders that we did not make are left alone. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (!basename(folder).startsWith(PREFIX)) return;
  try {
    if (!(await lstat(folder)).isDirectory()) return;
    await rm(`${socketFile(folder)}.lock`, { force: true });
    await rm(socketFile(folder), { force: true });
    await rmdir(folder);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error; // a cleaner of temporary files was faster
  }
}

function isShortEnough(root: string): boolean {
  return Buffer.byteLength(join(root, `${PREFIX}XXXXXX`, SOCKET_FILE)) <= LONGEST_SOCKET_PATH;
}

async function isEnterable(user: RunUser, root: string): Promise<boolean> {
  return (await accessBits(user, root)) !== undefined && (await canEnter(user, root));
}
