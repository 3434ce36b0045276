import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { FIRST, SECOND, SERVER_CA, type ServerCertificate } from '../support/server-certificates.js';
import { ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/until.js';

let database: TestDatabase;
let folder: string;
let server: ServerProcess;
let port: number;

beforeAll(async () => {
  database = await TestDatabase.create();
  folder = await temporaryFolder();
  port = await freePort();
  await install(FIRST);
  server = new ServerProcess({
    PORT: String(port),
    SSF_PUBLIC_URL: `https://localhost:${port}`,
    DATABASE_URL: database.url,
    SSF_ADMIN_TOKEN: 'admin-token-of-the-tls-test',
    SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SSF_TLS_CERT_FILE: join(folder, 'tls.crt'),
    SSF_TLS_KEY_FILE: join(folder, 'tls.key'),
  });
  await until('a server that is ready', () => isReady(), 40_000);
});

afterAll(async () => {
  await server.kill();
  await database.drop();
  await rm(folder, { recursive: true });
});

/** As certbot and Kubernetes do it: complete files take the place of the former ones. */
async function install({ cert, key }: ServerCertificate): Promise<void> {
  for (const [name, content] of Object.entries({ 'tls.crt': cert, 'tls.key': key })) {
    await writeFile(join(folder, `${name}.new`), content);
    await rename(join(folder, `${name}.new`), join(folder, name));
  }
}

async function handshake(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: SERVER_CA, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

function servedSerial(): Promise<string> {
  return handshake().then((socket) => {
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  });
}

async function request(path: string, agent: Agent): Promise<{ status?: number; socket: TLSSocket }> {
  const sent = get({ host: '127.0.0.1', servername: 'localhost', ca: SERVER_CA, port, path, agent });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const socket = response.socket as TLSSocket;
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode, socket };
}

async function isReady(): Promise<boolean> {
  const agent = new Agent();
  try {
    return (await request('/healthz/ready', agent)).status === 200;
  } catch {
    return false; // it does not listen yet
  } finally {
    agent.destroy();
  }
}

const UNAUTHENTICATED = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' } as const;
const NO_SUITE = { code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' };

describe('the server with a certificate of its own', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    const socket = await handshake({ minVersion: version, maxVersion: version });

    expect(socket.getProtocol()).toBe(version);
    expect(socket.authorized).toBe(true);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('does not speak %s', async (version) => {
    const attempt = handshake({
      minVersion: version,
      maxVersion: version,
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });

    await expect(attempt).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
  });

  it('does not speak TLS 1.2 without authenticated encryption', async () => {
    await expect(handshake(UNAUTHENTICATED)).rejects.toMatchObject(NO_SUITE);
  });

  it('serves a renewed certificate while a kept-alive connection goes on, and no broken one', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const { socket } = await request('/healthz/live', agent);
    const first = await servedSerial();

    await install(SECOND);
    const second = await until('another certificate', async () => {
      const serial = await servedSerial();
      return serial !== first && serial;
    });
    const after = await request('/healthz/live', agent);

    expect(after.status).toBe(200);
    expect(after.socket).toBe(socket);
    expect(socket.getPeerCertificate().serialNumber).toBe(first);
    await expect(handshake(UNAUTHENTICATED)).rejects.toMatchObject(NO_SUITE);

    await install({ cert: FIRST.cert, key: SECOND.key });
    await until('a line about the pair', () => server.stdout.includes('"tls.refused"'));
    expect(await servedSerial()).toBe(second);
    const line = server.stdout.split('\n').find((each) => each.includes('"tls.refused"')) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      err: { message: 'SSF_TLS_KEY_FILE is not the key of the first certificate in SSF_TLS_CERT_FILE' },
    });
    expect(server.stdout).not.toContain('PRIVATE KEY');
  });
});
