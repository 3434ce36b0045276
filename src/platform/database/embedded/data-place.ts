import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { assertUsable, inspectFolder } from './data-folder.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { isUsableOwnFolder, ownFolderCandidates } from './own-folder.js';
import type { RunUser } from './run-command.js';
import { canEnter } from './run-user.js';

export interface PlaceRequest {
  /** Absolute, without symbolic links. */
  readonly dataDir: string;
  readonly major: number;
  readonly stateDir?: string | undefined;
  readonly user: RunUser | undefined;
  readonly log: (line: string) => void;
}

/**
 * Where the cluster of this data folder is. It is the folder itself, unless we are root and the run user cannot
 * get there: then a folder of ours whose name follows from the requested path, so that the data is found again.
 */
export async function placeCluster(request: PlaceRequest): Promise<string> {
  const { dataDir, major, user, log } = request;
  const content = await inspectFolder(dataDir);
  assertUsable(content, dataDir, major);
  if (user === undefined) return dataDir;
  const isReachable = await canEnter(user, dirname(dataDir));
  if (content.kind === 'cluster') {
    if (isReachable) return dataDir;
    throw new EmbeddedPostgresError(
      'not_writable',
      `${dataDir} holds a database, but the server runs as ${user.name}, who may not enter the folders above it: move it to a folder that ${user.name} can enter, or start this program as the owner of the data.`,
    );
  }
  const earlier = await findRelocated(request);
  const place = earlier ?? (isReachable ? dataDir : await newPlace(request));
  if (place !== dataDir) {
    log(`the server runs as ${user.name}, who cannot use ${dataDir}; the data is in ${place}`);
  }
  return place;
}

/** The path without symbolic links, also when its last parts do not exist yet. */
export async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return join(await resolveLinks(dirname(path)), basename(path));
  }
}

/** Data that was relocated once stays there, even when the requested folder has become reachable. */
async function findRelocated(request: PlaceRequest): Promise<string | undefined> {
  for (const place of relocatedPlaces(request)) {
    const content = await inspectFolder(place);
    if (content.kind !== 'cluster') continue;
    assertUsable(content, place, request.major);
    return place;
  }
  return undefined;
}

async function newPlace(request: PlaceRequest): Promise<string> {
  const places = relocatedPlaces(request);
  for (const place of places) {
    if (await isUsableOwnFolder(dirname(place), request.user)) return place;
  }
  throw new EmbeddedPostgresError(
    'not_writable',
    `The user ${request.user?.name ?? ''} cannot enter the folders above ${request.dataDir}, and no replacement could be made (tried ${places.join(', ')}): choose a data folder that this user can enter.`,
  );
}

function relocatedPlaces({ dataDir, stateDir }: PlaceRequest): string[] {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return ownFolderCandidates(stateDir).map((root) => join(root, 'clusters', name));
}
