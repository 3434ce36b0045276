import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeClusterTemplate, type ClusterTemplate } from './cluster-template.js';
import { query } from './conditions.js';
import {
  buildApp,
  endEverything,
  failed,
  isRoot,
  launch,
  makeScratch,
  nobody,
  ordinaryUser,
  started,
  stop,
} from './launcher-process.js';

let template: ClusterTemplate;
let scratch = '';
beforeAll(async () => {
  template = await makeClusterTemplate();
});
afterAll(() => template.remove());
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => endEverything(scratch));

it('an ordinary user runs the server as that user, with the data where it was asked for', async () => {
  const dataDir = join(scratch, 'data');
  template.copyTo(dataDir);
  const launcher = launch(buildApp(join(scratch, 'app')), ordinaryUser, { dataDir });

  const server = await started(launcher);

  expect(statSync(`/proc/${server.pid}`).uid).toBe(ordinaryUser.ids?.uid ?? process.geteuid?.());
  expect(server.dataDir).toBe(dataDir);
  expect(server.log).toEqual([]);
  await stop(launcher);
});

describe.skipIf(!isRoot)('root (needs root)', () => {
  const root = { label: 'root', ids: undefined };

  it('drops to postgres or nobody, who alone can reach the socket and the data', async () => {
    const launcher = launch(buildApp(join(scratch, 'app')), root, { dataDir: join(scratch, 'data') });

    const server = await started(launcher);

    const { uid } = statSync(`/proc/${server.pid}`);
    const name = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[2] === String(uid))?.[0];
    expect(['postgres', 'nobody']).toContain(name);
    expect(statSync(server.dataDir)).toMatchObject({ uid, mode: 0o40700 });
    expect(statSync(server.connection.host)).toMatchObject({ uid, mode: 0o40700 });
    await stop(launcher);
  });

  it('hands an existing cluster to its owner', async () => {
    const dataDir = join(scratch, 'data');
    template.copyTo(dataDir);
    const launcher = launch(buildApp(join(scratch, 'app')), root, { dataDir });

    const { pid } = await started(launcher);

    expect(statSync(`/proc/${pid}`).uid).toBe(nobody.uid);
    await stop(launcher);
  });

  it('below a 0700 folder uses copies elsewhere, finds the data again and opens nothing', async () => {
    const home = makeHome();
    const app = buildApp(join(home, 'checkout'), { ownPackage: true });
    const options = { dataDir: join(home, 'checkout/data'), stateDir: join(scratch, 'state') };
    const first = launch(app, root, options);
    const before = await started(first);
    await query(before.connection, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await stop(first);

    const second = launch(app, root, options);
    const after = await started(second);

    expect(before.dataDir.startsWith(join(scratch, 'state/clusters/'))).toBe(true);
    expect(before.log.filter((line) => line.includes(before.dataDir))).toHaveLength(1);
    expect(before.log.filter((line) => line.includes(join(scratch, 'state/binaries')))).toHaveLength(1);
    expect(after.dataDir).toBe(before.dataDir);
    expect(await query(after.connection, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    await stop(second);
  });

  it.each(['symlink', 'hard link'])(
    'does not follow a %s that the run user has put in the place of the log',
    async (kind) => {
      const dataDir = join(scratch, 'data');
      const precious = join(scratch, 'precious');
      template.copyTo(dataDir);
      writeFileSync(precious, 'of root', { mode: 0o600 });
      rmSync(join(dataDir, 'transmitter.log'));
      (kind === 'symlink' ? symlinkSync : linkSync)(precious, join(dataDir, 'transmitter.log'));

      const error = await failed(launch(buildApp(join(scratch, 'app')), root, { dataDir }));

      expect(error.code).toBe('start_failed');
      expect(error.message).toContain('transmitter.log');
      expect(readFileSync(precious, 'utf8')).toBe('of root');
      expect(statSync(precious)).toMatchObject({ uid: 0, mode: 0o100600 });
    },
  );

  it('follows a symlinked data folder to the place that decides about access', async () => {
    const home = makeHome();
    mkdirSync(join(home, 'data'));
    symlinkSync(join(home, 'data'), join(scratch, 'data'));
    const options = { dataDir: join(scratch, 'data'), stateDir: join(scratch, 'state') };
    const launcher = launch(buildApp(join(scratch, 'app')), root, options);

    expect((await started(launcher)).dataDir.startsWith(join(scratch, 'state/clusters/'))).toBe(true);
    await stop(launcher);
  });

  it('keeps relocated data in its place when the requested folder becomes reachable', async () => {
    const home = makeHome();
    const app = buildApp(join(scratch, 'app'));
    const options = { dataDir: join(home, 'data'), stateDir: join(scratch, 'state') };
    const first = launch(app, root, options);
    const before = await started(first);
    await stop(first);
    chmodSync(home, 0o755);

    const second = launch(app, root, options);

    expect((await started(second)).dataDir).toBe(before.dataDir);
    await stop(second);
  });

  it('does not begin an empty database elsewhere when the unreachable folder holds one', async () => {
    const home = makeHome();
    template.copyTo(join(home, 'data'));
    const options = { dataDir: join(home, 'data'), stateDir: join(scratch, 'state') };

    const error = await failed(launch(buildApp(join(scratch, 'app')), root, options));

    expect(error.code).toBe('not_writable');
    expect(error.message).toContain(join(home, 'data'));
  });

  it('refuses a state folder that somebody else could write', async () => {
    const home = makeHome();
    mkdirSync(join(scratch, 'state'));
    chownSync(join(scratch, 'state'), nobody.uid, nobody.gid);
    const options = { dataDir: join(home, 'data'), stateDir: join(scratch, 'state') };

    const error = await failed(launch(buildApp(join(scratch, 'app')), root, options));

    expect(error.code).toBe('not_writable');
  });

  it('takes over a cluster whose owner was killed', async () => {
    const dataDir = join(scratch, 'data');
    const app = buildApp(join(scratch, 'app'));
    template.copyTo(dataDir);
    const first = launch(app, ordinaryUser, { dataDir });
    const before = await started(first);
    await first.kill('SIGKILL');

    const second = launch(app, root, { dataDir });

    expect(await started(second)).toMatchObject({ adopted: true, pid: before.pid });
    await stop(second);
  });
});

/** Like /root: only root may enter. */
function makeHome(): string {
  const home = join(scratch, 'home');
  mkdirSync(home);
  chmodSync(home, 0o700);
  return home;
}
