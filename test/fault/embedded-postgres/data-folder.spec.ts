import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cutLargeLog } from '../../../src/platform/database/embedded/server-log.js';
import { makeClusterTemplate, type ClusterTemplate } from './cluster-template.js';
import { query, until } from './conditions.js';
import {
  buildApp,
  endEverything,
  failed,
  launch,
  makeScratch,
  ordinaryUser,
  serversBelow,
  started,
  stop,
  testUsers,
} from './launcher-process.js';

let template: ClusterTemplate;
let scratch = '';
let app = '';
let dataDir = '';
beforeAll(async () => {
  template = await makeClusterTemplate();
});
afterAll(() => template.remove());
beforeEach(() => {
  scratch = makeScratch();
  app = buildApp(join(scratch, 'app'));
  dataDir = join(scratch, 'data');
});
afterEach(() => endEverything(scratch));

describe.each(testUsers)('a new data folder, as $label', (user) => {
  it('becomes a cluster of the user transmitter that keeps its data over a restart, without TCP', async () => {
    const deep = join(scratch, 'not', 'there', 'yet');
    const first = launch(app, user, { dataDir: deep, database: 'signals "2"' });
    const server = await started(first);

    expect(server).toMatchObject({ adopted: false, dataDir: deep });
    expect(server.connection).toMatchObject({ user: 'transmitter', database: 'signals "2"' });
    expect(await query(server.connection, SETTINGS)).toEqual([
      {
        tcp: '',
        checksums: 'on',
        encoding: 'UTF8',
        superuser: 'on',
        locale: 'b',
        buffers: '128MB',
        fsync: 'off',
      },
    ]);
    expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
    expect(statSync(deep).mode & 0o777).toBe(0o700);
    expect(statSync(join(scratch, 'not')).mode & 0o777).toBe(0o755);
    await query(server.connection, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(first);
    expect(serversBelow(scratch)).toEqual([]);

    const second = launch(app, user, { dataDir: deep, database: 'signals "2"' });
    expect(await query((await started(second)).connection, 'SELECT answer FROM kept')).toEqual([
      { answer: 42 },
    ]);
    await stop(second);
  });
});

describe('a data folder that is not ours to use', () => {
  it('of another major version gives version_mismatch with both versions and changes nothing', async () => {
    template.copyTo(dataDir);
    writeFileSync(join(dataDir, 'PG_VERSION'), '14\n');
    const before = snapshot(dataDir);

    const error = await failed(launch(app, ordinaryUser, { dataDir }));

    expect(error.code).toBe('version_mismatch');
    expect(error.message).toContain(dataDir);
    expect(error.message).toContain('PostgreSQL 14');
    expect(error.message).toContain('version 18');
    expect(snapshot(dataDir)).toEqual(before);
  });

  it.each(testUsers)('with other files gives an error and touches nothing, as $label', async (user) => {
    mkdirSync(dataDir);
    chmodSync(dataDir, 0o755);
    writeFileSync(join(dataDir, 'thesis.txt'), 'all I have');
    const before = snapshot(dataDir);

    const error = await failed(launch(app, user, { dataDir }));

    expect(error.code).toBe('not_writable');
    expect(error.message).toContain('thesis.txt');
    expect(snapshot(dataDir)).toEqual(before);
  });
});

describe('an unfinished cluster', () => {
  it('of a start that was killed in initdb is made afresh', async () => {
    const first = launch(app, ordinaryUser, { dataDir });
    await until(
      () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('transmitter.init-')),
    );
    await first.kill('SIGKILL');
    expect(existsSync(join(dataDir, 'PG_VERSION'))).toBe(false);

    const second = launch(app, ordinaryUser, { dataDir });

    expect(await started(second)).toMatchObject({ adopted: false, dataDir });
    await stop(second);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('transmitter.'))).toEqual([
      'transmitter.log',
    ]);
  });

  it('of a start that was killed while the cluster moved to its place is made afresh', async () => {
    template.copyTo(dataDir);
    const draft = join(dataDir, 'transmitter.init-abc');
    mkdirSync(draft);
    renameSync(join(dataDir, 'PG_VERSION'), join(draft, 'PG_VERSION'));
    if (ordinaryUser.ids !== undefined) chownSync(draft, ordinaryUser.ids.uid, ordinaryUser.ids.gid);

    const launcher = launch(app, ordinaryUser, { dataDir });

    await started(launcher);
    await stop(launcher);
  });
});

describe('the server log', () => {
  it('is cut under the running server, with one older copy', async () => {
    template.copyTo(dataDir);
    const launcher = launch(app, ordinaryUser, { dataDir });
    const { connection } = await started(launcher);
    const log = join(dataDir, 'transmitter.log');

    await cutLargeLog(dataDir, 1);
    await expect(query(connection, 'SELECT nonsense')).rejects.toThrow();

    expect(readFileSync(`${log}.1`, 'utf8')).toContain('ready to accept connections');
    expect(readFileSync(log, 'utf8')).toMatch(/^\d{4}-.* ERROR: {2}column "nonsense" does not exist/);
    await stop(launcher);
  });
});

describe('the socket', () => {
  it('has a short path when the data folder and TMPDIR are deeper than a socket path may be', async () => {
    const deep = join(scratch, 'd'.repeat(120));
    const temporary = join(scratch, 't'.repeat(100));
    template.copyTo(deep);
    mkdirSync(temporary);
    chmodSync(temporary, 0o1777);

    const launcher = launch(app, ordinaryUser, { dataDir: deep }, { TMPDIR: temporary });
    const { connection } = await started(launcher);

    expect(Buffer.byteLength(`${connection.host}/.s.PGSQL.5432`)).toBeLessThanOrEqual(103);
    expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await stop(launcher);
    expect(existsSync(connection.host)).toBe(false);
  });
});

const SETTINGS = `SELECT current_setting('listen_addresses') AS tcp, current_setting('data_checksums') AS checksums,
  current_setting('server_encoding') AS encoding, current_setting('is_superuser') AS superuser,
  current_setting('shared_buffers') AS buffers, current_setting('fsync') AS fsync,
  (SELECT datlocprovider FROM pg_database WHERE datname = current_database()) AS locale`;

function snapshot(folder: string): unknown {
  const { mode, uid, mtimeMs } = statSync(folder);
  const files = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]);
  return { mode, uid, mtimeMs, files, version: readIfThere(join(folder, 'PG_VERSION')) };
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
