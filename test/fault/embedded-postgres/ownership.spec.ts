import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acquireOwnership } from '../../../src/platform/database/embedded/owner-lock.js';
import { makeClusterTemplate, type ClusterTemplate } from './cluster-template.js';
import { until } from './conditions.js';
import {
  buildApp,
  endEverything,
  failed,
  launch,
  makeScratch,
  ordinaryUser,
  PACKAGE_DIR,
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

describe.each(testUsers)('one owner per data folder, as $label', (user) => {
  it('a second live process gets already_running with the folder and the pid of the owner', async () => {
    template.copyTo(dataDir);
    const owner = launch(app, user, { dataDir });
    await started(owner);

    const error = await failed(launch(app, user, { dataDir }));

    expect(error.code).toBe('already_running');
    expect(error.message).toContain(dataDir);
    expect(error.message).toContain(String(owner.pid));
    expect(error.message).not.toContain('\n');
    await stop(owner);
  });
});

describe('simultaneous starts', () => {
  const user = ordinaryUser;

  it('of simultaneous first starts exactly one wins', async () => {
    const contenders = [1, 2, 3].map(() => launch(app, user, { dataDir }));

    const outcomes = await Promise.all(contenders.map((contender) => contender.outcome));

    expect(outcomes.map((outcome) => (outcome.event === 'failed' ? outcome.code : 'started')).sort()).toEqual(
      ['already_running', 'already_running', 'started'],
    );
    expect(serversBelow(scratch)).toHaveLength(1);
    await Promise.all(contenders.map(stop));
  });

  it('of simultaneous successors of a killed owner exactly one wins', async () => {
    template.copyTo(dataDir);
    const dead = launch(app, user, { dataDir });
    await started(dead);
    await dead.kill('SIGKILL');
    const contenders = [1, 2, 3].map(() => launch(app, user, { dataDir }));

    const outcomes = await Promise.all(contenders.map((contender) => contender.outcome));

    expect(outcomes.filter((outcome) => outcome.event === 'started')).toMatchObject([{ adopted: true }]);
    expect(outcomes.filter((outcome) => outcome.event === 'failed').map(({ code }) => code)).toEqual([
      'already_running',
      'already_running',
    ]);
    await Promise.all(contenders.map(stop));
  });
});

describe('owner files', () => {
  it("does not take a live process for the owner because it has the dead owner's pid", async () => {
    template.copyTo(dataDir);
    const record = { pid: process.pid, startedAt: 'in another life' };
    writeFileSync(join(dataDir, 'transmitter.owner.7'), JSON.stringify(record), { mode: 0o644 });

    const launcher = launch(app, ordinaryUser, { dataDir });

    expect(await started(launcher)).toMatchObject({ adopted: false });
    await stop(launcher);
  });

  it('of many simultaneous claims on a dead owner exactly one wins, again and again', async () => {
    for (let round = 1; round <= 40; round++) {
      const folder = mkdtempSync(join(scratch, 'round-'));
      writeFileSync(
        join(folder, `transmitter.owner.${round}`),
        JSON.stringify({ pid: 1, startedAt: 'once' }),
      );

      const claims = await Promise.allSettled(Array.from({ length: 8 }, () => acquireOwnership(folder)));

      expect(claims.filter((claim) => claim.status === 'fulfilled')).toHaveLength(1);
      expect(readdirSync(folder)).toEqual([`transmitter.owner.${round + 1}`]);
    }
  });

  it('passes over an owner file that a power failure has emptied', async () => {
    template.copyTo(dataDir);
    writeFileSync(join(dataDir, 'transmitter.owner.1'), '');

    const launcher = launch(app, ordinaryUser, { dataDir });

    await started(launcher);
    await stop(launcher);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('transmitter.'))).toEqual([
      'transmitter.log',
    ]);
  });

  it('does not adopt a server that something else has started', async () => {
    template.copyTo(dataDir);
    const stranger = spawn(
      join(PACKAGE_DIR, 'native/bin/postgres'),
      ['-D', dataDir, '-c', 'listen_addresses=', '-k', scratch],
      { cwd: '/', stdio: 'ignore', ...ordinaryUser.ids },
    );
    const ended = new Promise((resolve) => stranger.once('exit', resolve));
    await until(() => readdirSync(dataDir).includes('postmaster.pid') && isReady());

    const error = await failed(launch(app, ordinaryUser, { dataDir }));

    expect(error.code).toBe('already_running');
    expect(error.message).toContain(String(stranger.pid));
    expect(stranger.exitCode).toBeNull();
    stranger.kill('SIGINT');
    await ended;
  });
});

function isReady(): boolean {
  return readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').includes('ready');
}
