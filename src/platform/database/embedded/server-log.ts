import { constants } from 'node:fs';
import { rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN_PREFIX } from './data-folder.js';
import { errorCode } from './embedded-postgres-error.js';
import { openOwnFile } from './own-file.js';
import type { RunUser } from './run-command.js';

const LARGEST_BYTES = 10 * 1024 * 1024;
const CHECK_INTERVAL_MS = 60_000;
const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_WRONLY } = constants;

export function serverLogFile(folder: string): string {
  return join(folder, `${OWN_PREFIX}log`);
}

/** For the server's standard error: a file, because an adopted server writes on after us. */
export async function openServerLog(
  folder: string,
  user: RunUser | undefined,
): Promise<{ handle: FileHandle; offset: number }> {
  const handle = await openOwnFile(serverLogFile(folder), O_WRONLY | O_APPEND | O_CREAT);
  if (user !== undefined) await handle.chown(user.uid, user.gid);
  return { handle, offset: (await handle.stat()).size };
}

/** What the server wrote since `offset`, at most 64 kB of it. */
export async function readServerLog(folder: string, offset: number): Promise<string> {
  const handle = await openOwnFile(serverLogFile(folder), O_RDONLY);
  try {
    const buffer = Buffer.alloc(64 * 1024);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Keeps the log near 10 MB, and one older copy. The server appends, so the file may be cut under it.
 * Returns the function that ends the watch.
 */
export function limitServerLog(folder: string, log: (line: string) => void): () => void {
  const check = (): void => {
    cutLargeLog(folder).catch((error: unknown) => log(`cannot shorten the PostgreSQL log: ${String(error)}`));
  };
  check();
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

export async function cutLargeLog(folder: string, largestBytes = LARGEST_BYTES): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await openOwnFile(serverLogFile(folder), O_RDWR);
    if ((await handle.stat()).size <= largestBytes) return;
    await copyTail(handle, `${serverLogFile(folder)}.1`);
    await handle.truncate(0);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error; // the folder was removed
  } finally {
    await handle?.close();
  }
}

/** The last 10 MB: within a minute the log may have become any size. */
async function copyTail(from: FileHandle, copyFile: string): Promise<void> {
  await rm(copyFile, { force: true });
  const copy = await openOwnFile(copyFile, O_WRONLY | O_CREAT | O_EXCL);
  try {
    const { size } = await from.stat();
    const buffer = Buffer.alloc(Math.min(size, LARGEST_BYTES));
    const { bytesRead } = await from.read(buffer, 0, buffer.length, size - buffer.length);
    await copy.writeFile(buffer.subarray(0, bytesRead));
  } finally {
    await copy.close();
  }
}
