import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdminClient } from '../support/admin-client.js';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { call } from '../support/http.js';
import { connect } from '../support/scenario.js';
import { readiness, ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const ADMIN_TOKEN = 'admin-token-of-the-roles-tests';
/** Both are started with an SDK for traces, as operators do it. */
const WITH_SDK = ['--import', fileURLToPath(new URL('../support/otel-to-file.mjs', import.meta.url))];

interface Role {
  readonly server: ServerProcess;
  readonly baseUrl: string;
}

let database: TestDatabase;
let folder: string;
let front: Role;
let worker: Role;
let admin: AdminClient;

beforeAll(async () => {
  database = await TestDatabase.create();
  folder = await temporaryFolder();
  const ports = [await freePort(), await freePort()] as const;
  const [frontUrl, workerUrl] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string];
  const common = {
    DATABASE_URL: database.url,
    SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SSF_PUBLIC_URL: frontUrl,
    SSF_HOST: '127.0.0.1',
    SSF_INSECURE_PUSH_TARGETS: 'loopback',
  };
  front = {
    baseUrl: frontUrl,
    server: new ServerProcess(
      {
        ...common,
        PORT: String(ports[0]),
        SSF_ROLES: 'admin,receiver',
        SSF_ADMIN_TOKEN: ADMIN_TOKEN,
        SPANS_FILE: join(folder, 'front'),
      },
      WITH_SDK,
    ),
  };
  // without an admin token, which it has no use for
  worker = {
    baseUrl: workerUrl,
    server: new ServerProcess(
      { ...common, PORT: String(ports[1]), SSF_ROLES: 'delivery', SPANS_FILE: join(folder, 'worker') },
      WITH_SDK,
    ),
  };
  admin = await front.server.ready(frontUrl, ADMIN_TOKEN);
  await worker.server.ready(workerUrl, ADMIN_TOKEN);
});

afterAll(async () => {
  await Promise.all([front.server.kill(), worker.server.kill()]);
  await database.drop();
  await rm(folder, { recursive: true });
});

describe('a process that only delivers', () => {
  it('serves its health and nothing else', async () => {
    const status = async (path: string): Promise<number> =>
      (await call(worker.baseUrl + path, { token: ADMIN_TOKEN })).status;

    expect(await readiness(worker.baseUrl)).toBe(200);
    expect(await status('/healthz/live')).toBe(200);
    expect(await status('/api/v1/providers')).toBe(404);
    expect(await status('/.well-known/ssf-configuration/ssf/acme')).toBe(404);
    expect(await status('/docs')).toBe(404);
  });

  it('delivers what a process without delivery has recorded, which does not itself', async () => {
    const { receiver, signal } = await connect({ admin } as Transmitter);
    const signalId = await admin.record(signal());

    const { claims } = await receiver.next((set) => set.claims.txn === signalId);
    await admin.setWithStatus(claims.jti, 'delivered');

    await until('the line of the attempt', () => worker.server.stdout.includes(`"jti":"${claims.jti}"`));
    expect(front.server.stdout).not.toContain('set.attempted');
    expect(front.server.stdout).not.toContain('signal.fanned_out');
  });

  it('has its spans linked to those of that process, and sent before it ends', async () => {
    const endings = await Promise.all([front.server.stop(), worker.server.stop()]);

    expect(endings.map(({ code }) => code)).toEqual([0, 0]);
    const spansOf = async (name: string): Promise<string[]> =>
      (await readFile(join(folder, name), 'utf8')).trim().split('\n').toSorted();
    expect(await spansOf('front')).toEqual(['ssf.signal.record 0']);
    expect(await spansOf('worker')).toEqual(['ssf.set.push 1', 'ssf.signal.fan_out 1']);
  });
});
