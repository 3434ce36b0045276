import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import type { AdminClient } from '../support/admin-client.js';
import type { NewApplication, Provider, SetSummary, Signal, StoredSignal } from '../support/api-types.js';
import { POLL, PUSH } from '../support/receiver-client.js';
import {
  connect,
  type Connection,
  createApplication,
  createProvider,
  createReceiverApi,
  issueToken,
  sessionRevoked,
} from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const CREDENTIAL_CHANGE = 'https://schemas.openid.net/secevent/caep/event-type/credential-change';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

async function expectPages(path: string, ids: readonly string[], idOf: 'id' | 'jti' = 'id'): Promise<void> {
  const pages = await transmitter.admin.all<Record<string, string>>(path, 2);

  expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
  expect(pages.flat().map((item) => item[idOf])).toEqual(ids);
}

async function five<Value>(make: (index: number) => Promise<Value>): Promise<Value[]> {
  const made: Value[] = [];
  for (let index = 0; index < 5; index += 1) made.push(await make(index));
  return made;
}

/** Waits until all of these signals are SETs. */
async function setsOf({ provider }: Connection, count: number): Promise<SetSummary[]> {
  return until(`${count} SETs`, async () => {
    const sets = await transmitter.admin.sets({ providerId: provider.id });
    return sets.length === count && sets;
  });
}

describe('a list comes in pages, without gaps and doubles', () => {
  it('of providers, oldest first', async () => {
    const known = new Set(
      (await transmitter.admin.all<Provider>('/providers', 250)).flat().map(({ id }) => id),
    );
    const made = await five(() => createProvider(transmitter));

    const pages = await transmitter.admin.all<Provider>('/providers', 2);

    expect(Math.max(...pages.map(({ length }) => length))).toBe(2);
    const listed = pages.flat().map(({ id }) => id);
    expect(listed).toHaveLength(known.size + 5);
    expect(listed.filter((id) => !known.has(id))).toEqual(made.map(({ id }) => id));
  });

  it('of applications', async () => {
    const provider = await createProvider(transmitter);
    const made = await five(() => createApplication(transmitter, provider));

    await expectPages(
      `/applications?providerId=${provider.id}`,
      made.map(({ id }) => id),
    );
  });

  it('of tokens, without the tokens themselves', async () => {
    const application = await createApplication(transmitter, await createProvider(transmitter));
    const path = `/applications/${application.id}/tokens`;
    const made = await five((index) => issueToken(transmitter, application, { name: `t${index}` }));

    await expectPages(
      path,
      made.map(({ id }) => id),
    );
    const { text } = await transmitter.admin.call(path);
    for (const { token } of made) expect(text).not.toContain(token);
  });

  it('of streams', async () => {
    const { api, application } = await createReceiverApi(transmitter, await createProvider(transmitter));
    const made = await five(() =>
      api.createdStream({ delivery: { method: PUSH, endpoint_url: 'http://127.0.0.1:9/' } }),
    );

    await expectPages(
      `/streams?applicationId=${application.id}`,
      made.map(({ stream_id: id }) => id),
    );
  });

  it('of signals, newest first', async () => {
    const provider = await createProvider(transmitter);
    const made = await five(() => transmitter.admin.record(sessionRevoked(provider)));

    await expectPages(`/signals?providerId=${provider.id}`, made.toReversed());
  });

  it('of SETs, newest first', async () => {
    const connection = await connect(transmitter);
    await five(async (index) => {
      await transmitter.admin.record(connection.signal());
      await setsOf(connection, index + 1);
    });
    const arrived = (await connection.receiver.atLeast(5)).map(({ claims }) => claims.jti);

    await expectPages(`/sets?streamId=${connection.stream.stream_id}`, arrived.toReversed(), 'jti');
  });

  it('of 50 unless a limit says otherwise', async () => {
    const provider = await createProvider(transmitter);
    await transmitter.admin.recordAll(Array.from({ length: 51 }, () => sessionRevoked(provider)));

    const params = { query: { providerId: provider.id } };
    const page = await taken(transmitter.admin.api.GET('/api/v1/signals', { params }));

    expect(page.data).toHaveLength(50);
    expect(page.nextCursor).not.toBeNull();
  });

  it('which ends with null when its last page is full', async () => {
    const provider = await createProvider(transmitter);
    await transmitter.admin.recordAll([sessionRevoked(provider), sessionRevoked(provider)]);

    const pages = await transmitter.admin.all(`/signals?providerId=${provider.id}`, 1);

    expect(pages.map(({ length }) => length)).toEqual([1, 1]);
  });
});

describe('SETs are found by', () => {
  let connection: Connection;
  let delivered: SetSummary;
  let rejected: SetSummary;

  beforeAll(async () => {
    // not by startReceiver(), which ends with a test
    connection = await connectForAll();
    connection.receiver.behave(({ claims }) =>
      claims.txn === 'op-bad' ? { status: 400, body: { err: 'invalid_request' } } : { status: 202 },
    );
    await transmitter.admin.recordAll([
      connection.signal({ txn: 'op-good', subject: { user: { id: 'u-1', email: 'Ana@acme.test' } } }),
      connection.signal({
        txn: 'op-bad',
        type: 'password.changed',
        subject: { user: { id: 'u-2', email: 'ben@acme.test' } },
      }),
    ]);
    const sets = await until('both ends', async () => {
      const found = await setsOf(connection, 2);
      return found.every(({ status }) => status !== 'pending') && found;
    });
    delivered = one(sets.filter(({ txn }) => txn === 'op-good'));
    rejected = one(sets.filter(({ txn }) => txn === 'op-bad'));
  });

  afterAll(() => connection.receiver.close());

  async function found(query: Record<string, string>): Promise<string[]> {
    const sets = await transmitter.admin.sets({ providerId: connection.provider.id, ...query });
    return sets.map(({ jti }) => jti).toSorted();
  }

  it('status', async () => {
    expect(await found({ status: 'delivered' })).toEqual([delivered.jti]);
    expect(await found({ status: 'rejected' })).toEqual([rejected.jti]);
    for (const status of ['pending', 'held', 'dead', 'dropped']) expect(await found({ status })).toEqual([]);
  });

  it('event type', async () => {
    expect(await found({ eventType: SESSION_REVOKED })).toEqual([delivered.jti]);
    expect(await found({ eventType: CREDENTIAL_CHANGE })).toEqual([rejected.jti]);
  });

  it('stream and application', async () => {
    const both = [delivered.jti, rejected.jti].toSorted();

    expect(await found({ streamId: connection.stream.stream_id })).toEqual(both);
    expect(await found({ applicationId: connection.application.id })).toEqual(both);
    expect(await found({ streamId: connection.provider.id })).toEqual([]);
  });

  it('jti, txn and signal', async () => {
    expect(await found({ jti: rejected.jti })).toEqual([rejected.jti]);
    expect(await found({ txn: 'op-good' })).toEqual([delivered.jti]);
    expect(await found({ signalId: rejected.signalId ?? '' })).toEqual([rejected.jti]);
  });

  it('the id of the user, whatever the format of the application', async () => {
    expect(await found({ subject: 'u-1' })).toEqual([delivered.jti]);
    expect(await found({ subject: 'u-3' })).toEqual([]);
  });

  it('a Subject Identifier', async () => {
    const subject = JSON.stringify({ sub: 'u-2', iss: connection.provider.issuer, format: 'iss_sub' });

    expect(await found({ subject })).toEqual([rejected.jti]);
  });

  it('the e-mail address of the user, with the domain in any case', async () => {
    const byMail = await connectForAll({ subjectFormat: 'email' });
    await transmitter.admin.record(
      byMail.signal({ subject: { user: { id: 'u-1', email: 'Ana@acme.test' } } }),
    );
    const { claims } = await byMail.receiver.next();

    const search = (subject: string): Promise<SetSummary[]> =>
      transmitter.admin.sets({ providerId: byMail.provider.id, subject });

    expect(await search('Ana@acme.test')).toMatchObject([{ jti: claims.jti }]);
    expect(await search('Ana@ACME.test')).toMatchObject([{ jti: claims.jti }]);
    expect(await search('ana@acme.test')).toEqual([]);
    await byMail.receiver.close();
  });

  it('anything that is known of the user, whatever format the application asked for', async () => {
    const provider = await createProvider(transmitter);
    const record = (user: object, members: Partial<Signal> = {}): Promise<string> =>
      transmitter.admin.record(sessionRevoked(provider, { subject: { user }, ...members }));
    for (const subjectFormat of ['iss_sub', 'email', 'opaque'] as const) {
      const { api } = await createReceiverApi(transmitter, provider, { subjectFormat });
      await api.createdStream({ delivery: { method: POLL } });
    }
    const ana = { id: 'u-1', email: 'Ana@acme.test', phoneNumber: '+15550100' };
    const signalIds = [await record(ana), await record({ id: 'u-1' }), await record({ id: 'u-2' })];
    const changed = await record(ana, {
      type: 'identifier.changed',
      details: { oldValue: 'old@acme.test', newValue: 'Ana@acme.test' },
    });
    await transmitter.admin.fannedOut(changed);
    const search = async (subject: string): Promise<(string | null)[]> => {
      const sets = await transmitter.admin.sets({ providerId: provider.id, subject });
      return sets.map(({ signalId }) => signalId);
    };
    const [first, second, third] = signalIds;

    const ofFirst = [changed, changed, changed, first, first, first];
    for (const known of ['Ana@acme.test', 'Ana@ACME.test', '+15550100'])
      expect(await search(known)).toEqual(ofFirst);
    for (const known of ['u-1', '{"format":"opaque","id":"u-1"}'])
      // without an e-mail address there are two SETs
      expect(await search(known)).toEqual([changed, changed, changed, second, second, first, first, first]);
    expect(await search('u-2')).toEqual([third, third]);
    expect(await search('old@acme.test')).toEqual([changed, changed, changed]);
    expect(await search('ana@acme.test')).toEqual([]);
  });

  it('a user who has many, page by page', async () => {
    const provider = await createProvider(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    for (let index = 0; index < 2; index += 1) await api.createdStream({ delivery: { method: POLL } });
    const recorded = await transmitter.admin.recordAll(
      Array.from({ length: 520 }, () => sessionRevoked(provider)),
    );
    await transmitter.admin.fannedOut(recorded.at(-1)?.id ?? '');

    const query = `/sets?providerId=${provider.id}&subject=u-31`;
    const pages = await transmitter.admin.all<SetSummary>(query, 250);
    const odd = await transmitter.admin.all<SetSummary>(`${query}&txn=${recorded[0]?.id}`, 1);

    expect(pages.map(({ length }) => length)).toEqual([250, 250, 250, 250, 40]);
    expect(new Set(pages.flat().map(({ jti }) => jti)).size).toBe(1040);
    const newestFirst = recorded.toReversed().flatMap(({ id }) => [id, id]);
    expect(pages.flat().map(({ signalId }) => signalId)).toEqual(newestFirst);
    expect(odd.map(([set]) => set?.signalId)).toEqual([recorded[0]?.id, recorded[0]?.id]);
  });

  it('a user of whom very much is recorded, though a page may then be empty', async () => {
    const provider = await createProvider(transmitter);
    const { api } = await createReceiverApi(transmitter, provider);
    await api.createdStream({ delivery: { method: POLL } });
    const first = await transmitter.admin.record(sessionRevoked(provider));
    await transmitter.admin.fannedOut(first);
    await transmitter.database.query(
      `insert into ssf.signal (id, provider_id, type, occurred_at, subject, txn, details, subject_hashes)
       select overlay(ssf.uuid_at(now() + n * interval '1 millisecond')::text placing '7' from 15)::uuid,
              provider_id, type, occurred_at, subject, n::text, details, subject_hashes
         from ssf.signal, generate_series(1, 5001) n where id = $1`,
      [first],
    );

    const pages = await transmitter.admin.all<SetSummary>(`/sets?providerId=${provider.id}&subject=u-31`, 50);

    expect(pages.map((page) => page.map(({ signalId }) => signalId))).toEqual([[], [first]]);
  });

  it('the time of their making', async () => {
    const createdAt = Date.parse(delivered.createdAt);
    const at = (offsetMs: number): string => new Date(createdAt + offsetMs).toISOString();

    expect(await found({ from: at(-60_000), to: at(60_000), txn: 'op-good' })).toEqual([delivered.jti]);
    expect(await found({ from: at(60_000) })).toEqual([]);
    expect(await found({ to: at(-60_000) })).toEqual([]);
  });

  it('a time long ago', async () => {
    expect(await found({ from: '1960-01-01T00:00:00Z', txn: 'op-good' })).toEqual([delivered.jti]);
    expect(await found({ to: '1960-01-01T00:00:00Z' })).toEqual([]);
  });

  it('several of these together', async () => {
    expect(await found({ txn: 'op-good', status: 'delivered', subject: 'u-1' })).toEqual([delivered.jti]);
    expect(await found({ txn: 'op-good', status: 'rejected' })).toEqual([]);
  });

  async function connectForAll(application: Partial<NewApplication> = {}): Promise<Connection> {
    const { TestReceiver } = await import('../support/test-receiver.js');
    const provider = await createProvider(transmitter);
    const receiver = await TestReceiver.start();
    const made = await createReceiverApi(transmitter, provider, application);
    const { configurationUrl, issuer } = provider;
    receiver.believe({ configurationUrl, issuer, audience: made.application.audience });
    const stream = await made.api.createdStream({ delivery: { method: PUSH, endpoint_url: receiver.url } });
    return {
      provider,
      receiver,
      stream,
      ...made,
      signal: (members = {}) => sessionRevoked(provider, members),
    };
  }
});

type SignalQuery = Parameters<AdminClient['signals']>[0];

describe('signals are found by', () => {
  it('provider, type, own id and time', async () => {
    const provider = await createProvider(transmitter);
    const first = await transmitter.admin.record(sessionRevoked(provider, { id: 'evt-1' }));
    const second = await transmitter.admin.record(
      sessionRevoked(provider, { id: 'evt-2', type: 'mfa.added' }),
    );
    const found = (query: SignalQuery): Promise<string[]> => signalIds({ providerId: provider.id, ...query });
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();

    expect(await found({})).toEqual([second, first]);
    expect(await found({ type: 'mfa.added' })).toEqual([second]);
    expect(await found({ externalId: 'evt-1' })).toEqual([first]);
    expect(await found({ from: hourAgo })).toEqual([second, first]);
    expect(await found({ to: hourAgo })).toEqual([]);
  });

  it('txn, their own or the one that they got', async () => {
    const provider = await createProvider(transmitter);
    const other = await createProvider(transmitter);
    const [named, unnamed] = [
      await transmitter.admin.record(sessionRevoked(provider, { txn: 'op-17' })),
      await transmitter.admin.record(sessionRevoked(provider)),
    ];
    const same = await transmitter.admin.record(sessionRevoked(other, { txn: 'op-17' }));
    const tied = await transmitter.admin.record(sessionRevoked(other, { txn: unnamed }));

    expect(await signalIds({ txn: 'op-17' })).toEqual([same, named]);
    expect(await signalIds({ txn: 'op-17', providerId: provider.id })).toEqual([named]);
    expect(await signalIds({ txn: unnamed })).toEqual([tied, unnamed]);
    expect(await signalIds({ txn: 'op-18' })).toEqual([]);
  });

  it('own id, of one provider or of any', async () => {
    const [first, second] = [await createProvider(transmitter), await createProvider(transmitter)];
    const made = [
      await transmitter.admin.record(sessionRevoked(first, { id: 'evt-own' })),
      await transmitter.admin.record(sessionRevoked(second, { id: 'evt-own' })),
    ];

    expect(await signalIds({ externalId: 'evt-own' })).toEqual(made.toReversed());
    expect(await signalIds({ externalId: 'evt-own', providerId: first.id })).toEqual([made[0]]);
    expect(await signalIds({ externalId: 'evt-none' })).toEqual([]);
  });

  it('subject, before they are fanned out and without any SET', async () => {
    const provider = await createProvider(transmitter);
    const providerId = provider.id;
    const about = (subject: Signal['subject']): Promise<string> =>
      transmitter.admin.record(sessionRevoked(provider, { subject }));
    const ana = await about({ user: { id: 'u-1', email: 'ana@acme.test' } });
    const anaAgain = await about({ subId: { format: 'email', email: 'ana@acme.test' } });
    const device = await about({ device: { id: 'd-9' } });

    expect(await signalIds({ providerId, subject: 'ana@acme.test' })).toEqual([anaAgain, ana]);
    expect(await signalIds({ providerId, subject: 'u-1' })).toEqual([ana]);
    expect(await signalIds({ providerId, subject: 'd-9' })).toEqual([device]);
    expect(await signalIds({ providerId, subject: 'u-1', type: 'mfa.added' })).toEqual([]);
    expect((await transmitter.admin.call('/signals?subject={')).status).toBe(400);
    const [onePage, secondPage] = await transmitter.admin.all<StoredSignal>(
      `/signals?providerId=${providerId}&subject=ana@acme.test`,
      1,
    );
    expect([onePage?.[0]?.id, secondPage?.[0]?.id]).toEqual([anaAgain, ana]);
  });

  async function signalIds(query: SignalQuery): Promise<string[]> {
    return (await transmitter.admin.signals(query)).map(({ id }) => id);
  }
});

describe('streams are found by', () => {
  it('provider, application and status', async () => {
    const { provider, application, stream } = await connect(transmitter);
    const { api } = transmitter.admin;
    const found = async (query: object): Promise<string[]> =>
      (await taken(api.GET('/api/v1/streams', { params: { query } }))).data.map(({ id }) => id);

    expect(await found({ providerId: provider.id })).toEqual([stream.stream_id]);
    expect(await found({ applicationId: application.id, status: 'enabled' })).toEqual([stream.stream_id]);
    expect(await found({ applicationId: application.id, status: 'paused' })).toEqual([]);
  });
});

function one<Value>(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined || values.length > 1)
    throw new Error(`expected one, but there are ${values.length}`);
  return value;
}
