import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { openOwnFile } from './own-file.js';
import {
  identifyProcess,
  isPostmasterOf,
  isSameProcessAlive,
  type ProcessIdentity,
} from './process-identity.js';
import { SERVER_ENV, type RunUser } from './run-command.js';
import { openServerLog, serverLogFile } from './server-log.js';
import { SOCKET_PORT } from './socket-folder.js';

export interface PostmasterRequest {
  readonly folder: string;
  readonly socketDir: string;
  readonly binaries: Binaries;
  readonly user: RunUser | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

export interface SpawnedPostmaster {
  readonly identity: ProcessIdentity;
  /** Where its output begins in the server log. */
  readonly logOffset: number;
}

/** What a server writes into its data folder about itself. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly socketDir: string;
}

const STOP_DEADLINE_MS = 60_000;
const POLL_MS = 10;
/** Larger than any pid can be. */
const NO_PID = '2147483647';

/** For a small server on the operator's own machine; `settings` of the caller come after these. */
const DEFAULT_SETTINGS = {
  shared_buffers: '128MB',
  max_connections: '100',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

export async function spawnPostmaster(request: PostmasterRequest): Promise<SpawnedPostmaster> {
  const { folder, binaries, user } = request;
  const log = await openServerLog(folder, user);
  try {
    const child = spawn(join(binaries.binDir, 'postgres'), ['-D', folder, ...settingArguments(request)], {
      cwd: '/',
      env: SERVER_ENV,
      // A process group of its own: Ctrl-C in a terminal must reach us and not the server, which we still need.
      detached: true,
      stdio: ['ignore', log.handle.fd, log.handle.fd],
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    });
    const pid = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('spawn', () => resolve(child.pid ?? 0));
    });
    child.once('exit', (code, signal) => {
      if (code !== 0)
        request.log(`PostgreSQL ended by itself (${signal ?? `code ${code}`}); see ${serverLogFile(folder)}`);
    });
    child.unref(); // the server is no reason for this process to stay
    // A server that died within the first instant is recognised by its missing identity.
    return { identity: identifyProcess(pid) ?? { pid, startedAt: '' }, logOffset: log.offset };
  } finally {
    await log.handle.close();
  }
}

/** Fast shutdown (clients are disconnected, everything is on disk), and waits until the process is gone. */
export async function stopPostmaster(identity: ProcessIdentity): Promise<void> {
  if (!signalPostmaster(identity, 'SIGINT') || (await waitForExit(identity, STOP_DEADLINE_MS))) return;
  // Immediate shutdown: the next start replays the write-ahead log, nothing committed is lost.
  if (!signalPostmaster(identity, 'SIGQUIT') || (await waitForExit(identity, STOP_DEADLINE_MS))) return;
  throw new EmbeddedPostgresError(
    'stop_failed',
    `The PostgreSQL process ${identity.pid} does not end: look at its log in the data folder and end it by hand.`,
  );
}

/** Synchronous for use in an exit handler. False when the process is gone. */
export function signalPostmaster(identity: ProcessIdentity, signal: 'SIGINT' | 'SIGQUIT'): boolean {
  if (!isSameProcessAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

export async function readPidFile(folder: string): Promise<PidFile | undefined> {
  const lines = await readPidLines(folder);
  const [pid, , , port, socketDir] = lines ?? [];
  if (pid === undefined) return undefined;
  return { pid: Number(pid), port: Number(port), socketDir: socketDir ?? '' };
}

/**
 * For the pid file of a dead server. Its number may belong to another process by now (in a container,
 * where numbers are few, that is the rule) or to a zombie, and then PostgreSQL refuses to start. The rest of the
 * file stays: PostgreSQL uses it to find surviving children of the dead server.
 */
export async function disarmPidFile(folder: string): Promise<void> {
  const lines = await readPidLines(folder);
  if (lines === undefined || isPostmasterOf(Number(lines[0]), folder)) return;
  const handle = await openOwnFile(join(folder, 'postmaster.pid'), constants.O_WRONLY);
  try {
    await handle.truncate(0);
    await handle.writeFile([NO_PID, ...lines.slice(1)].join('\n'));
  } finally {
    await handle.close();
  }
}

async function readPidLines(folder: string): Promise<string[] | undefined> {
  try {
    return (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function settingArguments(request: PostmasterRequest): string[] {
  const settings = {
    ...DEFAULT_SETTINGS,
    ...request.settings,
    listen_addresses: '',
    port: String(SOCKET_PORT),
    unix_socket_directories: request.socketDir,
    unix_socket_permissions: '0700',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function waitForExit(identity: ProcessIdentity, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (isSameProcessAlive(identity)) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}
