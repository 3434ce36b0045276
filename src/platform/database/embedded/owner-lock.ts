import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN_PREFIX } from './data-folder.js';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error.js';
import { identifyProcess, isSameProcessAlive, type ProcessIdentity } from './process-identity.js';

/** What an owner leaves for the next one. */
export interface OwnerRecord extends ProcessIdentity {
  /** The folder of the server's socket. */
  readonly socketDir?: string | undefined;
}

export interface OwnerLock {
  /** Owners that died without releasing; empty after a clean stop. */
  readonly previous: readonly OwnerRecord[];
  record(socketDir: string): Promise<void>;
  release(): Promise<void>;
}

interface Owner {
  readonly generation: number;
  /** undefined: unreadable, which only a crash of the machine leaves behind. */
  readonly record: OwnerRecord | undefined;
}

const OWNER_PREFIX = `${OWN_PREFIX}owner.`;

/**
 * One live process owns a data folder. An owner is a numbered file; a dead owner is succeeded by linking the
 * next number, which only one of several simultaneous starts can do. Removing the dead owner's file first, the
 * obvious way, could remove the file of the one who was faster.
 */
export async function acquireOwnership(folder: string): Promise<OwnerLock> {
  const self = identifyProcess(process.pid);
  if (self === undefined) throw new Error('this process cannot be found in the process table');
  for (;;) {
    const before = await listOwners(folder);
    assertNobodyAlive(before, folder);
    const generation = 1 + Math.max(0, ...before.map((owner) => owner.generation));
    const file = join(folder, `${OWNER_PREFIX}${generation}`);
    if (!(await linkNew(file, self))) continue; // somebody was faster: look again who it is
    try {
      const others = (await listOwners(folder)).filter((owner) => owner.generation !== generation);
      assertNobodyAlive(others, folder);
      for (const owner of others)
        await rm(join(folder, `${OWNER_PREFIX}${owner.generation}`), { force: true });
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    const previous = before.flatMap((owner) => (owner.record === undefined ? [] : [owner.record]));
    return {
      previous,
      record: (socketDir) => replaceFile(file, { ...self, socketDir }),
      release: () => rm(file, { force: true }),
    };
  }
}

async function listOwners(folder: string): Promise<Owner[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+$/.test(name.slice(OWNER_PREFIX.length)));
  const owners: Owner[] = [];
  for (const name of names.filter((entry) => entry.startsWith(OWNER_PREFIX))) {
    const text = await readIfPresent(join(folder, name));
    if (text === undefined) continue; // released since
    owners.push({ generation: Number(name.slice(OWNER_PREFIX.length)), record: parseRecord(text) });
  }
  return owners;
}

function assertNobodyAlive(owners: readonly Owner[], folder: string): void {
  const alive = owners.find(({ record }) => record !== undefined && isSameProcessAlive(record));
  if (alive?.record === undefined) return;
  throw new EmbeddedPostgresError(
    'already_running',
    `${folder} is in use by the process ${alive.record.pid}: stop that process, or choose another data folder.`,
  );
}

/** Writes first and links then, so that nobody ever reads half a record. */
async function linkNew(file: string, record: OwnerRecord): Promise<boolean> {
  const draft = await writeDraft(file, record);
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function replaceFile(file: string, record: OwnerRecord): Promise<void> {
  await rename(await writeDraft(file, record), file);
}

async function writeDraft(file: string, record: OwnerRecord): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(record), { flag: 'wx', mode: 0o600 });
    return draft;
  } catch (error) {
    await rm(draft, { force: true }); // a full disk leaves an empty file
    throw error;
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseRecord(text: string): OwnerRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value))
    return undefined;
  const { pid, startedAt } = value;
  if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
  const socketDir = 'socketDir' in value && typeof value.socketDir === 'string' ? value.socketDir : undefined;
  return { pid, startedAt, socketDir };
}
