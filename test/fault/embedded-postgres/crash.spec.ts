import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeClusterTemplate, type ClusterTemplate } from './cluster-template.js';
import { query, until } from './conditions.js';
import {
  buildApp,
  endEverything,
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
  template.copyTo(dataDir);
});
afterEach(() => endEverything(scratch));

describe.each(testUsers)('a crash, as $label', (user) => {
  it('kill -9 of Node: the next start adopts the running server with its data, and stops it', async () => {
    const first = launch(app, user, { dataDir });
    const before = await started(first);
    await query(before.connection, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.kill('SIGKILL');

    const second = launch(app, user, { dataDir, database: 'another' });
    const after = await started(second);

    expect(after).toMatchObject({ adopted: true, pid: before.pid, dataDir: before.dataDir });
    expect(after.connection).toEqual({ ...before.connection, database: 'another' });
    expect(await query({ ...after.connection, database: 'ssf' }, 'SELECT answer FROM kept')).toEqual([
      { answer: 42 },
    ]);
    await stop(second);
    expect(serversBelow(scratch)).toEqual([]);
    expect(existsSync(after.connection.host)).toBe(false);
  });

  it('kill -9 of Node and of the server: the next start recovers the committed data', async () => {
    const first = launch(app, user, { dataDir });
    const before = await started(first);
    await query(before.connection, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.kill('SIGKILL');
    process.kill(before.pid, 'SIGKILL');

    const second = launch(app, user, { dataDir });
    const after = await started(second);

    expect(after.adopted).toBe(false);
    expect(await query(after.connection, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(existsSync(before.connection.host)).toBe(false);
    await stop(second);
  });
});

describe('a crash, as an ordinary user', () => {
  const user = ordinaryUser;

  it('waits for a busy child of a killed server, beside which no server may start', async () => {
    const first = launch(app, user, { dataDir });
    const before = await started(first);
    const client = new pg.Client(before.connection);
    client.on('error', () => undefined); // it loses its server, as it should
    await client.connect();
    const broken = client.query('SELECT count(*) FROM generate_series(1, 5000000)').catch(() => undefined);
    await until(() => backendsOf(before.pid).some((title) => title.includes('SELECT')));
    await first.kill('SIGKILL');
    process.kill(before.pid, 'SIGKILL');

    const second = launch(app, user, { dataDir });

    expect((await started(second)).adopted).toBe(false);
    await broken;
    await stop(second);
  });

  it("starts although the dead server's pid now belongs to another process", async () => {
    const first = launch(app, user, { dataDir });
    const before = await started(first);
    await first.kill('SIGKILL');
    process.kill(before.pid, 'SIGKILL');
    template.copyTo(join(scratch, 'other'));
    const reused = launch(app, user, { dataDir: join(scratch, 'other') });
    await started(reused);
    const pidFile = join(before.dataDir, 'postmaster.pid');
    const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n');
    writeFileSync(pidFile, [reused.pid, ...rest].join('\n'));

    const second = launch(app, user, { dataDir });

    expect((await started(second)).adopted).toBe(false);
    await stop(second);
    await stop(reused);
  });

  it('a server whose socket was deleted is stopped and started anew', async () => {
    const first = launch(app, user, { dataDir });
    const before = await started(first);
    await first.kill('SIGKILL');
    rmSync(before.connection.host, { recursive: true });

    const second = launch(app, user, { dataDir });
    const after = await started(second);

    expect(after.adopted).toBe(false);
    expect(after.pid).not.toBe(before.pid);
    await stop(second);
  });

  it('process.exit without stop() leaves no server', async () => {
    const first = launch(app, user, { dataDir });
    const { connection } = await started(first);

    first.send('exit');
    await first.ended;
    await until(() => serversBelow(scratch).length === 0);

    const second = launch(app, user, { dataDir });
    expect((await started(second)).adopted).toBe(false);
    expect(existsSync(connection.host)).toBe(false);
    await stop(second);
  });

  it('Ctrl-C reaches Node only: the server still answers while the application drains', async () => {
    const launcher = launch(app, user, { dataDir });
    const { pid } = await started(launcher);

    launcher.interruptGroup();

    expect((await launcher.ended).slice(1).map((line) => JSON.parse(line) as unknown)).toEqual([
      { event: 'drained' },
      { event: 'stopped' },
    ]);
    expect(() => statSync(`/proc/${pid}`)).toThrow();
  });
});

/** The command lines of a server's children, which say what they are doing. */
function backendsOf(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  return children.map((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8'));
}
