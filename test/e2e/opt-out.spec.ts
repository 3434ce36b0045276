import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signal } from '../support/api-types.js';
import { type Connection, connect } from '../support/scenario.js';
import { SeededRandom } from '../support/seeded-random.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const OUT = 'user_opted_out';
const ANA = { id: 'u-31', email: 'ana@acme.test' };

const TYPES = [
  'opt-in',
  'opt-out.initiated',
  'opt-out.cancelled',
  'opt-out.effective',
  'session.revoked',
] as const;

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** One signal about a user; without a type the session was revoked. */
interface Told extends Partial<Signal> {
  readonly user?: object;
}

/** What became of signals that come one after the other: for each stream a SET, or why not. */
async function told(to: readonly Connection[], ...signals: readonly Told[]): Promise<string[][]> {
  const [first] = to;
  if (!first) throw new Error('signals are told to somebody');
  const recorded = await transmitter.admin.recordAll(
    signals.map(({ user = ANA, ...members }) => first.signal({ subject: { user }, ...members })),
  );
  return Promise.all(recorded.map(({ id }) => outcomesOf(to, id)));
}

async function outcomesOf(to: readonly Connection[], signalId: string): Promise<string[]> {
  const { outcomes } = await transmitter.admin.fannedOut(signalId);
  return to.map(({ stream }) => {
    const own = outcomes.find(({ streamId }) => streamId === stream.stream_id);
    return own?.jti ? 'SET' : (own?.reason ?? 'nothing');
  });
}

async function toldOne(to: Connection, ...signals: readonly Told[]): Promise<string[]> {
  return (await told([to], ...signals)).flat();
}

describe('a user who opts out', () => {
  it('is told of until that takes effect, and again after opting in', async () => {
    const connection = await connect(transmitter);
    const steps: Told[] = [
      { type: 'opt-out.initiated' },
      {},
      { type: 'opt-out.cancelled' },
      {},
      { type: 'opt-out.initiated' },
      { type: 'opt-out.effective' },
      {},
      { type: 'account.disabled' },
      { type: 'opt-in' },
      {},
    ];
    const expected = ['SET', 'SET', 'SET', 'SET', 'SET', 'SET', OUT, OUT, 'SET', 'SET'];

    const atOnce = await toldOne(connection, ...steps);
    const oneByOne: string[] = [];
    for (const step of steps) oneByOne.push(...(await toldOne(connection, step)));

    expect(atOnce).toEqual(expected);
    expect(oneByOne).toEqual(expected);
    const { receiver } = connection;
    await receiver.atLeast(16);
    expect(receiver.received.map(({ eventType }) => eventType)).toContain(`${RISC}opt-out-effective`);
  });

  it('stays out whatever comes late but opting in', async () => {
    const connection = await connect(transmitter);
    await toldOne(connection, { type: 'opt-out.effective' });

    expect(
      await toldOne(
        connection,
        { type: 'opt-out.cancelled' },
        { type: 'opt-out.initiated' },
        { type: 'opt-out.effective' },
        {},
      ),
    ).toEqual([OUT, OUT, OUT, OUT]);
  });

  it('is known by each identifier, and takes nobody else along', async () => {
    const connection = await connect(transmitter, { application: { subjectFormat: 'complex' } });
    await toldOne(connection, { type: 'opt-out.effective' });

    expect(
      await toldOne(
        connection,
        { user: { id: 'u-31' } },
        { user: { email: 'ana@ACME.test' } },
        { user: { id: 'u-32', email: 'ana@acme.test' } },
        { subject: { subId: { format: 'opaque', id: 'u-31' } } },
        { type: 'identifier.changed', user: { phoneNumber: '+15550100' }, details: { oldValue: ANA.email } },
        { user: { id: 'u-32' } },
      ),
    ).toEqual([OUT, OUT, OUT, OUT, OUT, 'SET']);
  });

  it('may do so by the event itself', async () => {
    const connection = await connect(transmitter);
    const event: Told = { type: 'event', details: { eventType: `${RISC}opt-out-effective` } };

    expect(await toldOne(connection, event, {})).toEqual(['SET', OUT]);
  });

  it('of one provider is one of another still', async () => {
    const one = await connect(transmitter);
    const other = await connect(transmitter);
    await toldOne(one, { type: 'opt-out.effective' });

    expect(await toldOne(other, {})).toEqual(['SET']);
  });
});

describe('towards one application', () => {
  it('a user opts out and in without the others being told', async () => {
    const mail = await connect(transmitter, { application: { clientId: 'mail' } });
    const wiki = await connect(transmitter, { to: mail.provider, application: { clientId: 'wiki' } });
    const details = { clientId: 'mail' };

    expect(
      await told(
        [mail, wiki],
        { type: 'opt-out.effective', details },
        {},
        { type: 'opt-out.effective' },
        {},
        { type: 'opt-in', details },
        {},
        { type: 'opt-in', details: { clientId: 'nobody' } },
        {},
        { type: 'opt-in' },
        {},
      ),
    ).toEqual([
      ['SET', 'not_for_application'],
      [OUT, 'SET'],
      [OUT, 'SET'],
      [OUT, OUT],
      ['SET', 'not_for_application'],
      ['SET', OUT],
      ['not_for_application', 'not_for_application'],
      ['SET', OUT],
      ['SET', 'SET'],
      ['SET', 'SET'],
    ]);
    expect(
      await transmitter.database.query('select from ssf.opt_out where provider_id = $1', [mail.provider.id]),
    ).toEqual([]);
  });

  it('that comes later, a user who opted out of all is out', async () => {
    const first = await connect(transmitter);
    await toldOne(first, { type: 'opt-out.effective' });
    const later = await connect(transmitter, { to: first.provider });

    expect(await told([first, later], {})).toEqual([[OUT, OUT]]);
  });
});

describe('the state', () => {
  it('is the one of the signals before, whoever fans them out', async () => {
    const replica = await startReplica(transmitter, { sweepIntervalMs: 10 });
    try {
      const connection = await connect(transmitter);
      const random = new SeededRandom();
      const steps = Array.from({ length: 60 }, () => ({
        type: random.oneOf(TYPES),
        user: random.oneOf(['a', 'b', 'c']),
      }));

      const ids: string[] = [];
      for (let at = 0; at < steps.length; at += 3) {
        const { admin } = random.oneOf([transmitter, replica]);
        const part = steps.slice(at, at + 3);
        const recorded = await admin.recordAll(
          part.map(({ type, user }) => connection.signal({ type, subject: { user: { id: user } } })),
        );
        ids.push(...recorded.map(({ id }) => id));
      }
      const outcomes = (await Promise.all(ids.map((id) => outcomesOf([connection], id)))).flat();

      const isOut = new Set<string>();
      const expected = steps.map(({ type, user }) => {
        const wasOut = isOut.has(user);
        if (type === 'opt-out.effective') isOut.add(user);
        if (type === 'opt-in') isOut.delete(user);
        return wasOut && isOut.has(user) ? OUT : 'SET';
      });
      expect(outcomes, `seed ${random.seed}`).toEqual(expected);
    } finally {
      await replica.stop();
    }
  });

  it('is asked for although a signal between cannot be decided on', async () => {
    const connection = await connect(transmitter);
    await toldOne(connection, { type: 'opt-out.effective' });
    const [unknown] = await transmitter.database.query<{ signal_id: string }>(
      `with made as (
         insert into ssf.signal (id, provider_id, type, occurred_at, subject, txn, details, subject_hashes)
         values ($1, $2, 'type.of-tomorrow', now(), '{"user":{"id":"u-31"}}', 'x', '{}', '{}') returning id)
       insert into ssf.signal_queue (provider_id, signal_id) select $2, id from made returning signal_id`,
      [uuidv7(), connection.provider.id],
    );

    expect(await toldOne(connection, {}, { user: { id: 'u-32' } })).toEqual([OUT, 'SET']);
    expect(await outcomesOf([connection], unknown?.signal_id ?? '')).toEqual(['internal_error']);
  });

  it('leaves out signals that another process took before the plan was read', async () => {
    const connection = await connect(transmitter);
    const { id } = connection.provider;
    const commit = await transmitter.database.begin('lock table ssf.opt_out in access exclusive mode');

    const recorded = await transmitter.admin.recordAll(
      (['opt-out.effective', 'opt-in', 'session.revoked'] as const).map((type) =>
        connection.signal({ type, subject: { user: ANA } }),
      ),
    );
    const [out, taken, revoked] = recorded.map((signal) => signal.id);
    await until('the plan is read', () => transmitter.database.hasWaiting());
    await transmitter.database.query('delete from ssf.signal_queue where signal_id = $1', [taken]);
    await transmitter.database.query(
      'update ssf.provider set config_version = config_version + 1 where id = $1',
      [id],
    );
    await commit();

    expect(await outcomesOf([connection], out ?? '')).toEqual(['SET']);
    expect(await outcomesOf([connection], revoked ?? '')).toEqual([OUT]);
  });

  it('does not change when the signal is decided on again', async () => {
    const connection = await connect(transmitter);
    // the plan of before is known by now
    await toldOne(connection, {});
    const commit = await transmitter.database.begin(
      `update ssf.provider set config_version = config_version + 1 where id = '${connection.provider.id}'`,
    );

    const id = await transmitter.admin.record(
      connection.signal({ type: 'opt-out.effective', subject: { user: ANA } }),
    );
    await until('the fan-out waits', () => transmitter.database.hasWaiting());
    await commit();

    expect(await outcomesOf([connection], id)).toEqual(['SET']);
    expect(await toldOne(connection, {})).toEqual([OUT]);
  });
});
