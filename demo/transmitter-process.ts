import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stopLeftDatabase } from './left-database.js';
import { type Patience, until } from './waiting.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
/** Should the demo itself be killed, the transmitter stops as if asked to. */
const STOP_WITH_PARENT =
  "data:text/javascript,process.on('disconnect',()=>process.kill(process.pid,'SIGTERM'));process.channel.unref()";
const START_SECONDS = 60;
const STOP_SECONDS = 20;

export interface TransmitterSettings {
  readonly port: number;
  readonly dataDir: string;
  readonly logFile: string;
  readonly adminToken: string;
}

/** The real server, `node dist/main.js`, with settings from the environment alone. */
export class TransmitterProcess {
  readonly baseUrl: string;
  private child: ChildProcess | undefined;
  private exited: Promise<unknown> = Promise.resolve();
  private isEnding = false;
  private mayHaveLeftDatabase = false;

  /** @param onFailure hears of an end that nobody asked for */
  constructor(
    private readonly settings: TransmitterSettings,
    private readonly onFailure: (reason: string) => void,
  ) {
    this.baseUrl = `http://127.0.0.1:${settings.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the transmitter says that it is ready. */
  async start(patience: Pick<Patience, 'ending'>): Promise<void> {
    this.spawn();
    const what = 'a transmitter that is ready';
    await until((signal) => this.isReady(signal), { what, seconds: START_SECONDS, ...patience });
  }

  /** As a crash would end it: nothing can be finished or written any more. */
  async kill(): Promise<void> {
    this.isEnding = true;
    this.child?.kill('SIGKILL');
    await this.exited;
  }

  /** Stops it if it runs, and whatever it may have left running. */
  async end(): Promise<void> {
    this.isEnding = true;
    if (this.isRunning) {
      this.child?.kill('SIGTERM');
      const deadline = setTimeout(() => this.child?.kill('SIGKILL'), STOP_SECONDS * 1000);
      await this.exited;
      clearTimeout(deadline);
    }
    if (this.mayHaveLeftDatabase) await stopLeftDatabase(this.settings.dataDir);
    this.mayHaveLeftDatabase = false;
  }

  private spawn(): void {
    const { port, dataDir, logFile, adminToken } = this.settings;
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(process.execPath, [`--import=${STOP_WITH_PARENT}`, MAIN], {
      env: {
        ...withoutSettings(process.env),
        PORT: String(port),
        SSF_HOST: '127.0.0.1',
        SSF_PUBLIC_URL: this.baseUrl,
        SSF_DATA_DIR: dataDir,
        SSF_ADMIN_TOKEN: adminToken,
        SSF_INSECURE_PUSH_TARGETS: 'loopback',
        SSF_LOG_LEVEL: 'info',
        SSF_LOG_FORMAT: 'json',
      },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true, // Ctrl-C is for the demo, which ends its children in order
    });
    closeSync(log);
    this.child = child;
    this.isEnding = false;
    this.mayHaveLeftDatabase = true;
    this.exited = once(child, 'exit').then(
      ([code]) => {
        if (code === 0) this.mayHaveLeftDatabase = false;
      },
      () => undefined, // it could not be started, which the listener below reports
    );
    child.on('error', (error) => this.onFailure(`the transmitter: ${error.message}`));
    child.on('exit', (code, signal) => {
      if (!this.isEnding) this.onFailure(`the transmitter ended unexpectedly (${signal ?? `code ${code}`})`);
    });
  }

  private get isRunning(): boolean {
    return this.child?.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private async isReady(signal: AbortSignal): Promise<true | undefined> {
    try {
      const response = await fetch(`${this.baseUrl}/healthz/ready`, { signal });
      await response.arrayBuffer();
      return response.ok ? true : undefined;
    } catch (error) {
      if (signal.aborted) throw error;
      return undefined; // it does not listen yet
    }
  }
}

/** Settings of the person who runs the demo must not reach it; only the place of PostgreSQL may matter. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isForeign = (name: string) =>
    name === 'DATABASE_URL' ||
    name === 'DATABASE_URL_FILE' ||
    (name.startsWith('SSF_') && name !== 'SSF_PG_BIN');
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isForeign(name)));
}
