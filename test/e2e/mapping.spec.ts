import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, Provider, Signal, SignalOutcome } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { POLL } from '../support/receiver-client.js';
import { connect, createProvider, uniqueSlug } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const DISABLED_TWICE = {
  'account.disabled': [{ event: 'session-revoked' }, { event: `${RISC}account-disabled` }],
};
const EVENTS = [`${CAEP}session-revoked`, `${RISC}account-disabled`];
const DISABLED: Partial<Signal> = { type: 'account.disabled', details: { reason: 'hijacking' } };

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

interface Previewed extends SignalOutcome {
  readonly claims?: { readonly jti: string; readonly events: Record<string, unknown> };
}

async function preview(signal: Signal): Promise<Previewed[]> {
  const answer = await transmitter.admin.call('/signals/preview', { body: signal });
  return expectStatus(answer, 200).json<{ outcomes: Previewed[] }>().outcomes;
}

async function outcomesOf(signal: Signal): Promise<SignalOutcome[]> {
  return (await transmitter.admin.fannedOut(await transmitter.admin.record(signal))).outcomes;
}

async function map({ id }: Provider, eventMapping: object, admin = transmitter.admin): Promise<void> {
  expectStatus(await admin.call(`/providers/${id}`, { method: 'PATCH', body: { eventMapping } }), 200);
}

describe('several events for one signal', () => {
  it('are a SET each for each stream, in their order, with one txn', async () => {
    const push = await connect(transmitter, { provider: { eventMapping: DISABLED_TWICE } });
    const poll = await connect(transmitter, {
      to: push.provider,
      application: { subjectFormat: 'opaque' },
      stream: { delivery: { method: POLL } },
    });
    const signal = push.signal({ ...DISABLED, txn: 'op-117' });

    const previewed = await preview(signal);
    const outcomes = await outcomesOf(signal);
    const answer = await poll.api.poll(poll.stream, { returnImmediately: true });
    const polled = Object.keys(answer.json<{ sets: object }>().sets);
    await push.receiver.atLeast(2);

    const jtisOf = (streamId: string) =>
      outcomes.flatMap((outcome) => (outcome.streamId === streamId ? [outcome.jti] : []));
    expect(outcomes.map(({ streamId, eventType }) => [streamId, eventType])).toEqual(
      [push, poll].flatMap(({ stream }) => EVENTS.map((event) => [stream.stream_id, event])),
    );
    expect(new Set(outcomes.map(({ jti }) => jti)).size).toBe(4);
    expect(polled).toEqual(jtisOf(poll.stream.stream_id));
    const received = jtisOf(push.stream.stream_id).map((jti) =>
      push.receiver.received.find(({ claims }) => claims.jti === jti),
    );
    expect(received.map((set) => set?.claims.events)).toEqual([
      {
        [`${CAEP}session-revoked`]: {
          event_timestamp: expect.any(Number) as number,
          reason_admin: { en: 'The session was revoked.' },
        },
      },
      { [`${RISC}account-disabled`]: { reason: 'hijacking' } },
    ]);
    expect(received.map((set) => set?.claims.txn)).toEqual(['op-117', 'op-117']);
    expect(previewed.map(({ streamId, eventType }) => ({ streamId, eventType }))).toEqual(
      outcomes.map(({ streamId, eventType }) => ({ streamId, eventType })),
    );
    expect(previewed.map(({ claims }) => Object.keys(claims?.events ?? {}))).toEqual(
      outcomes.map(({ eventType }) => [eventType]),
    );
  });

  it('have a reason of their own each when there is no SET', async () => {
    const { provider, signal, stream } = await connect(transmitter, {
      provider: { eventMapping: DISABLED_TWICE },
      stream: { events_requested: [`${RISC}account-disabled`] },
    });
    const streamId = stream.stream_id;

    expect(await outcomesOf(signal(DISABLED))).toEqual([
      { streamId, eventType: EVENTS[0], reason: 'event_not_delivered' },
      { streamId, eventType: EVENTS[1], jti: expect.any(String) as string },
    ]);
    await outcomesOf(signal({ type: 'opt-out.effective' }));
    expect(await outcomesOf(signal(DISABLED))).toEqual([
      { streamId, eventType: EVENTS[0], reason: 'event_not_delivered' },
      { streamId, eventType: EVENTS[1], reason: 'user_opted_out' },
    ]);
    expect(provider).toMatchObject({
      eventMapping: {
        'account.disabled': [{ event: EVENTS[0] }, { event: EVENTS[1] }],
      },
    });
  });
});

describe('an event that is switched off', () => {
  it('reaches nobody, and says so', async () => {
    const { signal, stream } = await connect(transmitter, { provider: { eventMapping: { logout: [] } } });
    const logout = signal({ type: 'logout' });
    const none = { streamId: stream.stream_id, reason: 'event_not_mapped' };

    expect(await preview(logout)).toMatchObject([none]);
    expect(await outcomesOf(logout)).toEqual([none]);
    expect(await outcomesOf(signal())).toEqual([
      { streamId: stream.stream_id, jti: expect.any(String) as string },
    ]);
  });

  it('about opting out still keeps the user out', async () => {
    const { signal } = await connect(transmitter, {
      provider: { eventMapping: { 'opt-out.effective': [] } },
    });

    expect(await outcomesOf(signal({ type: 'opt-out.effective' }))).toMatchObject([
      { reason: 'event_not_mapped' },
    ]);
    expect(await outcomesOf(signal())).toMatchObject([{ reason: 'user_opted_out' }]);
  });
});

describe('another event', () => {
  it('tells only the application that a user has left towards, whatever it is', async () => {
    const mail = await connect(transmitter, {
      provider: { eventMapping: { 'opt-out.initiated': [{ event: 'recovery-activated' }] } },
      application: { clientId: 'mail' },
    });
    const wiki = await connect(transmitter, { to: mail.provider, application: { clientId: 'wiki' } });

    expect(
      await outcomesOf(mail.signal({ type: 'opt-out.initiated', details: { clientId: 'mail' } })),
    ).toMatchObject([
      { streamId: mail.stream.stream_id, jti: expect.any(String) as string },
      { streamId: wiki.stream.stream_id, reason: 'not_for_application' },
    ]);
  });

  it('has the reasons of the mapping unless the signal brings its own', async () => {
    const { receiver, signal } = await connect(transmitter, {
      provider: {
        eventMapping: {
          logout: [
            { event: 'session-revoked', reasonAdmin: { en: 'By mapping' }, reasonUser: { en: 'Bye.' } },
          ],
        },
      },
    });

    await transmitter.admin.record(signal({ type: 'logout', reasonUser: { en: 'See you.' } }));

    expect((await receiver.next()).claims.events[`${CAEP}session-revoked`]).toMatchObject({
      initiating_entity: 'user',
      reason_admin: { en: 'By mapping' },
      reason_user: { en: 'See you.' },
    });
  });
});

describe('a change of the mapping', () => {
  it('is for what is recorded from then on, by whatever process; what waits keeps its claims', async () => {
    const { provider, api, receiver, signal, stream } = await connect(transmitter);
    const replica = await startReplica(transmitter);
    try {
      const setStatus = (status: string) => api.setStatus({ stream_id: stream.stream_id, status });
      await setStatus('paused');
      const [first] = await outcomesOf(signal({ type: 'account.enabled' }));

      await map(provider, { 'account.enabled': [{ event: 'account-purged' }] }, replica.admin);
      const [second] = await outcomesOf(signal({ type: 'account.enabled' }));
      await map(provider, {}, replica.admin);
      const [third] = await outcomesOf(signal({ type: 'account.enabled' }));
      await setStatus('enabled');
      await receiver.atLeast(3);

      const events = [first, second, third].map(
        (outcome) => receiver.received.find(({ claims }) => claims.jti === outcome?.jti)?.eventType,
      );
      expect(events).toEqual(
        ['account-enabled', 'account-purged', 'account-enabled'].map((name) => RISC + name),
      );
    } finally {
      await replica.stop();
    }
  });

  it.each<[string, unknown, string]>([
    ['an unknown signal type', { lunch: [] }, 'eventMapping.lunch'],
    ['an unknown event', { logout: [{ event: 'lunch' }] }, 'eventMapping.logout[0].event'],
    [
      'an event that the signal cannot fill',
      { logout: [{ event: 'session-revoked' }, { event: 'risk-level-change' }] },
      'eventMapping.logout[1].event',
    ],
    ['null', null, 'eventMapping'],
    ['an array', [], 'eventMapping'],
  ])('to %s is refused by name, and changes nothing', async (_, eventMapping, member) => {
    const kept = { logout: [] };
    const provider = await createProvider(transmitter, { eventMapping: kept });
    const slug = uniqueSlug('p');

    const answers = [
      await transmitter.admin.call(`/providers/${provider.id}`, {
        method: 'PATCH',
        body: { name: 'Changed', eventMapping },
      }),
      await transmitter.admin.call('/providers', { body: { slug, name: 'New', eventMapping } }),
    ];

    for (const answer of answers)
      expect(
        expectStatus(answer, 400)
          .json<Problem>()
          .errors?.map((error) => error.member),
      ).toEqual([member]);
    expect(await transmitter.admin.provider(provider.id)).toMatchObject({
      name: provider.name,
      eventMapping: kept,
    });
  });
});
