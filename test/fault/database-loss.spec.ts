import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, signals, userNumber } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

let transmitter: Transmitter;

afterEach(() => transmitter.stop());

/** Ends every connection to the database of the transmitter, but that of the test. */
async function endConnections(where = 'true'): Promise<number> {
  const rows = await transmitter.database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'the test itself' and ${where}`,
  );
  return rows.length;
}

/** How many processes hold the connection that hears doorbells. */
async function doorbells(): Promise<number> {
  const rows = await transmitter.database.query(
    `select from pg_stat_activity where datname = current_database() and application_name = 'ssf doorbell'`,
  );
  return rows.length;
}

describe('when the connections to the database break', () => {
  beforeEach(async () => {
    transmitter = await startTransmitter();
  });

  it('in the midst of delivery, every SET still arrives, and ends once', async () => {
    const { receiver, signal, stream } = await connect(transmitter);
    await transmitter.admin.recordAll(signals(600, signal, userNumber));

    for (const count of [50, 150, 300]) {
      await receiver.atLeast(count);
      expect(await endConnections()).toBeGreaterThan(0);
    }
    const jtis = (): Set<string> => new Set(receiver.received.map(({ claims }) => claims.jti));
    await until('600 SETs', () => jtis().size === 600, 40_000);

    await until('an empty queue', async () => {
      const rows = await transmitter.database.query('select from ssf.delivery');
      return rows.length === 0;
    });
    const unequal = await transmitter.database.query(
      `select jti from ssf.attempt where stream_id = $1 and outcome = 'delivered' group by jti having count(*) <> 1`,
      [stream.stream_id],
    );
    expect(unequal).toEqual([]);
    await until('LISTEN again', async () => (await doorbells()) === 1);
  });

  it('the APIs answer again at once', async () => {
    const { api, signal, receiver } = await connect(transmitter);
    await endConnections();

    const statuses = await until('an answer', async () => {
      const answers = [await api.readStreams(), await transmitter.admin.call('/signals', { body: signal() })];
      const found = answers.map(({ status }) => status);
      return found.every((status) => status < 500) && found;
    });

    expect(statuses).toEqual([200, 202]);
    await receiver.next();
  });
});

it('the doorbells of other processes are heard again when their connection broke', async () => {
  // so long a sweep that only a doorbell is fast enough
  transmitter = await startTransmitter({ sweepIntervalMs: 60_000 });
  const apiOnly = await startReplica(transmitter, { delivery: false });
  const { receiver, signal } = await connect(transmitter);
  try {
    await apiOnly.admin.record(signal({ txn: 'before' }));
    await receiver.next(({ claims }) => claims.txn === 'before');

    expect(await endConnections(`application_name = 'ssf doorbell'`)).toBe(2);
    // a doorbell that is rung while nobody listens is lost, so it is rung until it is heard
    await until('a doorbell that is heard', async () => {
      await apiOnly.admin.record(signal({ txn: 'after' }));
      return receiver.received.some(({ claims }) => claims.txn === 'after');
    });
    await until('both to listen', async () => (await doorbells()) === 2);
  } finally {
    await apiOnly.stop();
  }
});
