import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { EmbeddedConnection } from '../../src/platform/database/embedded/embedded-postgres.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './until.js';

const PORT = 6432;
const PROGRAM = findProgram();

/** Why there is no PgBouncer; undefined when there is. */
export const noPgBouncer =
  PROGRAM === undefined ? 'pgbouncer is not installed (apt-get install pgbouncer)' : undefined;

/** A PgBouncer in transaction mode in front of a database, as its package configures it but for what it must know. */
export class PgBouncer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly target: EmbeddedConnection,
  ) {}

  static async start(target: EmbeddedConnection): Promise<PgBouncer> {
    if (PROGRAM === undefined) throw new Error(noPgBouncer);
    const folder = await temporaryFolder();
    // only the owner of the server may use its socket, and PgBouncer does not run as root
    const { uid, gid } = await stat(target.host);
    const files = { 'pgbouncer.ini': settings(target, folder), 'users.txt': `"${target.user}" ""\n` };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) await chown(folder, uid, gid);
    const child = spawn(PROGRAM, ['--quiet', join(folder, 'pgbouncer.ini')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      ...(isRoot && { uid, gid }),
    });
    const pooler = new PgBouncer(child, folder, target);
    await until('a pooler that answers', () => pooler.answers());
    return pooler;
  }

  /** As the setting `DATABASE_URL` takes it. */
  get url(): string {
    const { user, database } = this.target;
    return `postgres://${user}@/${database}?host=${encodeURIComponent(this.folder)}&port=${PORT}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } catch (error) {
      if (this.child.exitCode !== null) throw error;
      return false; // it does not listen yet
    } finally {
      await client.end();
    }
  }
}

/** Sessions are few and given out in turn, so that a client seldom meets the same one twice. */
function settings(target: EmbeddedConnection, folder: string): string {
  return `[databases]
* = host=${target.host} port=${target.port}
[pgbouncer]
listen_port = ${PORT}
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 12
max_client_conn = 500
server_round_robin = 1
`;
}

function findProgram(): string | undefined {
  for (const program of ['pgbouncer', '/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer'])
    try {
      execFileSync(program, ['--version'], { stdio: 'ignore' });
      return program;
    } catch {
      continue; // not there
    }
  return undefined;
}
