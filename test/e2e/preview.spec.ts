import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CanReceive } from '../../src/index.js';
import type { NewApplication } from '../support/api-types.js';
import { type Connection, connect, createProvider, sessionRevoked } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';
const subject = { user: { id: 'u-31', groups: ['staff'] } };

interface Previewed {
  readonly streamId: string;
  readonly applicationId: string;
  readonly claims?: Record<string, unknown>;
  readonly reason?: string;
}

const refused = new Set<string>();
const hostRule: CanReceive = ({ application }) => !refused.has(application.slug);
let canReceive = hostRule;
let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ canReceive: (question) => canReceive(question) });
});

afterEach(() => {
  canReceive = hostRule;
});

afterAll(() => transmitter.stop());

async function preview(signal: object): Promise<Previewed[]> {
  const answer = await transmitter.admin.call('/signals/preview', { body: signal });
  expect(answer.status).toBe(200);
  return answer.json<{ outcomes: Previewed[] }>().outcomes;
}

/** What there is of a provider's signals and what they change. */
async function traces(providerId: string): Promise<unknown> {
  const [row] = await transmitter.database.query(
    `select (select count(*) from ssf.signal where provider_id = $1) as signals,
            (select count(*) from ssf.signal_queue where provider_id = $1) as waiting,
            (select count(*) from ssf.security_event_token where provider_id = $1) as sets,
            (select count(*) from ssf.opt_out where provider_id = $1) as "optOuts",
            (select count(*) from ssf.auto_subscription) as subscriptions,
            (select config_version from ssf.provider where id = $1) as version`,
    [providerId],
  );
  return row;
}

describe('each stream of the provider', () => {
  it('has the SET or the reason that it gets when the signal is recorded', async () => {
    const provider = await createProvider(transmitter);
    const to = (application: Partial<NewApplication>, stream: object = {}): Promise<Connection> =>
      connect(transmitter, { to: provider, application, stream });
    const gone = await to({ clientId: 'gone' });
    const removed = await to({});
    const host = await to({});
    const disabled = await to({});
    const connections = {
      event_not_delivered: await to({}, { events_requested: [CREDENTIAL_CHANGE] }),
      no_subject_identifier: await to({ subjectFormat: 'email' }),
      user_not_allowed: await to({ allowedGroups: ['board'] }),
      user_opted_out: gone,
      subject_not_in_stream: removed,
      refused_by_host: host,
      status_disabled: disabled,
      SET: await to({ allowedGroups: ['staff'] }),
    };
    await transmitter.admin.fannedOut(
      await transmitter.admin.record({
        provider: provider.slug,
        type: 'opt-out.effective',
        subject,
        details: { clientId: 'gone' },
      }),
    );
    await removed.api.removeSubject({
      stream_id: removed.stream.stream_id,
      subject: { format: 'opaque', id: 'u-31' },
    });
    await disabled.api.setStatus({ stream_id: disabled.stream.stream_id, status: 'disabled' });
    refused.add(host.application.slug);
    const signal = sessionRevoked(provider, { subject, txn: 'op-117' });

    const before = await traces(provider.id);
    const previewed = await preview(signal);
    const after = await traces(provider.id);
    const { outcomes } = await transmitter.admin.fannedOut(await transmitter.admin.record(signal));

    expect(after).toEqual(before);
    const expected = Object.entries(connections).map(([word, { stream, application }]) => ({
      streamId: stream.stream_id,
      applicationId: application.id,
      ...(word === 'SET' ? { claims: expect.any(Object) as unknown } : { reason: word }),
    }));
    expect(new Map(previewed.map((outcome) => [outcome.streamId, outcome]))).toEqual(
      new Map(expected.map((outcome) => [outcome.streamId, outcome])),
    );
    expect(outcomes).toEqual(
      previewed.map(({ streamId, reason }) =>
        reason === undefined ? { streamId, jti: expect.any(String) as unknown } : { streamId, reason },
      ),
    );
    const { claims } = await connections.SET.receiver.next();
    const shown = previewed.find((outcome) => outcome.claims)?.claims;
    expect(shown).toEqual({
      ...claims,
      jti: expect.any(String) as unknown,
      iat: expect.any(Number) as unknown,
      events: {
        [SESSION_REVOKED]: expect.objectContaining({
          event_timestamp: expect.any(Number) as unknown,
        }) as unknown,
      },
    });
    expect(shown?.jti).not.toBe(claims.jti);
  });
});

describe('a preview', () => {
  it.each([{ type: 'opt-out.effective' }, { type: 'session.established', details: { clientId: 'mail' } }])(
    'of $type changes nothing',
    async (members) => {
      const { provider } = await connect(transmitter, {
        provider: { defaultSubjects: 'NONE' },
        application: { clientId: 'mail', autoSubscribe: true },
      });
      const before = await traces(provider.id);

      const [outcome] = await preview({ provider: provider.slug, subject, ...members });

      expect(outcome?.reason ?? 'SET').toBe(
        members.type === 'session.established' ? 'SET' : 'subject_not_in_stream',
      );
      expect(await traces(provider.id)).toEqual(before);
    },
  );

  it('of a provider without streams is empty', async () => {
    expect(await preview(sessionRevoked(await createProvider(transmitter)))).toEqual([]);
  });

  it.each<[string, (signal: object) => unknown, string]>([
    ['a wrong member', (signal) => ({ ...signal, type: 'lunch' }), 'type'],
    ['an unknown provider', (signal) => ({ ...signal, provider: 'nobody' }), 'provider'],
    ['an array', (signal) => [signal], 'array'],
  ])('of %s is refused as recording is', async (_, body, named) => {
    const signal = sessionRevoked(await createProvider(transmitter));

    const answer = await transmitter.admin.call('/signals/preview', { body: body(signal) });

    expect(answer.status).toBe(400);
    expect(answer.text).toContain(named);
  });

  it('says so when the host cannot say who may know', async () => {
    const { signal } = await connect(transmitter);
    canReceive = () => Promise.reject(new Error('the directory is down'));

    const answer = await transmitter.admin.call('/signals/preview', { body: signal() });

    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('directory');
  });
});
