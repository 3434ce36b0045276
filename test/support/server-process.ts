import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AdminClient } from './admin-client.js';
import { call } from './http.js';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const START_DEADLINE_MS = 40_000;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LogLine {
  readonly level: string;
  readonly event?: string;
  readonly msg?: string;
}

/** The real server, `node dist/main.js`, with settings from the environment alone. */
export class ServerProcess {
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;
  private output = '';
  private errors = '';

  constructor(settings: Readonly<Record<string, string>>, nodeArguments: readonly string[] = []) {
    this.child = spawn(process.execPath, [...nodeArguments, MAIN], {
      env: { ...withoutSettings(process.env), SSF_LOG_FORMAT: 'json', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    // `close` comes after the last of the output
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => resolve({ code, signal })),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it logged, one object a line. */
  get logLines(): readonly LogLine[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine);
  }

  get stdout(): string {
    return this.output;
  }

  get stderr(): string {
    return this.errors;
  }

  /** Resolves when the server says that it can do its work. */
  async ready(baseUrl: string, adminToken: string): Promise<AdminClient> {
    await until(
      'a server that is ready',
      async () => {
        if (this.child.exitCode !== null) throw new Error(`the server ended:\n${this.output}${this.errors}`);
        return (await readiness(baseUrl)) === 200;
      },
      START_DEADLINE_MS,
    );
    return new AdminClient(baseUrl, adminToken);
  }

  /** As a crash would end it: nothing can be finished or written any more. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to stop; answers at once. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** Asks it to stop, and waits. */
  stop(): Promise<Ending> {
    this.terminate();
    return this.ended;
  }
}

/** The status of the readiness probe; undefined while nobody listens. */
export async function readiness(baseUrl: string): Promise<number | undefined> {
  try {
    return (await call(`${baseUrl}/healthz/ready`)).status;
  } catch {
    return undefined; // it does not listen, or not any more
  }
}

/** Settings of the person who runs the tests must not reach the server; only the place of PostgreSQL may matter. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isSetting = (name: string): boolean =>
    /^(PORT|DATABASE_URL(_FILE)?|PG[A-Z]+)$/.test(name) || (name.startsWith('SSF_') && name !== 'SSF_PG_BIN');
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSetting(name)));
}
