import { readdir, readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { copyBinaries } from './binaries-copy.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { repairBinaries } from './library-links.js';
import { isUsableOwnFolder, ownFolderCandidates } from './own-folder.js';
import { runCommand, type RunUser } from './run-command.js';
import { canEnter } from './run-user.js';

export interface Binaries {
  /** The folder of `initdb` and `postgres`. */
  readonly binDir: string;
  readonly major: number;
}

export interface BinariesSearch {
  /** Use these binaries and no others. */
  readonly binDir?: string | undefined;
  /** The folder with package.json and native/; by default the npm package of this platform. */
  readonly packageDir?: string | undefined;
  /** Where a copy may be kept when the package cannot be used at its place. */
  readonly stateDir?: string | undefined;
  readonly user: RunUser | undefined;
  readonly log: (line: string) => void;
}

const OLDEST_MAJOR = 15;
const SYSTEM_ROOT = '/usr/lib/postgresql';

export async function findBinaries(search: BinariesSearch): Promise<Binaries> {
  if (search.binDir !== undefined) return explicitBinaries(resolve(search.binDir), search.user);
  const packageDir = search.packageDir ?? platformPackage();
  const found =
    (packageDir === undefined ? undefined : await packagedBinaries(packageDir, search)) ??
    (await systemBinaries(search.user));
  if (found !== undefined) return found;
  throw new EmbeddedPostgresError(
    'no_binaries',
    `No PostgreSQL of version ${OLDEST_MAJOR} or later runs here (looked at the npm package for ${process.platform}-${process.arch}, ${SYSTEM_ROOT} and PATH): install the optional dependencies, set SSF_PG_BIN to a folder with initdb and postgres, or set DATABASE_URL.`,
  );
}

async function explicitBinaries(binDir: string, user: RunUser | undefined): Promise<Binaries> {
  const found = await tryBinaries(binDir, user);
  if (found !== undefined) return found;
  throw new EmbeddedPostgresError(
    'no_binaries',
    `${binDir} has no PostgreSQL of version ${OLDEST_MAJOR} or later that ${user === undefined ? 'this user' : `the user ${user.name}`} can run: point SSF_PG_BIN to a folder with initdb and postgres that may be entered and executed.`,
  );
}

function platformPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return dirname(dirname(main));
  } catch (error) {
    if (errorCode(error) === 'MODULE_NOT_FOUND') return undefined; // an optional dependency
    throw error;
  }
}

/** In place when that works, else from a copy that the run user can reach. */
async function packagedBinaries(packageDir: string, search: BinariesSearch): Promise<Binaries | undefined> {
  const { user, log } = search;
  const nativeDir = join(packageDir, 'native');
  const version = await packageVersion(packageDir);
  if (version === undefined) return undefined;
  const isReachable = user === undefined || (await canEnter(user, join(nativeDir, 'bin')));
  if (isReachable && (await repairBinaries(nativeDir))) {
    const inPlace = await tryBinaries(join(nativeDir, 'bin'), user);
    if (inPlace !== undefined) return inPlace;
  }
  const key = `${process.platform}-${process.arch}-${version}`;
  for (const root of ownFolderCandidates(search.stateDir)) {
    if (!(await isUsableOwnFolder(root, user))) continue;
    try {
      const copy = await copyBinaries(nativeDir, key, root);
      const found = await tryBinaries(join(copy, 'bin'), user);
      if (found === undefined) continue;
      log(`PostgreSQL cannot run from ${nativeDir}; using the copy in ${copy}`);
      return found;
    } catch (error) {
      if (error instanceof EmbeddedPostgresError || errorCode(error) === undefined) throw error;
      log(`cannot copy ${nativeDir} to ${root}: ${String(error)}`);
    }
  }
  return undefined;
}

async function packageVersion(packageDir: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(join(packageDir, 'package.json'), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined; // not installed
    throw error;
  }
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string' && /^[\w.+-]+$/.test(manifest.version)) return manifest.version;
  }
  throw new Error(`${packageDir}/package.json has no version`);
}

async function systemBinaries(user: RunUser | undefined): Promise<Binaries | undefined> {
  for (const binDir of [...(await debianFolders()), ...(await pathFolder())]) {
    const found = await tryBinaries(binDir, user);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Newest major version first. */
async function debianFolders(): Promise<string[]> {
  try {
    const majors = (await readdir(SYSTEM_ROOT)).map(Number).filter(Number.isInteger);
    return majors.sort((a, b) => b - a).map((major) => join(SYSTEM_ROOT, String(major), 'bin'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** `which` looks through the PATH of this process and follows links to the real folder. */
async function pathFolder(): Promise<string[]> {
  try {
    const { exitCode, output } = await runCommand('which', ['initdb'], { inheritEnv: true });
    return exitCode === 0 ? [dirname(await realpath(output.trim()))] : [];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Runs both programs as the run user: that proves paths, permissions, libraries and C library at once. */
async function tryBinaries(binDir: string, user: RunUser | undefined): Promise<Binaries | undefined> {
  const majors = await Promise.all(['postgres', 'initdb'].map((name) => majorOf(join(binDir, name), user)));
  const [major] = majors;
  if (major === undefined || major < OLDEST_MAJOR || majors.some((other) => other !== major))
    return undefined;
  return { binDir, major };
}

async function majorOf(file: string, user: RunUser | undefined): Promise<number | undefined> {
  try {
    const { exitCode, output } = await runCommand(file, ['--version'], { user });
    const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
    return exitCode === 0 && major !== undefined ? Number(major) : undefined;
  } catch (error) {
    if (errorCode(error) === 'EPERM' && user !== undefined) throw cannotSwitchUser(user, error);
    // ENOENT also stands for a missing program interpreter (musl); EACCES for a missing x somewhere.
    if (['ENOENT', 'EACCES', 'ENOTDIR', 'ENOEXEC'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** A container may take from root the right to become somebody else. */
function cannotSwitchUser(user: RunUser, cause: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'start_failed',
    `PostgreSQL refuses to run as root and this process may not switch to the user ${user.name}: start this program as an ordinary user (or grant the capabilities SETUID and SETGID), or set DATABASE_URL.`,
    { cause },
  );
}
