import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries, type Binaries } from '../../../src/platform/database/embedded/binaries.js';
import { chooseRunUser } from '../../../src/platform/database/embedded/run-user.js';
import {
  buildApp,
  copyPackage,
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

const LIBPQ = 'native/lib/libpq.so.5';
const hasSystemPostgres = existsSync('/usr/lib/postgresql');

let scratch = '';
let packageDir = '';
let stateDir = '';
let lines: string[] = [];
beforeEach(() => {
  scratch = makeScratch();
  stateDir = join(scratch, 'state');
  packageDir = copyPackage(join(scratch, 'package'), { withShare: false });
  lines = [];
});
afterEach(() => endEverything(scratch));

describe('blocked install scripts', () => {
  it('the missing library links are made where the package stands', async () => {
    expect(existsSync(join(packageDir, LIBPQ))).toBe(false);

    const found = await find();

    expect(found).toEqual({ binDir: join(packageDir, 'native/bin'), major: 18 });
    expect(readlinkSync(join(packageDir, LIBPQ))).toBe('libpq.so.5.18');
    expect(existsSync(stateDir)).toBe(false);
  });

  it('missing execute bits are set', async () => {
    for (const name of ['initdb', 'postgres']) chmodSync(join(packageDir, 'native/bin', name), 0o644);

    expect((await find()).binDir).toBe(join(packageDir, 'native/bin'));
  });

  it('a package that belongs to somebody else is copied, and the server runs from the copy', async () => {
    copyPackage(packageDir);
    lockPackage();
    if (isRoot) prepareStateFor(nobody);
    const options = { dataDir: join(scratch, 'data'), packageDir, stateDir };
    const launcher = launch(buildApp(join(scratch, 'app')), ordinaryUser, options);

    const { log, pid } = await started(launcher);

    expect(log).toHaveLength(1);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(join(stateDir, 'binaries'))).toBe(true);
    expect(existsSync(join(packageDir, LIBPQ))).toBe(false);
    await stop(launcher);
    unlockPackage();
  });
});

describe.skipIf(!isRoot)('a copy of the binaries (needs root)', () => {
  beforeEach(() => {
    chmodSync(packageDir, 0o700); // nobody else may enter, so a copy is needed
  });

  it('is made once', async () => {
    const { binDir } = await find();
    const made = statSync(join(binDir, 'postgres'));

    await find();

    expect(binDir.startsWith(join(stateDir, 'binaries'))).toBe(true);
    expect(statSync(join(binDir, 'postgres')).ino).toBe(made.ino);
    expect(made).toMatchObject({ uid: 0, mode: 0o100755 });
  });

  it.each([
    ['a file that others may write', (bin: string) => chmodSync(join(bin, 'postgres'), 0o777)],
    ['a file that others own', (bin: string) => chownSync(join(bin, 'postgres'), nobody.uid, nobody.gid)],
    ['a folder that others may write', (bin: string) => chmodSync(bin, 0o777)],
    ['a file of another size', (bin: string) => writeFileSync(join(bin, 'initdb'), '#!/bin/sh\n')],
    ['a file too many', (bin: string) => writeFileSync(join(bin, '../lib/libevil.so'), '')],
    ['a file too few', (bin: string) => rmSync(join(bin, '../lib/libpq.so.5.18'))],
  ])('is made again when it has %s', async (_what, tamper) => {
    const { binDir } = await find();
    const made = lstatSync(binDir);
    tamper(binDir);

    expect(await find()).toEqual({ binDir, major: 18 });

    expect(lstatSync(binDir)).toMatchObject({ uid: 0, mode: 0o40755 });
    expect(lstatSync(binDir).ino).not.toBe(made.ino);
    expect(lstatSync(join(binDir, 'postgres'))).toMatchObject({ uid: 0, mode: 0o100755 });
    expect(existsSync(join(binDir, '../lib/libevil.so'))).toBe(false);
    expect(existsSync(join(binDir, '../lib/libpq.so.5.18'))).toBe(true);
  });
});

describe('other binaries', () => {
  it('binDir is used alone: without PostgreSQL in it the error is no_binaries', async () => {
    const options = { dataDir: join(scratch, 'data'), binDir: join(scratch, 'empty') };

    const error = await failed(launch(buildApp(join(scratch, 'app')), ordinaryUser, options));

    expect(error.code).toBe('no_binaries');
    expect(error.message).toContain(options.binDir);
    expect(error.message).toContain('SSF_PG_BIN');
    expect(existsSync(options.dataDir)).toBe(false);
  });

  it.skipIf(!hasSystemPostgres)('without the npm package a system PostgreSQL runs (needs one)', async () => {
    const options = { dataDir: join(scratch, 'data'), packageDir: join(scratch, 'none') };
    const launcher = launch(buildApp(join(scratch, 'app')), ordinaryUser, options);

    const { pid } = await started(launcher);

    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/usr/lib/postgresql/')).toBe(true);
    await stop(launcher);
  });
});

async function find(): Promise<Binaries> {
  const user = await chooseRunUser(join(scratch, 'data'));
  return findBinaries({ packageDir, stateDir, user, log: (line) => lines.push(line) });
}

/** As root the package is root's and the launcher is not; else the folder is made read-only. */
function lockPackage(): void {
  if (!isRoot) chmodSync(join(packageDir, 'native/lib'), 0o555);
}

function unlockPackage(): void {
  chmodSync(join(packageDir, 'native/lib'), 0o755);
}

function prepareStateFor({ uid, gid }: { uid: number; gid: number }): void {
  mkdirSync(stateDir);
  chownSync(stateDir, uid, gid);
}
