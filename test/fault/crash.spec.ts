import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { stopLeftDatabase } from '../support/left-database.js';
import {
  type Connection,
  connect,
  createProvider,
  sessionRevoked,
  signals,
  userNumber,
} from '../support/scenario.js';
import { ServerProcess } from '../support/server-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const ADMIN_TOKEN = 'admin-token-of-the-crash-tests';

/** Starts a server that ends with the test. */
function start(settings: Record<string, string>): ServerProcess {
  const server = new ServerProcess({
    SSF_ADMIN_TOKEN: ADMIN_TOKEN,
    SSF_INSECURE_PUSH_TARGETS: 'loopback',
    ...settings,
  });
  onTestFinished(() => server.kill());
  return server;
}

it('a signal that was answered with 202 arrives although the server is killed at once', async () => {
  const dataDir = await temporaryFolder();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const settings = {
    PORT: String(port),
    SSF_PUBLIC_URL: baseUrl,
    SSF_DATA_DIR: dataDir,
    SSF_HOST: '127.0.0.1',
  };
  onTestFinished(async () => {
    await stopLeftDatabase(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  });
  const first = start(settings);
  const admin = await first.ready(baseUrl, ADMIN_TOKEN);
  const { receiver, signal } = await connect({ admin } as Transmitter);

  const signalId = await admin.record(signal());
  await first.kill();
  const second = start(settings);
  await second.ready(baseUrl, ADMIN_TOKEN);
  const { claims } = await receiver.next((set) => set.claims.txn === signalId);
  const record = await admin.setWithStatus(claims.jti, 'delivered');

  expect(record.attempts.filter(({ outcome }) => outcome === 'delivered')).toHaveLength(1);
  const jtis = receiver.received.map((set) => set.claims.jti);
  expect(new Set(jtis)).toEqual(new Set([claims.jti]));
  expect(jtis.length).toBeLessThanOrEqual(2);
  expect(await second.stop()).toEqual({ code: 0, signal: null });
});

it('of two servers on one database one is killed while sending: nothing is lost, little is sent twice', async () => {
  const database = await TestDatabase.create();
  const ports = [await freePort(), await freePort()] as const;
  const [urlOfFirst, urlOfSecond] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string];
  const common = {
    DATABASE_URL: database.url,
    SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    // receivers read the keys from the one that lives on
    SSF_PUBLIC_URL: urlOfSecond,
    SSF_HOST: '127.0.0.1',
  };
  const first = start({ ...common, PORT: String(ports[0]) });
  const second = start({ ...common, PORT: String(ports[1]) });
  onTestFinished(() => database.drop());
  const admin = await first.ready(urlOfFirst, ADMIN_TOKEN);
  const survivor = await second.ready(urlOfSecond, ADMIN_TOKEN);
  const transmitter = { admin: survivor } as Transmitter;
  const provider = await createProvider(transmitter);
  const connections: Connection[] = [];
  for (let index = 0; index < 5; index += 1) connections.push(await connect(transmitter, { to: provider }));
  for (const { receiver } of connections)
    receiver.behave(async () => {
      await delay(20);
      return { status: 202 };
    });
  const all = (): string[] =>
    connections.flatMap(({ receiver }) => receiver.received.map(({ claims }) => claims.jti));

  await admin.recordAll(signals(200, (members) => sessionRevoked(provider, members), userNumber));
  await until('most of the SETs', () => all().length >= 600);
  await first.kill();
  await until('all SETs', () => new Set(all()).size === 1000, 45_000);
  await until('an empty queue', async () => (await database.query('select from ssf.delivery')).length === 0);

  const attempts = await database.query<{ jti: string; delivered: number }>(
    `select jti, count(*) filter (where outcome = 'delivered')::int as delivered from ssf.attempt group by jti`,
  );
  expect(attempts).toHaveLength(1000);
  expect(attempts.filter(({ delivered }) => delivered !== 1)).toEqual([]);
  // what was in flight, and what was answered and not written down yet: that of 100 ms, five turns of these receivers, and of
  // the turn that writing takes
  expect(all().length - 1000).toBeLessThanOrEqual(5 * 8 * (1 + 5 + 1));
  expect(await second.stop()).toEqual({ code: 0, signal: null });
});
