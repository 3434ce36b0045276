import { afterEach, expect, it } from 'vitest';
import { connect } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
const LEASE_SECONDS = 3;

let transmitter: Transmitter;

afterEach(() => transmitter.stop());

it('a stream whose lease was taken as the database broke off is served when that lease ends', async () => {
  transmitter = await startTransmitter({ leaseSeconds: LEASE_SECONDS, pushTimeoutMs: 1_000 });
  const { admin, database } = transmitter;
  const busy = await connect(transmitter, { stream: { events_requested: [SESSION_REVOKED] } });
  const { receiver, signal } = await connect(transmitter, {
    to: busy.provider,
    stream: { events_requested: [CREDENTIAL_CHANGE] },
  });
  // the plan of the fan-out is at hand then, and needs no table that is locked below
  await admin.record(busy.signal());
  await busy.receiver.next();
  // as with any load, the process goes on renewing its leases
  const load = setInterval(() => void admin.record(busy.signal()).catch(() => undefined), 300);
  try {
    const unlock = await database.lock('ssf.stream');
    await admin.record(signal({ type: 'password.changed' }));
    await until('the stream is leased and looked up', () => database.hasWaiting());
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    );
    await unlock();

    const set = await receiver.next(() => true, 2 * LEASE_SECONDS * 1000);
    expect(set.eventType).toBe(CREDENTIAL_CHANGE);
  } finally {
    clearInterval(load);
  }
});
