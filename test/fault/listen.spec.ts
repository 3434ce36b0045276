import { afterEach, expect, it } from 'vitest';
import type { SsfOptions } from '../../src/platform/config/ssf-options.js';
import { TestDatabase } from '../support/database.js';
import { connect } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;

afterEach(() => transmitter.stop());

/** Who has leased the stream, and by which connection the database knows that they live. */
async function lease(): Promise<{ owner: string | null; pid: number | null } | undefined> {
  const [row] = await transmitter.database.query<{ owner: string | null; pid: number | null }>(
    'select lease_owner as owner, lease_pid as pid from ssf.stream_queue',
  );
  return row;
}

function isDeaf(): boolean {
  return transmitter.logLines.some((line) => line.includes('doorbell.deaf'));
}

async function listenersOf(database: TestDatabase): Promise<number> {
  const rows = await database.query(
    `select from pg_stat_activity where application_name = 'ssf doorbell' and datname = current_database()`,
  );
  return rows.length;
}

it('a connection that hears doorbells is what the database knows the process by', async () => {
  transmitter = await startTransmitter();
  const { receiver, signal } = await connect(transmitter);
  const release = receiver.hold();
  await transmitter.admin.record(signal());
  await receiver.next();

  const pid = await until('a lease with a process id', async () => (await lease())?.pid ?? undefined);

  const [listener] = await transmitter.database.query<{ name: string }>(
    'select application_name as name from pg_stat_activity where pid = $1',
    [pid],
  );
  expect(listener?.name).toBe('ssf doorbell');
  expect(isDeaf()).toBe(false);
  release();
});

it('a connection that hears nothing is told of once, and the sweep does without it', async () => {
  // takes a LISTEN, and hears nothing of what happens in the right database
  const elsewhere = await TestDatabase.createEmpty();
  const overrides: Partial<SsfOptions> = {
    listenDatabaseUrl: elsewhere.url,
    sweepIntervalMs: 200,
    leaseSeconds: 3,
    pushTimeoutMs: 1_000,
  };
  transmitter = await startTransmitter(overrides);
  await until('it is told of', isDeaf);
  const apiOnly = await startReplica(transmitter, { delivery: false });
  const { receiver, signal } = await connect(transmitter);
  const release = receiver.hold();
  try {
    await apiOnly.admin.record(signal());
    await receiver.next();
    await until('a lease', async () => (await lease())?.owner);

    expect(await lease()).toMatchObject({ pid: null });
    release();
    await until(
      'an empty queue',
      async () => (await transmitter.database.query('select from ssf.delivery')).length === 0,
    );
    expect(transmitter.logLines.filter((line) => line.includes('doorbell.deaf'))).toHaveLength(1);
    await until('nobody listens in vain', async () => (await listenersOf(elsewhere)) === 0);
  } finally {
    await apiOnly.stop();
    await elsewhere.drop();
  }
});
