import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedConnection } from '../../src/platform/database/embedded/embedded-postgres.js';
import { CLUSTER_USER } from '../../src/platform/database/embedded/cluster.js';
import { readPidFile } from '../../src/platform/database/embedded/postmaster.js';
import { AdminClient } from '../../test/support/admin-client.js';
import { freePort } from '../../test/support/free-port.js';
import { readiness } from '../../test/support/server-process.js';
import { until } from '../../test/support/until.js';
import { Database } from './database.js';
import { cleanEnvironment } from './environment.js';
import type { Resources } from './resources.js';
import { MAIN, NODE_ARGUMENTS } from './root.js';

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 30_000;

export interface TransmitterOptions {
  /** settings besides those that every transmitter of a benchmark has */
  readonly settings?: Readonly<Record<string, string>>;
  /** for Node itself */
  readonly nodeArguments?: readonly string[];
}

/**
 * The product as `npm start` runs it: `node dist/main.js` with its embedded PostgreSQL and its defaults, in a process of its
 * own. Its log goes to a file.
 */
export class Transmitter {
  readonly adminToken = `admin-${randomBytes(16).toString('hex')}`;
  private child: ChildProcess | undefined;
  private isEnded = false;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly options: TransmitterOptions,
  ) {}

  static async start(resources: Resources, options: TransmitterOptions = {}): Promise<Transmitter> {
    const folder = resources.temporaryFolder();
    const transmitter = new Transmitter(folder, await freePort(), options);
    resources.add('the transmitter', () => transmitter.end());
    await transmitter.launch();
    return transmitter;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get admin(): AdminClient {
    return new AdminClient(this.baseUrl, this.adminToken);
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Of the PostgreSQL server. */
  async postgresPid(): Promise<number> {
    return (await this.pidFile()).pid;
  }

  async database(resources: Resources): Promise<Database> {
    const { socketDir, port } = await this.pidFile();
    const connection: EmbeddedConnection = { host: socketDir, port, user: CLUSTER_USER, database: 'ssf' };
    return Database.connect(resources, connection);
  }

  /** Ends it in order and starts it again, with the same data. */
  async restart(): Promise<void> {
    await this.stop();
    await this.launch();
  }

  /** Fails when it logged an error meanwhile: what was measured would not be what was meant. */
  async checkLog(): Promise<void> {
    const errors = (await this.log()).split('\n').filter((line) => line.includes('"level":"error"'));
    if (errors.length > 0)
      throw new Error(`the transmitter logged ${errors.length} errors:\n${errors.slice(0, 3).join('\n')}`);
  }

  private async launch(): Promise<void> {
    if (this.isEnded) throw new Error('the transmitter was ended');
    const log = openSync(this.logFile, 'a');
    try {
      this.child = spawn(process.execPath, [...NODE_ARGUMENTS, ...(this.options.nodeArguments ?? []), MAIN], {
        cwd: this.folder,
        env: { ...cleanEnvironment(), ...this.settings() },
        // an interruption is for the runner: a second signal would not let the database end in order
        detached: true,
        stdio: ['ignore', log, log],
      });
    } finally {
      closeSync(log);
    }
    await until(
      'a transmitter that is ready',
      async () => {
        if (this.child?.exitCode !== null) throw new Error(`the transmitter ended:\n${await this.log()}`);
        return (await readiness(this.baseUrl)) === 200;
      },
      START_DEADLINE_MS,
    );
  }

  private settings(): Record<string, string> {
    return {
      PORT: String(this.port),
      SSF_HOST: '127.0.0.1',
      SSF_PUBLIC_URL: this.baseUrl,
      SSF_DATA_DIR: join(this.folder, 'data'),
      SSF_ADMIN_TOKEN: this.adminToken,
      SSF_INSECURE_PUSH_TARGETS: 'loopback',
      SSF_LOG_FORMAT: 'json',
      ...this.options.settings,
    };
  }

  private async stop(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    // the second signal does not wait for what hangs, and still ends the database
    const impatience = setTimeout(() => child.kill('SIGTERM'), STOP_DEADLINE_MS);
    await once(child, 'exit');
    clearTimeout(impatience);
  }

  private async end(): Promise<void> {
    this.isEnded = true;
    await this.stop();
    await this.checkLog();
  }

  private get logFile(): string {
    return join(this.folder, 'transmitter.log');
  }

  private log(): Promise<string> {
    return readFile(this.logFile, 'utf8');
  }

  private async pidFile(): Promise<{ pid: number; port: number; socketDir: string }> {
    const file = await readPidFile(join(this.folder, 'data', 'postgres'));
    if (!file) throw new Error('there is no PostgreSQL below the data folder of the transmitter');
    return file;
  }
}
