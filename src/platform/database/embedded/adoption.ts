import { setTimeout as delay } from 'node:timers/promises';
import { stat } from 'node:fs/promises';
import { probe, type EmbeddedConnection } from './connection.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { readPidFile, stopPostmaster, type PidFile } from './postmaster.js';
import { identifyProcess, isPostmasterOf, type ProcessIdentity } from './process-identity.js';
import { CLUSTER_USER } from './cluster.js';
import { socketFile } from './socket-folder.js';

export interface AdoptedServer {
  readonly identity: ProcessIdentity;
  readonly connection: EmbeddedConnection;
  readonly hasDatabase: boolean;
}

const ANSWER_DEADLINE_MS = 60_000;
/** A server without its socket file is on its way up or down; after this time its socket was deleted. */
const SOCKET_DEADLINE_MS = 2_000;
const POLL_MS = 20;

/**
 * The server that a dead owner left running on this folder, or undefined when there is none (any more). One that
 * goes down is waited for; one that lost its socket or does not answer is stopped. A server without a former
 * owner was started by other means and is not ours to stop.
 */
export async function adoptServer(
  folder: string,
  database: string,
  hadOwner: boolean,
): Promise<AdoptedServer | undefined> {
  const began = performance.now();
  for (;;) {
    const pidFile = await readPidFile(folder);
    const identity = pidFile === undefined ? undefined : identifyProcess(pidFile.pid);
    if (pidFile === undefined || identity === undefined || !isPostmasterOf(pidFile.pid, folder))
      return undefined;
    if (!hadOwner) throw strangerRuns(pidFile.pid, folder);
    const found = await askServer(pidFile, folder, database);
    if (found !== undefined) return { identity, ...found };
    const patienceMs = (await hasSocket(pidFile)) ? ANSWER_DEADLINE_MS : SOCKET_DEADLINE_MS;
    if (performance.now() - began > patienceMs) {
      await stopPostmaster(identity);
      return undefined;
    }
    await delay(POLL_MS);
  }
}

async function askServer(
  pidFile: PidFile,
  folder: string,
  database: string,
): Promise<Omit<AdoptedServer, 'identity'> | undefined> {
  const connection = { host: pidFile.socketDir, port: pidFile.port, user: CLUSTER_USER, database };
  if (connection.host === '' || !Number.isInteger(connection.port)) return undefined;
  const answer = await probe(connection);
  switch (answer.kind) {
    case 'not_yet':
      return undefined;
    case 'no_database':
      return { connection, hasDatabase: false };
    case 'ready':
      return answer.dataDir === folder ? { connection, hasDatabase: true } : undefined;
  }
}

async function hasSocket(pidFile: PidFile): Promise<boolean> {
  try {
    await stat(socketFile(pidFile.socketDir));
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function strangerRuns(pid: number, folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'already_running',
    `${folder} is in use by a PostgreSQL server (process ${pid}) that this program did not start: stop that server, or choose another data folder.`,
  );
}
