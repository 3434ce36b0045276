import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { connect, signals, userNumber } from '../support/scenario.js';
import { readiness, ServerProcess } from '../support/server-process.js';
import type { Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const ADMIN_TOKEN = 'admin-token-of-the-shutdown-test';

it.each(['SIGTERM'])('%s lets pushes end, writes them down and gives the leases back', async () => {
  const database = await TestDatabase.create();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const server = new ServerProcess({
    PORT: String(port),
    SSF_HOST: '127.0.0.1',
    SSF_PUBLIC_URL: baseUrl,
    DATABASE_URL: database.url,
    SSF_ADMIN_TOKEN: ADMIN_TOKEN,
    SSF_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    SSF_INSECURE_PUSH_TARGETS: 'loopback',
  });
  onTestFinished(async () => {
    await server.kill();
    await database.drop();
  });
  const admin = await server.ready(baseUrl, ADMIN_TOKEN);
  const { receiver, signal } = await connect({ admin } as Transmitter);
  const release = receiver.hold();
  await admin.recordAll(signals(20, signal, userNumber));
  await until('eight pushes under way', () => receiver.inFlight === 8);

  server.terminate();
  await until('a server that is not ready any more', async () => (await readiness(baseUrl)) === 503);
  const duringShutdown = await database.query<{ lease_owner: string | null }>(
    'select lease_owner from ssf.stream_queue',
  );
  release();

  expect(await server.ended).toEqual({ code: 0, signal: null });
  expect(duringShutdown).toMatchObject([{ lease_owner: expect.any(String) as string }]);
  expect(receiver.received).toHaveLength(8);
  const attempts = await database.query('select outcome from ssf.attempt');
  expect(attempts).toEqual(Array.from({ length: 8 }, () => ({ outcome: 'delivered' })));
  expect(await database.query('select from ssf.delivery')).toHaveLength(12);
  expect(await database.query('select lease_owner from ssf.stream_queue')).toEqual([{ lease_owner: null }]);
  const connections = await database.query(
    `select from pg_stat_activity where datname = current_database() and application_name <> 'the test itself'`,
  );
  expect(connections).toEqual([]);
});
