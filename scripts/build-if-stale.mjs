// Builds dist/ when the sources have changed since the last build; as a script, and as a function for others.
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const OUTPUT = join(ROOT, 'dist', 'main.js');
/** Holds the fingerprint of what dist/ was built from. nest build deletes it together with dist/. */
const STAMP = join(ROOT, 'dist', '.stamp');
const LOCK = join(ROOT, 'node_modules', '.cache', 'build.lock');
const COMPILER = join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');

const HEARTBEAT_MS = 1_000;
/** A holder that lives elsewhere (another container) cannot be looked up: its heartbeat has to tell. */
const SILENCE_MS = 60_000;
/** How long a lock may be without the name of its holder, who writes it right after taking the lock. */
const NAMELESS_MS = 5_000;
const POLL_MS = 100;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The message has the compiler's output. */
export class BuildError extends Error {}

/**
 * Builds unless dist/ is what the sources of now give. Any number of processes may call it at the same time: one
 * builds, the others wait for it.
 *
 * @param {{ force?: boolean, log?: (line: string) => void }} [options]
 * @returns {Promise<boolean>} whether this call has built
 */
export async function buildIfStale({ force = false, log = (line) => console.error(line) } = {}) {
  if (!existsSync(COMPILER)) throw new BuildError('The dependencies are missing: run `npm ci` first.');
  if (!force && (await isFresh())) return false;
  const { release, addPid } = await takeLock(log);
  try {
    if (!force && (await isFresh())) return false; // built by the one we waited for
    log('Building (about ten seconds, only when the sources have changed) ...');
    const fingerprint = await fingerprintOfInputs(); // before: what changes meanwhile makes the build stale again
    await compile(addPid);
    await writeFile(STAMP, fingerprint);
    return true;
  } finally {
    await release();
  }
}

async function isFresh() {
  if (!existsSync(OUTPUT)) return false;
  const stamp = await readIfPresent(STAMP);
  return stamp !== undefined && stamp === (await fingerprintOfInputs());
}

/** Of contents, not of times: a fresh clone has the times of its checkout. */
async function fingerprintOfInputs() {
  const top = await readdir(ROOT);
  const settings = top.filter((name) => /^(tsconfig.*|nest-cli|package-lock)\.json$/.test(name));
  const sources = (await readdir(join(ROOT, 'src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.(spec|fixture)\.ts$/.test(entry.name)) // as tsconfig.build.json
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
  const hash = createHash('sha256');
  for (const file of [...settings, ...sources].sort()) {
    const content = await readFile(join(ROOT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function compile(onSpawn) {
  const child = spawn(process.execPath, [COMPILER, 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const end = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const forget = endWithUs(child);
  try {
    await onSpawn(child.pid);
    const ended = await end;
    if (ended !== 0 || !existsSync(OUTPUT))
      throw new BuildError(
        `${Buffer.concat(output).toString().trim()}\n\nThe build failed (${ended}).`.trim(),
      );
  } finally {
    forget();
  }
}

/** Without this, a compiler whose parent was ended would go on and delete dist/ under the next one. */
function endWithUs(child) {
  const handlers = SIGNALS.map((signal) => {
    const handler = () => {
      child.kill('SIGKILL');
      forget();
      process.kill(process.pid, signal);
    };
    process.once(signal, handler);
    return [signal, handler];
  });
  const forget = () => handlers.forEach(([signal, handler]) => process.off(signal, handler));
  return forget;
}

async function takeLock(log) {
  const token = randomUUID();
  let hasTold = false;
  await mkdir(dirname(LOCK), { recursive: true });
  while (!(await tryLock(token))) {
    if (await isAbandoned()) continue;
    if (!hasTold) log('Another process is building, waiting for it ...');
    hasTold = true;
    await delay(POLL_MS);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(LOCK, now, now).catch(() => undefined); // taken away: the build ends all the same
  }, HEARTBEAT_MS).unref();
  return {
    // a compiler may outlive the process that started it, and must be waited for all the same
    addPid: (pid) => writeHolder({ token, pids: [process.pid, pid] }),
    release: async () => {
      clearInterval(heartbeat);
      if ((await holderOf(LOCK))?.token === token) await rm(LOCK, { recursive: true, force: true });
    },
  };
}

async function tryLock(token) {
  try {
    await mkdir(LOCK);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  await writeHolder({ token, pids: [process.pid] });
  return true;
}

async function writeHolder(holder) {
  await writeFile(join(LOCK, 'holder.json'), JSON.stringify({ ...holder, host: hostname() }));
}

/** Takes the lock of a dead holder away. */
async function isAbandoned() {
  const holder = await holderOf(LOCK);
  if (!(await isDead(holder))) return false;
  const aside = `${LOCK}.${randomUUID()}`;
  try {
    await rename(LOCK, aside);
    // Between our look and the renaming, another process may have done the same and taken the lock for itself.
    if ((await holderOf(aside))?.token === holder?.token) await rm(aside, { recursive: true, force: true });
    else await rename(aside, LOCK);
  } catch (error) {
    if (!['ENOENT', 'EEXIST', 'ENOTEMPTY'].includes(error.code)) throw error;
  }
  return true;
}

async function isDead(holder) {
  const silentMs = await ageMs(LOCK);
  if (silentMs === undefined) return false; // released since
  if (holder === undefined) return silentMs > NAMELESS_MS;
  if (silentMs > SILENCE_MS) return true;
  return holder.host === hostname() && !holder.pids.some(isAlive);
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

async function holderOf(lock) {
  const text = await readIfPresent(join(lock, 'holder.json'));
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // being written
  }
}

async function ageMs(path) {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readIfPresent(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await buildIfStale({ force: process.argv.includes('--force') });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
