import { rm, rmdir, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { adoptServer } from './adoption.js';
import { findBinaries, type Binaries } from './binaries.js';
import { CLUSTER_USER, ensureCluster } from './cluster.js';
import { createDatabase, probe, type EmbeddedConnection } from './connection.js';
import { inspectFolder, prepareFolder } from './data-folder.js';
import { placeCluster, resolveLinks } from './data-place.js';
import {
  diskFull,
  EmbeddedPostgresError,
  errorCode,
  fromServerOutput,
  toEmbeddedPostgresError,
} from './embedded-postgres-error.js';
import { onProcessExit } from './exit-hooks.js';
import { acquireOwnership, type OwnerLock } from './owner-lock.js';
import { disarmPidFile, signalPostmaster, spawnPostmaster, stopPostmaster } from './postmaster.js';
import { isSameProcessAlive, type ProcessIdentity } from './process-identity.js';
import type { RunUser } from './run-command.js';
import { chooseRunUser } from './run-user.js';
import { limitServerLog, readServerLog, serverLogFile } from './server-log.js';
import { makeSocketFolder, removeSocketFolder, SOCKET_PORT } from './socket-folder.js';

export type { EmbeddedConnection } from './connection.js';

export interface EmbeddedPostgresOptions {
  /** Holds the cluster; made when it is missing. One live process per folder. */
  readonly dataDir: string;
  /** Made when it is missing. Default: `ssf`. */
  readonly database?: string | undefined;
  /** Receives a line for everything an operator should know, such as data in another place. */
  readonly log?: ((line: string) => void) | undefined;
  /** Server settings over the defaults, for example `{ fsync: 'off' }` for throw-away data. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Folder with `initdb` and `postgres`. Default: the npm package of this platform, else the system's. */
  readonly binDir?: string | undefined;
  /** Where root keeps what cannot stay in its place. Default: /var/lib/ssf-transmitter. */
  readonly stateDir?: string | undefined;
  /** Another copy of the npm package with the binaries. */
  readonly packageDir?: string | undefined;
}

export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection;
  /** Of the postmaster. */
  readonly pid: number;
  /** The server was already running: its former owner died. It keeps the settings it was started with. */
  readonly adopted: boolean;
  /** Where the cluster really is. */
  readonly dataDir: string;
  /** Fast shutdown; resolves when the server is gone. May be called more than once. */
  stop(): Promise<void>;
}

interface Launch {
  readonly folder: string;
  readonly isNewFolder: boolean;
  readonly binaries: Binaries;
  readonly user: RunUser | undefined;
  readonly database: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

interface RunningServer {
  readonly identity: ProcessIdentity;
  readonly connection: EmbeddedConnection;
  readonly adopted: boolean;
}

const START_DEADLINE_MS = 120_000;
const POLL_MS = 10;
const SURVIVORS_DEADLINE_MS = 10_000;
const SURVIVORS_POLL_MS = 100;
const SMALLEST_FREE_BYTES = 256 * 1024;

/**
 * Starts PostgreSQL on a data folder, or takes over the server that a killed process left running there.
 * Fails with an EmbeddedPostgresError.
 *
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: 'data/postgres', log: console.log });
 * const pool = new pg.Pool(postgres.connection);
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  try {
    return await launchServer(await prepareLaunch(options, dataDir));
  } catch (error) {
    throw toEmbeddedPostgresError(error, dataDir);
  }
}

async function launchServer(launch: Launch): Promise<EmbeddedPostgres> {
  let lock: OwnerLock | undefined;
  try {
    lock = await acquireOwnership(launch.folder);
    return toEmbeddedPostgres(launch, lock, (await adopt(launch, lock)) ?? (await start(launch, lock)));
  } catch (error) {
    await cleanAfterFailure(launch, lock);
    throw toEmbeddedPostgresError(error, launch.folder);
  }
}

async function prepareLaunch(options: EmbeddedPostgresOptions, requestedDir: string): Promise<Launch> {
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresError(
      'no_binaries',
      'The embedded PostgreSQL needs unix sockets and does not run on Windows: use WSL, or set DATABASE_URL.',
    );
  }
  const log = options.log ?? ((): void => undefined);
  const { binDir, packageDir, stateDir } = options;
  const dataDir = await resolveLinks(requestedDir);
  const user = await chooseRunUser(dataDir);
  const binaries = await findBinaries({ binDir, packageDir, stateDir, user, log });
  const place = await placeCluster({ dataDir, major: binaries.major, stateDir, user, log });
  const { path, isNew } = await prepareFolder(place, user);
  const { database = 'ssf', settings = {} } = options;
  return { folder: path, isNewFolder: isNew, binaries, user, database, settings, log };
}

async function adopt(launch: Launch, lock: OwnerLock): Promise<RunningServer | undefined> {
  const server = await adoptServer(launch.folder, launch.database, lock.previous.length > 0);
  const stale = lock.previous.flatMap(({ socketDir }) => (socketDir === undefined ? [] : [socketDir]));
  for (const folder of stale) if (folder !== server?.connection.host) await removeSocketFolder(folder);
  if (server === undefined) return undefined;
  try {
    await lock.record(server.connection.host);
    if (!server.hasDatabase) await createDatabase(server.connection);
  } catch (error) {
    await stopPostmaster(server.identity); // without a recorded owner it could never be adopted again
    throw error;
  }
  launch.log(
    `took over the PostgreSQL server (process ${server.identity.pid}) that runs on ${launch.folder}`,
  );
  return { ...server, adopted: true };
}

async function start(launch: Launch, lock: OwnerLock): Promise<RunningServer> {
  await ensureCluster({ ...launch, isDurable: launch.settings['fsync'] !== 'off' });
  await disarmPidFile(launch.folder);
  const socketDir = await makeSocketFolder(launch.user);
  const connection = { host: socketDir, port: SOCKET_PORT, user: CLUSTER_USER, database: launch.database };
  const survivorsDeadline = performance.now() + SURVIVORS_DEADLINE_MS;
  try {
    await lock.record(socketDir);
    for (;;) {
      const outcome = await startOnce(launch, connection);
      if (outcome.failure === undefined) return { identity: outcome.identity, connection, adopted: false };
      const isWorthAnother = outcome.hasSurvivors && performance.now() < survivorsDeadline;
      if (!isWorthAnother) throw outcome.failure;
      await delay(SURVIVORS_POLL_MS);
    }
  } catch (error) {
    await removeSocketFolder(socketDir);
    throw error;
  }
}

interface StartOutcome {
  readonly identity: ProcessIdentity;
  readonly failure?: EmbeddedPostgresError;
  /** Children of a server that was killed still run for a moment; PostgreSQL does not start beside them. */
  readonly hasSurvivors?: boolean;
}

async function startOnce(launch: Launch, connection: EmbeddedConnection): Promise<StartOutcome> {
  const { identity, logOffset } = await spawnPostmaster({ ...launch, socketDir: connection.host });
  const removeHook = onProcessExit(() => signalPostmaster(identity, 'SIGINT'));
  try {
    if (await becomesReady(identity, connection)) return { identity };
    const output = await readServerLog(launch.folder, logOffset);
    await stopPostmaster(identity);
    const hasSurvivors = output.includes('pre-existing shared memory block');
    return { identity, hasSurvivors, failure: await startFailure(launch.folder, output) };
  } catch (error) {
    await stopPostmaster(identity);
    throw error;
  } finally {
    removeHook(); // the finished handle brings its own
  }
}

/** False when the server has ended, or needs longer than anybody would wait. */
async function becomesReady(identity: ProcessIdentity, connection: EmbeddedConnection): Promise<boolean> {
  const deadline = performance.now() + START_DEADLINE_MS;
  while (isSameProcessAlive(identity) && performance.now() < deadline) {
    const answer = await probe(connection);
    if (answer.kind === 'no_database') await createDatabase(connection);
    if (answer.kind !== 'not_yet') return true;
    await delay(POLL_MS);
  }
  return false;
}

/** A full disk has no room for the server's last words either. */
async function startFailure(folder: string, output: string): Promise<EmbeddedPostgresError> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < SMALLEST_FREE_BYTES) return diskFull(folder);
  return fromServerOutput('PostgreSQL', output, folder);
}

/** A failed first start leaves no trace. What fails here is only logged: the error that led here matters more. */
async function cleanAfterFailure({ folder, isNewFolder, log }: Launch, lock?: OwnerLock): Promise<void> {
  try {
    const isEmpty = isNewFolder && (await inspectFolder(folder)).kind === 'empty';
    if (isEmpty && lock !== undefined) await rm(serverLogFile(folder), { force: true });
    await lock?.release();
    if (isEmpty) await rmdir(folder);
  } catch (error) {
    // ENOTEMPTY: the folder has its next owner already.
    if (errorCode(error) !== 'ENOTEMPTY') log(`cannot clean up ${folder}: ${String(error)}`);
  }
}

function toEmbeddedPostgres(launch: Launch, lock: OwnerLock, server: RunningServer): EmbeddedPostgres {
  const { identity, connection, adopted } = server;
  const removeHook = onProcessExit(() => signalPostmaster(identity, 'SIGINT'));
  const endLogLimit = limitServerLog(launch.folder, launch.log);
  const stop = async (): Promise<void> => {
    endLogLimit();
    await stopPostmaster(identity);
    removeHook();
    await removeSocketFolder(connection.host);
    await lock.release();
  };
  let stopped: Promise<void> | undefined;
  return { connection, pid: identity.pid, adopted, dataDir: launch.folder, stop: () => (stopped ??= stop()) };
}
