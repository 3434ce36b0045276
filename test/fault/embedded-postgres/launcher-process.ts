import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { vi } from 'vitest';
import type {
  EmbeddedConnection,
  EmbeddedPostgresOptions,
} from '../../../src/platform/database/embedded/embedded-postgres.js';

export interface TestUser {
  readonly label: string;
  /** undefined: the user that runs the tests. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
}

export interface Started {
  readonly event: 'started';
  readonly connection: EmbeddedConnection;
  readonly pid: number;
  readonly adopted: boolean;
  readonly dataDir: string;
  readonly log: readonly string[];
}

export interface Failed {
  readonly event: 'failed';
  readonly code: string;
  readonly message: string;
  readonly log: readonly string[];
}

export type LaunchOptions = Omit<EmbeddedPostgresOptions, 'log'>;

export interface LauncherProcess {
  readonly pid: number;
  /** The first thing it says. */
  readonly outcome: Promise<Started | Failed>;
  /** Resolves with everything it said, when it has ended. */
  readonly ended: Promise<string[]>;
  send(command: 'stop' | 'exit'): void;
  kill(signal: 'SIGKILL'): Promise<void>;
  /** What Ctrl-C in a terminal does: SIGINT to the whole process group. */
  interruptGroup(): void;
}

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const EMBEDDED = 'src/platform/database/embedded';
const CHILD = 'test/fault/embedded-postgres/launcher.child';
const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

// Processes and disks on a busy machine: the default of 5 s would judge the neighbours.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export const isRoot = process.geteuid?.() === 0;
export const PACKAGE_DIR = join(REPOSITORY, 'node_modules', PACKAGE);
export const nobody = { uid: 65534, gid: 65534 };
export const ordinaryUser: TestUser = isRoot
  ? { label: 'an ordinary user', ids: nobody }
  : { label: 'this ordinary user', ids: undefined };
/** As root every case runs twice. */
export const testUsers: readonly TestUser[] = isRoot
  ? [{ label: 'root', ids: undefined }, ordinaryUser]
  : [ordinaryUser];

/** A temporary folder in which everybody may make files, as in /tmp itself. */
export function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ssf-fault-'));
  chmodSync(folder, 0o1777);
  return folder;
}

/**
 * The launcher as plain JavaScript in a folder of its own: any user can run it, from any place, and quickly.
 * With `ownPackage` the binaries are really in that folder, else node_modules is a link to ours.
 */
export function buildApp(folder: string, { ownPackage = false } = {}): string {
  mkdirSync(folder, { recursive: true });
  const sources = readdirSync(join(REPOSITORY, EMBEDDED)).map((name) => join(EMBEDDED, name));
  for (const source of [...sources, `${CHILD}.ts`].filter((path) => path.endsWith('.ts'))) {
    const target = join(folder, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transpile(join(REPOSITORY, source)));
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const modules = join(folder, 'node_modules');
  if (ownPackage) {
    mkdirSync(modules);
    symlinkSync(join(REPOSITORY, 'node_modules/pg'), join(modules, 'pg'));
    copyPackage(join(modules, PACKAGE));
  } else {
    symlinkSync(join(REPOSITORY, 'node_modules'), modules);
  }
  return folder;
}

/**
 * The npm package as it is unpacked, before any install script has run. Without share/ its programs only tell
 * their version, which is all that many tests ask.
 */
export function copyPackage(target: string, { withShare = true } = {}): string {
  const links = JSON.parse(readFileSync(join(PACKAGE_DIR, 'native/pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  const made = new Set(links.map((link) => link.target));
  cpSync(PACKAGE_DIR, target, {
    recursive: true,
    filter: (source) => {
      const path = relative(PACKAGE_DIR, source);
      return !made.has(path) && !path.endsWith('.a') && (withShare || path !== 'native/share');
    },
  });
  return target;
}

const running = new Set<ChildProcess>();

export function launch(
  app: string,
  user: TestUser,
  options: LaunchOptions,
  env: NodeJS.ProcessEnv = {},
): LauncherProcess {
  const settings = { fsync: 'off', ...options.settings };
  const child = spawn(
    process.execPath,
    [join(app, `${CHILD}.js`), JSON.stringify({ ...options, settings })],
    {
      cwd: '/',
      env: { PATH: process.env['PATH'], ...env },
      detached: true, // a process group of its own, like a job of a shell
      stdio: ['pipe', 'pipe', 'inherit'],
      ...user.ids,
    },
  );
  running.add(child);
  child.stdin.on('error', () => undefined); // it has ended already: `ended` tells
  const said: string[] = [];
  const ended = new Promise<string[]>((resolve) => {
    child.once('close', () => {
      running.delete(child);
      resolve(said);
    });
  });
  const outcome = new Promise<Started | Failed>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line);
      resolve(JSON.parse(line) as Started | Failed);
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error('the launcher ended without a word')));
  });
  outcome.catch(() => undefined); // a test that kills the child early never asks for it
  const pid = child.pid ?? 0;
  return {
    pid,
    outcome,
    ended,
    send: (command) => void child.stdin.write(`${command}\n`),
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
    interruptGroup: () => void process.kill(-pid, 'SIGINT'),
  };
}

export async function started(process: LauncherProcess): Promise<Started> {
  const outcome = await process.outcome;
  if (outcome.event === 'started') return outcome;
  throw new Error(`not started: ${outcome.code} ${outcome.message}`);
}

export async function failed(process: LauncherProcess): Promise<Failed> {
  const outcome = await process.outcome;
  if (outcome.event === 'failed') return outcome;
  process.send('stop');
  await process.ended;
  throw new Error('it started, but a failure was expected');
}

export async function stop(process: LauncherProcess): Promise<void> {
  process.send('stop');
  await process.ended;
}

/** For afterEach: nothing that a failed test has started stays. */
export async function endEverything(scratch: string): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    }),
  );
  for (const pid of serversBelow(scratch)) process.kill(pid, 'SIGKILL');
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

/** Every PostgreSQL process that was started on a folder in the scratch folder. */
export function serversBelow(folder: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids
    .map(Number)
    .filter(
      (pid) =>
        commandLine(pid).some((part) => part.startsWith(`${folder}/`)) &&
        commandLine(pid)[0]?.endsWith('/postgres'),
    );
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has just ended
  }
}

const transpiled = new Map<string, string>();

function transpile(file: string): string {
  const known = transpiled.get(file);
  if (known !== undefined) return known;
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  transpiled.set(file, outputText);
  return outputText;
}
