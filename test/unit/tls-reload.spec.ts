import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { connect } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FIRST, SECOND, type ServerCertificate } from '../support/server-certificates.js';
import { until } from '../support/until.js';
import { createLogger } from '../../src/platform/telemetry/logger.js';
import { TlsReload } from '../../src/server/tls-reload.js';
import { readTlsPair } from '../../src/server/tls-pair.js';

const [first, second] = [FIRST, SECOND].map(({ cert }) => serialOf(cert));

interface Running {
  readonly reload: TlsReload;
  readonly folder: string;
  /** of the certificate that a new connection gets */
  served(): Promise<string>;
  readonly lines: Record<string, unknown>[];
}

/** A server with the first certificate, from files that `place` has made in a new folder. */
async function start(place: (folder: string) => Promise<unknown> = inPlace): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'ssf-tls-'));
  await place(folder);
  const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  const pair = readTlsPair(files);
  const server = createServer({ ...pair });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lines: Record<string, unknown>[] = [];
  const destination = new PassThrough();
  destination.on('data', (line: Buffer) => lines.push(JSON.parse(line.toString()) as (typeof lines)[0]));
  const reload = new TlsReload(
    files,
    pair,
    server,
    createLogger({ level: 'info', pretty: false, destination }),
  );
  onTestFinished(async () => {
    reload.stop();
    server.close();
    await rm(folder, { recursive: true });
  });
  return { reload, folder, lines, served: () => servedBy(server) };
}

async function servedBy(server: Server): Promise<string> {
  const { port } = server.address() as AddressInfo;
  // what it is, not whether it can be trusted
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

function serialOf(cert: string): string {
  return new X509Certificate(cert).serialNumber;
}

function inPlace(folder: string, { cert, key }: ServerCertificate = FIRST): Promise<unknown> {
  return Promise.all([writeFile(join(folder, 'tls.crt'), cert), writeFile(join(folder, 'tls.key'), key)]);
}

describe('TlsReload', () => {
  it('serves a pair that was written over the former one', async () => {
    const { reload, folder, served, lines } = await start();
    expect(await served()).toBe(first);

    await inPlace(folder, SECOND);
    reload.check();

    expect(await served()).toBe(second);
    expect(lines).toMatchObject([{ event: 'tls.reloaded', serialNumber: second, level: 'info' }]);
  });

  it('does nothing while the files stay the same', async () => {
    const { reload, folder, lines } = await start();

    await inPlace(folder, FIRST);
    reload.check();
    reload.check();

    expect(lines).toEqual([]);
  });

  it.each([
    ['a certificate whose key has not come yet', 'tls.crt', SECOND.cert, /^SSF_TLS_KEY_FILE is not the key/],
    ['a key whose certificate has not come yet', 'tls.key', SECOND.key, /^SSF_TLS_KEY_FILE is not the key/],
    ['half of a certificate', 'tls.crt', SECOND.cert.slice(0, 300), /^SSF_TLS_CERT_FILE holds no PEM/],
    [
      'half of a chain',
      'tls.crt',
      FIRST.cert + SECOND.cert.slice(0, 300),
      /^SSF_TLS_CERT_FILE holds a chain/,
    ],
    ['half of a key', 'tls.key', SECOND.key.slice(0, 100), /^SSF_TLS_KEY_FILE holds no PEM/],
    ['an empty file', 'tls.crt', '', /^SSF_TLS_CERT_FILE holds no PEM/],
  ])('keeps the former pair for %s, and says so once', async (_what, file, content, problem) => {
    const { reload, folder, served, lines } = await start();

    await writeFile(join(folder, file), content);
    reload.check();
    reload.check();

    expect(await served()).toBe(first);
    expect(lines).toMatchObject([
      { event: 'tls.refused', level: 'error', err: { message: expect.stringMatching(problem) as unknown } },
    ]);
    expect(JSON.stringify(lines)).not.toContain('PRIVATE KEY');

    await inPlace(folder, SECOND);
    reload.check();
    expect(await served()).toBe(second);
  });

  it('keeps the former pair when a file is gone', async () => {
    const { reload, folder, served, lines } = await start();

    await unlink(join(folder, 'tls.key'));
    reload.check();

    expect(await served()).toBe(first);
    expect(lines).toMatchObject([{ event: 'tls.refused', level: 'error' }]);
  });

  it('hears of files that are renamed over the former ones', async () => {
    const { reload, folder, served } = await start();
    reload.watch();

    for (const [name, content] of Object.entries({ 'tls.crt': SECOND.cert, 'tls.key': SECOND.key })) {
      await writeFile(join(folder, `${name}.new`), content);
      await rename(join(folder, `${name}.new`), join(folder, name));
    }

    await until('the second certificate', async () => (await served()) === second);
  });

  it('hears of a symbolic link that is swapped, as Kubernetes does', async () => {
    const { reload, folder, served } = await start(async (mounted) => {
      await generation(mounted, 'one', FIRST);
      await symlink('one', join(mounted, '..data'));
      for (const name of ['tls.crt', 'tls.key']) await symlink(join('..data', name), join(mounted, name));
    });
    reload.watch();

    await generation(folder, 'two', SECOND);
    await symlink('two', join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));

    await until('the second certificate', async () => (await served()) === second);
  });
});

async function generation(folder: string, name: string, pair: ServerCertificate): Promise<void> {
  await mkdir(join(folder, name));
  await inPlace(join(folder, name), pair);
}
