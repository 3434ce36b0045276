import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, RecordedSignal } from '../support/api-types.js';
import { connect, createProvider, sessionRevoked, signals, userNumber } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

async function storedSignals(providerId: string): Promise<number> {
  const [row] = await transmitter.database.query<{ count: number }>(
    'select count(*)::int as count from ssf.signal where provider_id = $1',
    [providerId],
  );
  return row?.count ?? 0;
}

describe('the id of a signal makes it idempotent', () => {
  it('recorded twice it is one signal with one SET', async () => {
    const { signal, receiver, provider } = await connect(transmitter);

    const [first] = await transmitter.admin.recordAll(signal({ id: 'evt-1' }));
    const [second] = await transmitter.admin.recordAll(signal({ id: 'evt-1' }));
    const last = await transmitter.admin.record(signal({ id: 'evt-2' }));

    expect(first?.status).toBe('accepted');
    expect(second).toEqual({ id: first?.id, status: 'duplicate' });
    await receiver.next(({ claims }) => claims.txn === last);
    expect(receiver.received.map(({ claims }) => claims.txn)).toEqual([first?.id, last]);
    expect(await storedSignals(provider.id)).toBe(2);
  });

  it('twice in one array it is one signal', async () => {
    const { signal, receiver } = await connect(transmitter);

    const recorded = await transmitter.admin.recordAll([
      signal({ id: 'evt-1' }),
      signal({ id: 'evt-1' }),
      signal({ id: 'evt-2' }),
    ]);

    expect(recorded.map(({ status }) => status)).toEqual(['accepted', 'duplicate', 'accepted']);
    expect(recorded[1]?.id).toBe(recorded[0]?.id);
    await receiver.next(({ claims }) => claims.txn === recorded[2]?.id);
    expect(receiver.received).toHaveLength(2);
  });

  it('recorded many times at once it is one signal', async () => {
    const provider = await createProvider(transmitter);

    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        transmitter.admin.recordAll([
          sessionRevoked(provider, { id: 'evt-1' }),
          sessionRevoked(provider, { id: 'evt-2' }),
        ]),
      ),
    );

    for (const position of [0, 1]) {
      const recorded = answers.map((answer) => answer[position]);
      expect(recorded.filter((each) => each?.status === 'accepted')).toHaveLength(1);
      expect(new Set(recorded.map((each) => each?.id)).size).toBe(1);
    }
    expect(await storedSignals(provider.id)).toBe(2);
  });

  it('in arrays of opposite order at once it is neither refused nor doubled', async () => {
    const provider = await createProvider(transmitter);
    const rounds = Array.from({ length: 10 }, (_, round) =>
      signals(
        50,
        (members) => sessionRevoked(provider, members),
        (i) => ({ id: `evt-${round}-${i}` }),
      ),
    );

    // a deadlock is a matter of luck: many rounds make it sure
    for (const forwards of rounds) {
      const answers = await Promise.all(
        [forwards, forwards.toReversed()].map((body) => transmitter.admin.call('/signals', { body })),
      );
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    }

    expect(await storedSignals(provider.id)).toBe(500);
  });

  it('is of one provider: another may use the same', async () => {
    const [one, other] = [await createProvider(transmitter), await createProvider(transmitter)];

    const [first, second] = await transmitter.admin.recordAll([
      sessionRevoked(one, { id: 'evt-1' }),
      sessionRevoked(other, { id: 'evt-1' }),
    ]);

    expect([first?.status, second?.status]).toEqual(['accepted', 'accepted']);
    expect(first?.id).not.toBe(second?.id);
  });

  it('absent, nothing is a duplicate', async () => {
    const provider = await createProvider(transmitter);

    const recorded = await transmitter.admin.recordAll([sessionRevoked(provider), sessionRevoked(provider)]);

    expect(recorded.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
  });
});

describe('an array of signals', () => {
  it('with wrong items is refused as a whole, and each wrong member is named', async () => {
    const provider = await createProvider(transmitter);
    const body = [
      sessionRevoked(provider),
      { ...sessionRevoked(provider), type: 'session.stolen' },
      sessionRevoked(provider, { subject: { user: { email: 'not an address' } } }),
      'text',
      { ...sessionRevoked(provider), colour: 'red', occurredAt: 'yesterday' },
    ];

    const answer = await transmitter.admin.call('/signals', { body });

    expect(answer.status).toBe(400);
    const { errors } = answer.json<Problem>();
    expect(errors?.map(({ member }) => member)).toEqual([
      '[1].type',
      '[2].subject.user.email',
      '[3]',
      '[4].colour',
      '[4].occurredAt',
    ]);
    expect(await storedSignals(provider.id)).toBe(0);
  });

  it('with an unknown provider in it is refused as a whole', async () => {
    const provider = await createProvider(transmitter);

    const answer = await transmitter.admin.call('/signals', {
      body: [sessionRevoked(provider), sessionRevoked(provider, { provider: 'nobody' })],
    });

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().errors).toMatchObject([{ member: '[1].provider' }]);
    expect(await storedSignals(provider.id)).toBe(0);
  });

  it('of 1,000 is taken, and answered in its order', async () => {
    const provider = await createProvider(transmitter);
    const body = signals(
      1000,
      (members) => sessionRevoked(provider, members),
      (i) => ({ id: `evt-${i}` }),
    );

    const answer = await transmitter.admin.call('/signals', { body });

    expect(answer.status).toBe(202);
    const { data } = answer.json<{ data: RecordedSignal[] }>();
    const rows = await transmitter.database.query<{ id: string; external_id: string }>(
      'select id, external_id from ssf.signal where provider_id = $1',
      [provider.id],
    );
    const externalIds = new Map(rows.map((row) => [row.id, row.external_id]));
    expect(data.map(({ id }) => externalIds.get(id))).toEqual(body.map((_, i) => `evt-${i}`));
  });

  it.each([
    ['1,001 signals', 1001],
    ['no signal', 0],
  ])('of %s is refused', async (_what, count) => {
    const provider = await createProvider(transmitter);
    const body = signals(count, (members) => sessionRevoked(provider, members), userNumber);

    const answer = await transmitter.admin.call('/signals', { body });

    expect(answer.status).toBe(400);
    expect(answer.json<Problem>().detail).toContain('1 to 1000');
    expect(await storedSignals(provider.id)).toBe(0);
  });
});
