import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCode } from './embedded-postgres-error.js';
import { readLinks, type LibraryLink } from './library-links.js';

interface SourceFile {
  readonly path: string;
  readonly size: number;
}

/**
 * A copy of the binaries below `root`, a folder that only we can write. A copy that differs from its source in
 * any file, or has a file that others own or may write, is not trusted and is made again.
 */
export async function copyBinaries(nativeDir: string, key: string, root: string): Promise<string> {
  const target = join(root, 'binaries', key);
  const files = await listFiles(nativeDir);
  const links = await readLinks(nativeDir);
  if (await isIntact(target, files, links)) return target;
  await mkdir(dirname(target), { recursive: true });
  await chmod(dirname(target), 0o755);
  const draft = await mkdtemp(`${target}.new-`);
  try {
    await writeCopy(nativeDir, draft, files, links);
    await replaceFolder(draft, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (await isIntact(target, files, links)) return target;
  throw new Error(`the copy of the PostgreSQL binaries in ${target} does not match its source`);
}

/** Headers, static libraries and build files are left out: the server never reads them. */
async function listFiles(nativeDir: string): Promise<SourceFile[]> {
  const entries = await readdir(nativeDir, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.a'))
    .map((entry) => join(entry.parentPath, entry.name).slice(nativeDir.length + 1))
    .filter((path) => !/^(include|lib\/pkgconfig|lib\/postgresql\/pgxs)\//.test(path));
  return Promise.all(paths.map(async (path) => ({ path, size: (await lstat(join(nativeDir, path))).size })));
}

async function writeCopy(
  nativeDir: string,
  draft: string,
  files: SourceFile[],
  links: LibraryLink[],
): Promise<void> {
  const folders = new Set(files.map((file) => dirname(file.path)));
  for (const folder of folders) await mkdir(join(draft, folder), { recursive: true });
  await Promise.all(
    files.map(async ({ path }) => {
      await copyFile(join(nativeDir, path), join(draft, path), constants.COPYFILE_FICLONE);
      await chmod(join(draft, path), path.startsWith('bin/') ? 0o755 : 0o644);
    }),
  );
  for (const link of links) await symlink(link.source, join(draft, link.path));
  // The umask may have locked the folders; the run user has to enter them.
  for (const folder of allParents(folders)) await chmod(join(draft, folder), 0o755);
}

function allParents(folders: ReadonlySet<string>): Set<string> {
  const all = new Set<string>(['.']);
  for (const folder of folders) for (let path = folder; path !== '.'; path = dirname(path)) all.add(path);
  return all;
}

async function replaceFolder(draft: string, target: string): Promise<void> {
  const old = `${draft}.old`;
  try {
    await rename(target, old);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  try {
    await rename(draft, target);
  } catch (error) {
    // Another start put its copy there in the meantime; the caller checks it like any other.
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
  await rm(old, { recursive: true, force: true });
}

async function isIntact(target: string, files: SourceFile[], links: LibraryLink[]): Promise<boolean> {
  const self = process.geteuid?.() ?? 0;
  const sizes = new Map(files.map((file) => [file.path, file.size]));
  const folders = allParents(new Set(files.map((file) => dirname(file.path))));
  const isSafe = async (path: string): Promise<boolean> => {
    const entry = await lstat(join(target, path));
    if (entry.uid !== self) return false;
    if (entry.isSymbolicLink()) return links.some((link) => link.path === path);
    if ((entry.mode & 0o022) !== 0) return false;
    return entry.isDirectory() ? folders.has(path) : entry.size === sizes.get(path);
  };
  try {
    const present = await readdir(target, { recursive: true });
    if (present.length !== files.length + links.length + folders.size - 1) return false;
    return (await Promise.all(['.', ...present].map(isSafe))).every(Boolean);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}
