import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file in a folder that the run user may write. We may be root there, so a link that the run user has put
 * in the file's place must not lead us to a file elsewhere.
 */
export async function openOwnFile(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags | constants.O_NOFOLLOW, 0o600);
  const { nlink } = await handle.stat();
  if (nlink === 1) return handle;
  await handle.close();
  throw new Error(`${path} is not a plain file of its own`);
}
