import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { runCommand, type RunUser } from './run-command.js';

/**
 * undefined: run as ourselves. PostgreSQL refuses root, so root hands the server to the owner of an existing
 * data folder, else to `postgres`, else to `nobody`.
 */
export async function chooseRunUser(dataDir: string): Promise<RunUser | undefined> {
  if (!isRoot()) return undefined;
  const owner = await ownerOf(dataDir);
  const byOwner = owner === undefined || owner === 0 ? undefined : await findUser(String(owner));
  const user = byOwner ?? (await findUser('postgres')) ?? (await findUser('nobody'));
  if (user !== undefined) return user;
  throw new EmbeddedPostgresError(
    'start_failed',
    'PostgreSQL refuses to run as root and this system has neither a user "postgres" nor "nobody": start this program as an ordinary user, or set DATABASE_URL.',
  );
}

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** Whether the user may enter `folder` and all its parents; missing folders at the end do not count. */
export async function canEnter(user: RunUser, folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    const mode = await accessBits(user, path);
    if (mode !== undefined && (mode & 0o1) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** The rwx bits that hold for this user; undefined when the path does not exist. */
export async function accessBits(user: RunUser, path: string): Promise<number | undefined> {
  try {
    const { mode, uid, gid } = await stat(path);
    // A child process started with uid and gid has no supplementary groups.
    if (uid === user.uid) return (mode >> 6) & 0o7;
    return gid === user.gid ? (mode >> 3) & 0o7 : mode & 0o7;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function ownerOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).uid;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** By name or by number. /etc/passwd first; getent also asks LDAP and the like. */
async function findUser(nameOrUid: string): Promise<RunUser | undefined> {
  const local = parsePasswd(await readPasswdFile(), nameOrUid);
  if (local !== undefined) return local;
  try {
    const { exitCode, output } = await runCommand('getent', ['passwd', nameOrUid]);
    return exitCode === 0 ? parsePasswd(output, nameOrUid) : undefined;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined; // no getent on this system
    throw error;
  }
}

async function readPasswdFile(): Promise<string> {
  try {
    return await readFile('/etc/passwd', 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function parsePasswd(text: string, nameOrUid: string): RunUser | undefined {
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined) continue;
    if ((name === nameOrUid || uid === nameOrUid) && Number(uid) > 0) {
      return { name, uid: Number(uid), gid: Number(gid) };
    }
  }
  return undefined;
}
