import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeClusterTemplate, type ClusterTemplate } from './cluster-template.js';
import {
  buildApp,
  endEverything,
  failed,
  isRoot,
  launch,
  makeScratch,
  ordinaryUser,
  serversBelow,
  started,
  stop,
  testUsers,
} from './launcher-process.js';

const canMount = isRoot && probeMount();
let template: ClusterTemplate;
let scratch = '';
let disk = '';
let app = '';
beforeAll(async () => {
  template = await makeClusterTemplate();
});
afterAll(() => template.remove());
beforeEach(() => {
  scratch = makeScratch();
  app = buildApp(join(scratch, 'app'));
  disk = join(scratch, 'disk');
  mkdirSync(disk);
});
afterEach(async () => {
  if (canMount) spawnSync('umount', ['--lazy', disk]);
  await endEverything(scratch);
});

describe.skipIf(!canMount)('a full or read-only disk (needs root and the right to mount)', () => {
  describe.each(testUsers)('as $label', (user) => {
    it('too small for a new cluster: disk_full, and with more room the same start succeeds', async () => {
      mount('size=30m,mode=1777');
      const dataDir = join(disk, 'data');

      const error = await failed(launch(app, user, { dataDir }));

      expect(error.code).toBe('disk_full');
      expect(error.message).toContain(dataDir);
      expect(readdirSync(disk)).toEqual([]);
      mount('remount,size=200m');
      const launcher = launch(app, user, { dataDir });
      await started(launcher);
      await stop(launcher);
    });
  });

  it('full in the middle of initdb: disk_full, nothing half-made stays, the next start succeeds', async () => {
    mount('size=200m,mode=1777,nr_inodes=300');
    const dataDir = join(disk, 'data');

    const error = await failed(launch(app, ordinaryUser, { dataDir }));

    expect(error.code).toBe('disk_full');
    expect(error.message).toContain(dataDir);
    expect(readdirSync(disk)).toEqual([]);
    mount('remount,nr_inodes=0');
    const launcher = launch(app, ordinaryUser, { dataDir });
    await started(launcher);
    await stop(launcher);
  });

  it('full before the first byte: disk_full', async () => {
    mount('size=64k,mode=1777');
    fillDisk(0);

    const error = await failed(launch(app, ordinaryUser, { dataDir: join(disk, 'data') }));

    expect(error.code).toBe('disk_full');
    expect(readdirSync(disk)).toEqual(['filler']);
  });

  it.each([0, 4096])(
    'full under an existing cluster (%i bytes left): disk_full, and the cluster survives',
    async (bytes) => {
      mount('size=200m,mode=1777');
      const dataDir = join(disk, 'data');
      template.copyTo(dataDir);
      fillDisk(bytes);

      const error = await failed(launch(app, ordinaryUser, { dataDir }));

      expect(error).toMatchObject({ code: 'disk_full' });
      expect(error.message).toContain(dataDir);
      rmSync(join(disk, 'filler'));
      const launcher = launch(app, ordinaryUser, { dataDir });
      await started(launcher);
      await stop(launcher);
    },
  );

  it('full while the database is made: disk_full, and the next start makes it', async () => {
    mount('size=200m,mode=1777');
    const dataDir = join(disk, 'data');
    template.copyTo(dataDir);
    fillDisk(1024 * 1024);

    const error = await failed(launch(app, ordinaryUser, { dataDir, database: 'another' }));

    expect(error.code).toBe('disk_full');
    expect(serversBelow(scratch)).toEqual([]);
    rmSync(join(disk, 'filler'));
    const launcher = launch(app, ordinaryUser, { dataDir, database: 'another' });
    expect((await started(launcher)).connection.database).toBe('another');
    await stop(launcher);
  });

  it.each(['new', 'existing'])('read-only with a %s cluster: read_only', async (kind) => {
    mount('size=200m,mode=1777');
    const dataDir = join(disk, 'data');
    if (kind === 'existing') template.copyTo(dataDir);
    mount('remount,ro');

    const error = await failed(launch(app, ordinaryUser, { dataDir }));

    expect(error.code).toBe('read_only');
    expect(error.message).toContain(dataDir);
  });

  it('the data folder may itself be a mount point with a lost+found', async () => {
    mount('size=200m,mode=1777');
    mkdirSync(join(disk, 'lost+found'));
    spawnSync('chown', ['nobody', disk]);

    const launcher = launch(app, ordinaryUser, { dataDir: disk });

    expect((await started(launcher)).dataDir).toBe(disk);
    await stop(launcher);
  });
});

describe('a folder without permission', () => {
  it('an ordinary user gets not_writable with the folder', async () => {
    const locked = join(scratch, 'locked');
    mkdirSync(locked);
    chmodSync(locked, 0o555);

    const error = await failed(launch(app, ordinaryUser, { dataDir: join(locked, 'data') }));

    expect(error.code).toBe('not_writable');
    expect(error.message).toContain(join(locked, 'data'));
  });

  it('a file in the place of the folder gives not_writable', async () => {
    writeFileSync(join(scratch, 'file'), '');

    const error = await failed(launch(app, ordinaryUser, { dataDir: join(scratch, 'file') }));

    expect(error.code).toBe('not_writable');
  });
});

function mount(options: string): void {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`mount ${options}: ${stderr}`);
}

function fillDisk(bytesLeft: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(bavail * bsize - bytesLeft));
}

/** Containers often deny it even to root. */
function probeMount(): boolean {
  const folder = makeScratch();
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (isMounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
}
