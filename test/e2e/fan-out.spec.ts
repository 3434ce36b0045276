import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewApplication, NewProvider, Signal } from '../support/api-types.js';
import { connect, createProvider, sessionRevoked, signals, userNumber } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

describe('several streams', () => {
  it('get a SET each, with its own jti and audience and the same txn', async () => {
    const one = await connect(transmitter);
    const two = await connect(transmitter, { to: one.provider });

    const signalId = await transmitter.admin.record(one.signal());
    const [first, second] = [await one.receiver.next(), await two.receiver.next()];

    expect(first.claims.jti).not.toBe(second.claims.jti);
    expect(first.claims.txn).toBe(signalId);
    expect(second.claims.txn).toBe(signalId);
    expect(first.claims.aud).toBe(one.application.audience[0]);
    expect(second.claims.aud).toBe(two.application.audience[0]);
    const { outcomes } = await transmitter.admin.fannedOut(signalId);
    expect(outcomes).toHaveLength(2);
    expect(outcomes).toContainEqual({ streamId: one.stream.stream_id, jti: first.claims.jti });
    expect(outcomes).toContainEqual({ streamId: two.stream.stream_id, jti: second.claims.jti });
  });

  it('share the txn that the signal brought', async () => {
    const one = await connect(transmitter);
    const two = await connect(transmitter, { to: one.provider });

    await transmitter.admin.record(one.signal({ txn: 'op-117' }));

    expect((await one.receiver.next()).claims.txn).toBe('op-117');
    expect((await two.receiver.next()).claims.txn).toBe('op-117');
  });

  it('of another provider get nothing', async () => {
    const one = await connect(transmitter);
    const other = await connect(transmitter);

    const signalId = await transmitter.admin.record(one.signal());
    await one.receiver.next();

    const { outcomes } = await transmitter.admin.fannedOut(signalId);
    expect(outcomes.map(({ streamId }) => streamId)).toEqual([one.stream.stream_id]);
    expect(other.receiver.received).toEqual([]);
  });

  it('that are made later do not get earlier signals', async () => {
    const provider = await createProvider(transmitter);
    const early = await transmitter.admin.record(sessionRevoked(provider));
    await transmitter.admin.fannedOut(early);
    const { receiver, signal } = await connect(transmitter, { to: provider });

    const late = await transmitter.admin.record(signal());
    const { claims } = await receiver.next();

    expect(claims.txn).toBe(late);
    expect((await transmitter.admin.fannedOut(early)).outcomes).toEqual([]);
  });
});

describe('a stream that gets no SET is named with the reason', () => {
  interface Case {
    readonly why: string;
    readonly reason: string;
    readonly provider?: Partial<NewProvider>;
    readonly application?: Partial<NewApplication>;
    readonly stream?: object;
    readonly signal?: Partial<Signal>;
  }
  const user = (members: object): Partial<Signal> => ({ subject: { user: { id: 'u-31', ...members } } });
  const tenant = (id: string): Partial<Signal> => ({ subject: { user: { id: 'u-31' }, tenant: { id } } });

  it.each<Case>([
    {
      why: 'it did not ask for the event',
      reason: 'event_not_delivered',
      stream: { events_requested: [CREDENTIAL_CHANGE] },
    },
    {
      why: 'it asked for no event at all',
      reason: 'event_not_delivered',
      stream: { events_requested: [] },
    },
    {
      why: 'its application may not have the event',
      reason: 'event_not_delivered',
      application: { allowedEvents: [CREDENTIAL_CHANGE] },
      stream: { events_requested: [SESSION_REVOKED] },
    },
    {
      why: 'the user has no e-mail address',
      reason: 'no_subject_identifier',
      application: { subjectFormat: 'email' },
    },
    {
      why: 'the user is of other groups',
      reason: 'user_not_allowed',
      application: { allowedGroups: ['staff'] },
      signal: user({ groups: ['guests'] }),
    },
    {
      why: 'the groups of the user are unknown',
      reason: 'user_not_allowed',
      application: { allowedGroups: ['staff'] },
    },
    {
      why: 'no group is allowed',
      reason: 'user_not_allowed',
      application: { allowedGroups: [] },
      signal: user({ groups: ['staff'] }),
    },
    {
      why: 'the tenant is another one',
      reason: 'user_not_allowed',
      application: { allowedTenants: ['t-1'] },
      signal: tenant('t-2'),
    },
    {
      why: 'the tenant is unknown',
      reason: 'user_not_allowed',
      application: { allowedTenants: ['t-1'] },
    },
    {
      why: 'its group fits but its tenant does not',
      reason: 'user_not_allowed',
      application: { allowedGroups: ['staff'], allowedTenants: ['t-1'] },
      signal: { subject: { user: { id: 'u-31', groups: ['staff'] }, tenant: { id: 't-2' } } },
    },
    {
      why: 'subjects have to be added first',
      reason: 'subject_not_in_stream',
      provider: { defaultSubjects: 'NONE' },
    },
  ])('$reason: $why', async ({ reason, signal, ...options }) => {
    const connection = await connect(transmitter, options);
    const witness = await connect(transmitter, { to: connection.provider });

    const signalId = await transmitter.admin.record(connection.signal(signal));

    const { outcomes } = await transmitter.admin.fannedOut(signalId);
    expect(outcomes).toContainEqual({ streamId: connection.stream.stream_id, reason });
    if (reason !== 'subject_not_in_stream') await witness.receiver.next();
    expect(connection.receiver.received).toEqual([]);
  });

  it('a user of an allowed group and tenant is no such case', async () => {
    const { receiver, signal } = await connect(transmitter, {
      application: { allowedGroups: ['staff', 'board'], allowedTenants: ['t-1'] },
    });

    await transmitter.admin.record(
      signal({ subject: { user: { id: 'u-31', groups: ['guests', 'board'] }, tenant: { id: 't-1' } } }),
    );

    expect((await receiver.next()).eventType).toBe(SESSION_REVOKED);
  });
});

describe('a change of the configuration counts from the next signal on', () => {
  it('of what the application may have', async () => {
    const { signal, application, stream, receiver } = await connect(transmitter);
    await transmitter.admin.record(signal());
    await receiver.next();
    await transmitter.admin.call(`/applications/${application.id}`, {
      method: 'PATCH',
      body: { allowedEvents: [CREDENTIAL_CHANGE] },
    });

    const signalId = await transmitter.admin.record(signal());

    const { outcomes } = await transmitter.admin.fannedOut(signalId);
    expect(outcomes).toEqual([{ streamId: stream.stream_id, reason: 'event_not_delivered' }]);
  });
});

describe('a change of the configuration', () => {
  it('that commits while a signal is fanned out decides on it', async () => {
    const { provider, stream, signal } = await connect(transmitter);
    // the plan of before is known by now
    await transmitter.admin.fannedOut(await transmitter.admin.record(signal()));
    const commit = await transmitter.database.begin(
      `update ssf.provider set config_version = config_version + 1 where id = '${provider.id}'`,
      `update ssf.stream set status = 'disabled' where id = '${stream.stream_id}'`,
    );

    const signalId = await transmitter.admin.record(signal());
    await until('the fan-out waits', () => transmitter.database.hasWaiting());
    await commit();

    const { outcomes } = await transmitter.admin.fannedOut(signalId);
    expect(outcomes).toEqual([{ streamId: stream.stream_id, reason: 'status_disabled' }]);
  });
});

describe('two processes', () => {
  it('make one SET per signal and stream of the same signals', async () => {
    const replica = await startReplica(transmitter, { sweepIntervalMs: 10 });
    try {
      const { signal, stream, receiver } = await connect(transmitter);
      const counts = Array.from({ length: 20 }, (_, index) => index * 20);

      await Promise.all(
        counts.map((from, turn) =>
          (turn % 2 === 0 ? transmitter : replica).admin.recordAll(
            signals(20, signal, (index) => userNumber(from + index)),
          ),
        ),
      );
      await receiver.atLeast(400);
      const [row] = await transmitter.database.query<{ sets: number; signals: number }>(
        `select count(*)::int as sets, count(distinct signal_id)::int as signals
           from ssf.security_event_token where stream_id = $1 and signal_id is not null`,
        [stream.stream_id],
      );

      expect(row).toEqual({ sets: 400, signals: 400 });
    } finally {
      await replica.stop();
    }
  });
});
