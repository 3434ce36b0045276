import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { AdminClient } from './admin-client.js';
import { freePort } from './free-port.js';
import { type Ending, type LogLine, readiness, ServerProcess } from './server-process.js';

const ADMIN_TOKEN = 'admin-token-of-the-fault-tests';
const MEMORY_LOOK_MS = 500;

export interface ReplicaOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** for `node`, such as `--import` */
  readonly nodeArguments?: readonly string[];
}

/** One of several servers on one database, which can be ended and started again. */
export class Replica {
  readonly url: string;
  readonly admin: AdminClient;
  /** the most memory that one of its processes ever had */
  peakMemoryMb = 0;
  isReady = false;
  private server: ServerProcess | undefined;
  private readonly memoryLook: NodeJS.Timeout;
  /** what the processes before this one said */
  private readonly earlierLines: LogLine[] = [];

  constructor(
    port: number,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly nodeArguments: readonly string[] = [],
  ) {
    this.url = `http://127.0.0.1:${port}`;
    this.settings = { ...settings, PORT: String(port) };
    this.admin = new AdminClient(this.url, ADMIN_TOKEN);
    this.memoryLook = setInterval(() => this.lookAtMemory(), MEMORY_LOOK_MS).unref();
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const server = new ServerProcess(this.settings, this.nodeArguments);
    this.server = server;
    await server.ready(this.url, ADMIN_TOKEN);
    this.isReady = this.server === server && server.isRunning;
  }

  /** As a crash would end it. */
  async kill(): Promise<void> {
    this.isReady = false;
    await this.server?.kill();
    this.keepLines();
  }

  /** As an orchestrator ends it, while requests still come. */
  async stop(): Promise<Ending | undefined> {
    const ending = await this.server?.stop();
    this.isReady = false;
    this.keepLines();
    return ending;
  }

  /** Of all its processes. */
  get logLines(): readonly LogLine[] {
    return [...this.earlierLines, ...(this.server?.logLines ?? [])];
  }

  readiness(): Promise<number | undefined> {
    return readiness(this.url);
  }

  async end(): Promise<void> {
    clearInterval(this.memoryLook);
    await this.kill();
  }

  private keepLines(): void {
    this.earlierLines.push(...(this.server?.logLines ?? []));
    this.server = undefined;
  }

  private lookAtMemory(): void {
    if (!this.server?.isRunning) return;
    this.peakMemoryMb = Math.max(this.peakMemoryMb, residentMb(this.server.pid));
  }
}

/** Servers that share a database. */
export class Fleet {
  private constructor(readonly replicas: readonly Replica[]) {}

  /** Answers when all are ready. They log warnings and errors alone, unless their settings say otherwise. */
  static async start(databaseUrl: string, options: readonly ReplicaOptions[]): Promise<Fleet> {
    const ports = await Promise.all(options.map(() => freePort()));
    const common = {
      DATABASE_URL: databaseUrl,
      SSF_HOST: '127.0.0.1',
      SSF_PUBLIC_URL: `http://127.0.0.1:${ports[0]}`,
      SSF_ADMIN_TOKEN: ADMIN_TOKEN,
      SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      SSF_INSECURE_PUSH_TARGETS: 'loopback',
      SSF_LOG_LEVEL: 'warn',
    };
    const fleet = new Fleet(
      options.map(
        ({ settings, nodeArguments }, index) =>
          new Replica(ports[index] ?? 0, { ...common, ...settings }, nodeArguments),
      ),
    );
    try {
      await Promise.all(fleet.replicas.map((replica) => replica.start()));
    } catch (error) {
      await fleet.end();
      throw error;
    }
    return fleet;
  }

  /** Of one that is ready, if there is one. */
  get admin(): AdminClient {
    const replica = this.replicas.find(({ isReady }) => isReady) ?? this.replicas[0];
    if (!replica) throw new Error('a fleet without replicas');
    return replica.admin;
  }

  get peakMemoryMb(): number {
    return Math.max(...this.replicas.map(({ peakMemoryMb }) => peakMemoryMb));
  }

  async end(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.end()));
  }
}

function residentMb(pid: number): number {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024;
  } catch {
    return 0; // it has just ended
  }
}
