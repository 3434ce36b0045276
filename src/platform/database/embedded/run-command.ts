import { spawn } from 'node:child_process';
import { onProcessExit } from './exit-hooks.js';

/** The system user that runs the server when we are root. */
export interface RunUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Nothing of our own environment reaches the server: it may hold secrets, and PG* variables would change it. */
export const SERVER_ENV = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', LANG: 'C' };

/** Runs a program to its end; rejects only when it cannot be started at all. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { user?: RunUser | undefined; inheritEnv?: boolean } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: '/', // the run user may be unable to enter ours
      env: options.inheritEnv === true ? undefined : SERVER_ENV,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
    });
    const removeHook = onProcessExit(() => child.kill('SIGTERM'));
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => {
      removeHook();
      reject(error);
    });
    child.once('close', (exitCode) => {
      removeHook();
      resolve({ exitCode, output });
    });
  });
}
