import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { connect } from '../support/scenario.js';
import { ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { Transmitter } from '../support/transmitter.js';

const ADMIN_TOKEN = 'admin-token-of-the-traces-tests';
const OTEL = fileURLToPath(new URL('../support/otel-to-file.ts', import.meta.url));

let database: TestDatabase;
let folder: string;
let server: ServerProcess | undefined;

beforeAll(async () => {
  database = await TestDatabase.create();
  folder = await temporaryFolder();
});

afterAll(async () => {
  await server?.kill();
  await database.drop();
  await rm(folder, { recursive: true });
});

it('a server that is started with an SDK traces, and has the last spans sent before it ends', async () => {
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const spansFile = join(folder, 'spans');
  server = new ServerProcess(
    {
      PORT: String(port),
      DATABASE_URL: database.url,
      SSF_ADMIN_TOKEN: ADMIN_TOKEN,
      SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      SSF_INSECURE_PUSH_TARGETS: 'loopback',
      SPANS_FILE: spansFile,
    },
    ['--import', 'tsx', '--import', OTEL],
  );
  const admin = await server.ready(baseUrl, ADMIN_TOKEN);
  const { receiver, signal } = await connect({ admin } as Transmitter);

  await admin.record(signal());
  const { claims } = await receiver.next();
  await admin.setWithStatus(claims.jti, 'delivered');
  const { code } = await server.stop();

  expect(code).toBe(0);
  const spans = (await readFile(spansFile, 'utf8')).trim().split('\n');
  expect(spans.toSorted()).toEqual(['ssf.set.push 1', 'ssf.signal.fan_out 1', 'ssf.signal.record 0']);
});
