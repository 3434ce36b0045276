import { execFileSync } from 'node:child_process';
import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type EmbeddedConnection,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/platform/database/embedded/embedded-postgres.js';
import { temporaryFolder } from './temporary-folder.js';

/** A PostgreSQL of the test's own, to be broken. What it has committed it keeps, as long as this machine runs. */
export class DatabaseCluster {
  private constructor(
    private readonly folder: string,
    private postgres: EmbeddedPostgres,
  ) {}

  static async start(): Promise<DatabaseCluster> {
    const folder = await temporaryFolder();
    const cluster = new DatabaseCluster(folder, await startServer(folder));
    await cluster.publish();
    return cluster;
  }

  /** The same after each restart. */
  get connection(): EmbeddedConnection {
    return { ...this.postgres.connection, host: join(this.folder, 'socket') };
  }

  /** Immediate shutdown, as after a crash: every session ends at once, and the next start replays the log. */
  async restart(): Promise<void> {
    process.kill(this.postgres.pid, 'SIGQUIT');
    await this.postgres.stop();
    this.postgres = await startServer(this.folder);
    await this.publish();
  }

  /** Stops all of its processes where they stand: sessions stay, and nobody answers. */
  freeze(): void {
    this.signal('SIGSTOP');
  }

  thaw(): void {
    this.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The server first, so that it has no new children while the others are stopped. */
  private signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    const { pid } = this.postgres;
    process.kill(pid, name);
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)]).toString();
    for (const child of children.split('\n').filter((line) => line.trim() !== ''))
      process.kill(Number(child), name);
  }

  /** Each start has a socket of its own; its link is renamed into place, so that there always is one. */
  private async publish(): Promise<void> {
    const link = join(this.folder, 'socket');
    await symlink(this.postgres.connection.host, `${link}.new`);
    await rename(`${link}.new`, link);
  }
}

function startServer(folder: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    database: 'postgres',
    settings: { fsync: 'off', max_connections: '200' },
  });
}
