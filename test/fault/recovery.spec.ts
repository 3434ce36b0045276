import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { expectStatus } from '../support/http.js';
import { POLL, type ReceiverClient } from '../support/receiver-client.js';
import {
  createProvider,
  createReceiverApi,
  sessionRevoked,
  signals,
  userNumber,
} from '../support/scenario.js';
import { ServerProcess } from '../support/server-process.js';
import type { Recovery, StreamConfiguration } from '../support/api-types.js';
import type { Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const ADMIN_TOKEN = 'admin-token-of-the-recovery-tests';
/** More than two batches. */
const COUNT = 1200;
const PER_ANSWER = 100;

/** Polls until all SETs have come, acknowledging them; answers their jtis in the order of their coming. */
async function pollAll(api: ReceiverClient, stream: StreamConfiguration): Promise<string[]> {
  const all: string[] = [];
  let ack: string[] = [];
  await until(
    'all SETs of the poll stream',
    async () => {
      const answer = expectStatus(await api.poll(stream, { returnImmediately: true, ack }), 200);
      ack = Object.keys(answer.json<{ sets: object }>().sets);
      all.push(...ack);
      return all.length >= COUNT && ack.length === 0;
    },
    30_000,
  );
  return all;
}

it('a recovery goes on where it was when its server was killed: all is queued, nothing twice, in order', async () => {
  const database = await TestDatabase.create();
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const encryptionKey = randomBytes(32).toString('base64');
  const start = (): ServerProcess => {
    const server = new ServerProcess({
      PORT: String(port),
      SSF_HOST: '127.0.0.1',
      SSF_PUBLIC_URL: baseUrl,
      SSF_ADMIN_TOKEN: ADMIN_TOKEN,
      SSF_ENCRYPTION_KEY: encryptionKey,
      DATABASE_URL: database.url,
    });
    onTestFinished(() => server.kill());
    return server;
  };
  onTestFinished(() => database.drop());
  const first = start();
  const admin = await first.ready(baseUrl, ADMIN_TOKEN);
  const transmitter = { admin } as Transmitter;
  const provider = await createProvider(transmitter);
  const { api } = await createReceiverApi(transmitter, provider);
  const stream = await api.createdStream({ delivery: { method: POLL } });
  for (let at = 0; at < COUNT; at += PER_ANSWER * 4)
    await admin.recordAll(
      signals(
        PER_ANSWER * 4,
        (each) => sessionRevoked(provider, each),
        (index) => userNumber(at + index),
      ),
    );
  const jtis = await pollAll(api, stream);
  // somebody's open transaction has a row of the second batch, which therefore waits
  const release = await database.hold(
    `insert into ssf.delivery (stream_id, seq, jti, subject_hash, expires_at)
     select stream_id, seq, jti, subject_hash, now() from ssf.security_event_token where jti = $1`,
    [jtis[700]],
  );
  const read = ({ id }: Recovery): Promise<Recovery> => admin.recovery(id);

  const from = new Date(Date.now() - 3_600_000).toISOString();
  const recovery = expectStatus(
    await admin.call(`/streams/${stream.stream_id}/recover`, { body: { from, statuses: ['delivered'] } }),
    202,
  ).json<Recovery>();
  await until('a batch that waits', () => database.hasWaiting());
  const halfway = await read(recovery);
  await first.kill();
  await release();
  const second = start();
  await second.ready(baseUrl, ADMIN_TOKEN);
  const done = await until('the recovery is done', async () => {
    const now = await read(recovery);
    return now.state === 'done' && now;
  });
  const again = await pollAll(api, stream);

  expect(jtis).toHaveLength(COUNT);
  expect(halfway).toMatchObject({ state: 'running', redelivered: 500 });
  expect(halfway.progress).toBeGreaterThan(0);
  expect(done).toMatchObject({ redelivered: COUNT, progress: 1 });
  expect(again).toEqual(jtis);
  expect(
    await database.query(
      `select jti from ssf.attempt where outcome = 'redelivered' group by jti having count(*) <> 1`,
    ),
  ).toEqual([]);
  expect(await second.stop()).toEqual({ code: 0, signal: null });
});
