import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORGET_LAST_SIGNALS_SQL } from '../../src/signals/folding.sql.js';
import type { NewProvider, Problem, Provider, Signal, SignalOutcome } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { POLL } from '../support/receiver-client.js';
import { createProvider, createReceiverApi, sessionRevoked } from '../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../support/transmitter.js';

const ANA = { user: { id: 'u-31', email: 'ana@acme.test' } };
const FOLDING = { foldRepeats: { windowSeconds: 300 } };

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

interface World {
  readonly provider: Provider;
  /** records signals about Ana one after the other, and answers what became of each */
  tell(...signals: Partial<Signal>[]): Promise<string[]>;
  addStream(): Promise<void>;
}

/** A provider with a stream, and a user with two identifiers. */
async function createWorld(members: Partial<NewProvider> = FOLDING): Promise<World> {
  const provider = await createProvider(transmitter, members);
  const addStream = async (): Promise<void> => {
    const { api } = await createReceiverApi(transmitter, provider);
    await api.createdStream({ delivery: { method: POLL } });
  };
  await addStream();
  return {
    provider,
    addStream,
    tell: async (...signals) => {
      const words: string[] = [];
      for (const signal of signals) {
        const [recorded] = await transmitter.admin.recordAll([
          sessionRevoked(provider, { subject: ANA, ...signal }),
        ]);
        expect(recorded?.status).toBe('accepted');
        const { outcomes } = await transmitter.admin.fannedOut(recorded?.id ?? '');
        words.push(outcomes.map(wordFor).join(' '));
      }
      return words;
    },
  };
}

function wordFor({ jti, reason }: SignalOutcome): string {
  return jti === undefined ? (reason ?? '?') : 'sent';
}

const type = (name: Signal['type']): Partial<Signal> => ({ type: name });

describe('a provider that folds repeats', () => {
  it('sends once what is said again, which is recorded with that reason', async () => {
    const { tell } = await createWorld();

    expect(await tell(type('mfa.updated'), type('mfa.updated'), type('mfa.updated'))).toEqual([
      'sent',
      'folded',
      'folded',
    ]);
  });

  it('never folds what reverses another, or follows on that', async () => {
    const { tell } = await createWorld();
    const [enabled, disabled] = [type('account.enabled'), type('account.disabled')];

    expect(await tell(enabled, disabled, enabled, disabled, disabled)).toEqual([
      'sent',
      'sent',
      'sent',
      'sent',
      'folded',
    ]);
  });

  it.each<[string, Signal['subject'], string]>([
    ['id', { user: { id: ANA.user.id } }, 'sent'],
    ['e-mail address', { user: { email: ANA.user.email } }, 'no_subject_identifier'],
  ])('sees what reverses another when it names the user by %s alone', async (_, subject, word) => {
    const { tell } = await createWorld();
    const reversal = { ...type('account.disabled'), subject };

    expect(await tell(type('account.enabled'), reversal, type('account.enabled'))).toEqual([
      'sent',
      word,
      'sent',
    ]);
  });

  it('counts what was said last as a change, so that a process that decided meanwhile decides again', async () => {
    const { provider, tell } = await createWorld();
    const version = async (): Promise<number> => {
      const [row] = await transmitter.database.query<{ version: number }>(
        'select config_version::int as version from ssf.provider where id = $1',
        [provider.id],
      );
      return row?.version ?? 0;
    };
    const before = await version();

    expect(await tell(type('logout'), type('logout'))).toEqual(['sent', 'folded']);

    expect(await version()).toBe(before + 1);
  });

  it('forgets after two hours what was said last, which no window reaches', async () => {
    const { provider, tell } = await createWorld();
    const kept = async (): Promise<number> =>
      (await transmitter.database.query('select from ssf.last_signal where provider_id = $1', [provider.id]))
        .length;
    const age = (interval: string): Promise<unknown> =>
      transmitter.database.query(
        `update ssf.last_signal set noted_at = now() - interval '${interval}' where provider_id = $1`,
        [provider.id],
      );
    await tell(type('logout'));

    await age('1 hour 59 minutes');
    await transmitter.database.query(FORGET_LAST_SIGNALS_SQL);
    expect(await kept()).toBe(2);
    await age('2 hours');
    await transmitter.database.query(FORGET_LAST_SIGNALS_SQL);
    expect(await kept()).toBe(0);
  });

  it('folds what has something of another kind in between, and nothing of another user', async () => {
    const { tell } = await createWorld();
    const ben = { ...type('logout'), subject: { user: { id: 'u-ben' } } };

    expect(await tell(type('logout'), type('mfa.added'), ben, type('logout'))).toEqual([
      'sent',
      'sent',
      'sent',
      'folded',
    ]);
  });

  it('goes by the times at which they occurred, from what was sent', async () => {
    const { tell } = await createWorld();
    const at = (seconds: number): Partial<Signal> => ({
      type: 'session.presented',
      occurredAt: new Date(Date.now() - 1_000_000 + seconds * 1000).toISOString(),
    });

    expect(await tell(at(0), at(200), at(299), at(400), at(350), at(500))).toEqual([
      'sent',
      'folded',
      'folded',
      'sent',
      'folded',
      'folded',
    ]);
  });

  it('folds the types that it names alone, and looks past details that make no difference', async () => {
    const { tell } = await createWorld({
      foldRepeats: { windowSeconds: 60, types: ['mfa.updated'], ignoredDetails: ['friendlyName'] },
    });
    const named = (friendlyName: string): Partial<Signal> => ({
      type: 'mfa.updated',
      details: { friendlyName },
    });

    expect(await tell(type('logout'), type('logout'), named('a'), named('b'))).toEqual([
      'sent',
      'sent',
      'sent',
      'folded',
    ]);
  });

  it('tells a stream that has not heard of it', async () => {
    const { tell, addStream } = await createWorld();

    expect(await tell(type('logout'))).toEqual(['sent']);
    await addStream();

    expect((await tell(type('logout')))[0]?.split(' ').toSorted()).toEqual(['folded', 'sent']);
    expect(await tell(type('logout'))).toEqual(['folded folded']);
  });

  it('folds within one request, too', async () => {
    const { provider } = await createWorld();
    const signal = sessionRevoked(provider, { type: 'logout', subject: ANA });

    const recorded = await transmitter.admin.recordAll([
      signal,
      signal,
      { ...signal, type: 'session.established' },
      signal,
    ]);

    const fannedOut = await Promise.all(recorded.map(({ id }) => transmitter.admin.fannedOut(id)));
    expect(fannedOut.flatMap(({ outcomes }) => outcomes.map(wordFor))).toEqual([
      'sent',
      'folded',
      'sent',
      'sent',
    ]);
  });

  it('sends once what many say at the same time to several processes', async () => {
    const replica = await startReplica(transmitter);
    try {
      const { provider } = await createWorld();
      const signal = sessionRevoked(provider, { type: 'logout', subject: ANA });

      const recorded = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          (index % 2 === 0 ? transmitter : replica).admin.record(signal),
        ),
      );

      const words = await Promise.all(
        recorded.map(async (id) => (await transmitter.admin.fannedOut(id)).outcomes.map(wordFor)),
      );
      expect(words.flat().toSorted()).toEqual([...Array<string>(39).fill('folded'), 'sent']);
    } finally {
      await replica.stop();
    }
  });

  it('says so in the preview, which leaves nothing behind', async () => {
    const { provider, tell } = await createWorld();
    const signal = sessionRevoked(provider, { type: 'logout', subject: ANA });
    const preview = async (): Promise<string[]> => {
      const answer = await transmitter.admin.call('/signals/preview', { body: signal });
      const { outcomes } = answer.json<{ outcomes: (SignalOutcome & { claims?: object })[] }>();
      return outcomes.map(({ reason }) => reason ?? 'sent');
    };

    expect(await preview()).toEqual(['sent']);
    expect(await tell(type('logout'))).toEqual(['sent']);
    expect(await preview()).toEqual(['folded']);
  });
});

describe('the setting', () => {
  it('is off by default, can be set and taken back', async () => {
    const { provider, tell } = await createWorld({});
    const patch = async (foldRepeats: object | null): Promise<void> => {
      const body = { foldRepeats };
      expectStatus(await transmitter.admin.call(`/providers/${provider.id}`, { method: 'PATCH', body }), 200);
    };
    const logouts = [type('logout'), type('logout')];

    expect(provider).toMatchObject({ foldRepeats: null });
    expect(await tell(...logouts)).toEqual(['sent', 'sent']);
    await patch({ windowSeconds: 60 });
    expect(await tell(...logouts)).toEqual(['sent', 'folded']);
    await patch(null);
    expect(await tell(...logouts)).toEqual(['sent', 'sent']);
  });

  it.each([
    ['windowSeconds', { windowSeconds: 0 }],
    ['windowSeconds', { windowSeconds: 3601 }],
    ['windowSeconds', {}],
    ['types', { windowSeconds: 60, types: ['opt-in'] }],
    ['types', { windowSeconds: 60, types: [] }],
    ['ignoredDetails', { windowSeconds: 60, ignoredDetails: [''] }],
    ['seconds', { windowSeconds: 60, seconds: 60 }],
  ])('is refused with a wrong %s: %j', async (member, foldRepeats) => {
    const { id } = await createProvider(transmitter);

    const answer = await transmitter.admin.call(`/providers/${id}`, {
      method: 'PATCH',
      body: { foldRepeats },
    });

    const { errors = [] } = expectStatus(answer, 400).json<Problem>();
    expect(errors.map((each) => each.member)).toContain(`foldRepeats.${member}`);
  });
});
