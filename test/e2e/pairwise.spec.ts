import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taken } from '../support/admin-client.js';
import type { Application, Signal, SignalOutcome } from '../support/api-types.js';
import { type Connection, connect, createProvider } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const PAIRWISE = { pairwiseSubjects: true };
const USER = { id: 'u-31', email: 'ana@acme.test', phoneNumber: '+15550100', account: 'acct:ana@acme.test' };
const REASON = 'no_pairwise_identifier';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** What the application knows a user by, as the identity provider asks for it. */
async function subOf({ id }: Pick<Application, 'id'>, userId = USER.id): Promise<string> {
  const params = { path: { id }, query: { userId } };
  return (await taken(transmitter.admin.api.GET('/api/v1/applications/{id}/pairwise-subject', { params })))
    .sub;
}

async function outcomeOf({ stream }: Connection, signal: Signal): Promise<string> {
  const { outcomes } = await transmitter.admin.fannedOut(await transmitter.admin.record(signal));
  return wordOf(outcomes.find(({ streamId }) => streamId === stream.stream_id));
}

async function previewed({ stream }: Connection, signal: Signal): Promise<Record<string, unknown>> {
  const answer = await transmitter.admin.call('/signals/preview', { body: signal });
  const { outcomes } = answer.json<{ outcomes: (SignalOutcome & Record<string, unknown>)[] }>();
  return outcomes.find(({ streamId }) => streamId === stream.stream_id) ?? {};
}

function wordOf(outcome: SignalOutcome | undefined): string {
  return outcome?.jti ? 'SET' : (outcome?.reason ?? 'nothing');
}

function about(connection: Connection, subject: object): object {
  return { stream_id: connection.stream.stream_id, subject };
}

describe('applications with pairwise subjects', () => {
  it('know a user and a device each by another name, and nothing else of them', async () => {
    const provider = await createProvider(transmitter);
    const to = (application: object): Promise<Connection> =>
      connect(transmitter, { to: provider, application });
    const mail = await to(PAIRWISE);
    const wiki = await to({ ...PAIRWISE, subjectFormat: 'complex' });
    const plain = await to({ subjectFormat: 'complex' });
    const signal = mail.signal({
      subject: { user: USER, session: { id: 's-77' }, device: { id: 'd-9' }, tenant: { id: 't-1' } },
      txn: 'op-117',
    });

    const shown = await previewed(mail, signal);
    const signalId = await transmitter.admin.record(signal);
    const sets = await Promise.all([mail, wiki, plain].map(({ receiver }) => receiver.next()));

    const [mailSub, wikiSub] = [await subOf(mail.application), await subOf(wiki.application)];
    const known = (sub: string): object => ({ format: 'iss_sub', iss: provider.issuer, sub });
    const opaque = (id: unknown): object => ({ format: 'opaque', id });
    const derived = expect.stringMatching(/^[\w-]{43}$/) as unknown;
    expect(mailSub).not.toBe(wikiSub);
    const kept = { session: opaque('s-77'), tenant: opaque('t-1') };
    expect(sets.map(({ claims }) => claims.sub_id)).toEqual([
      known(mailSub),
      { format: 'complex', user: known(wikiSub), device: opaque(derived), ...kept },
      { format: 'complex', user: known(USER.id), device: opaque('d-9'), ...kept },
    ]);
    expect(shown.claims).toMatchObject({ sub_id: known(mailSub), txn: sets[0]?.claims.txn });
    for (const { claims } of sets.slice(0, 2))
      for (const each of [...Object.values(USER), 'd-9', 'op-117', signalId])
        expect(JSON.stringify(claims)).not.toContain(each);
  });

  it('have a txn each, by which as by that of the signal their SETs are found', async () => {
    const mail = await connect(transmitter, { application: PAIRWISE });
    const wiki = await connect(transmitter, { to: mail.provider, application: PAIRWISE });
    const plain = await connect(transmitter, { to: mail.provider });
    const found = async (query: object): Promise<string[]> =>
      (await transmitter.admin.sets({ providerId: mail.provider.id, ...query })).map(({ jti }) => jti);

    for (const members of [{ txn: 'op-118' }, {}]) {
      const id = await transmitter.admin.record(mail.signal(members));
      const txn = members.txn ?? id;
      const { outcomes } = await transmitter.admin.fannedOut(id);
      const jtis = [mail, wiki, plain].map(
        ({ stream }) => outcomes.find(({ streamId }) => streamId === stream.stream_id)?.jti ?? '',
      );
      const sets = await Promise.all(jtis.map((jti) => transmitter.admin.set(jti)));
      const txns = sets.map(({ claims }) => claims.txn);

      expect(txns[2]).toBe(txn);
      expect(new Set(txns).size).toBe(3);
      expect(sets.map((set) => set.txn)).toEqual(txns);
      expect((await found({ txn })).toSorted()).toEqual(jtis.toSorted());
      expect(await found({ txn: txns[0] })).toEqual([jtis[0]]);
    }
    expect(await found({ txn: 'op-119' })).toEqual([]);
  });

  it.each<[string, object]>([
    ['of a subId', { subject: { subId: { format: 'iss_sub', iss: 'https://idp.test', sub: 'u-31' } } }],
    ['of a user without an id', { subject: { user: { email: USER.email }, session: { id: 's-77' } } }],
    ['about an e-mail address itself', { type: 'identifier.recycled', subject: { user: USER } }],
    [
      'about an e-mail address that was changed',
      {
        type: 'identifier.changed',
        subject: { user: USER },
        details: { oldValue: USER.email, newValue: 'ana.b@acme.test' },
      },
    ],
  ])('get nothing %s, and that is the reason', async (_, members) => {
    const simple = await connect(transmitter, { application: PAIRWISE });
    const application = { ...PAIRWISE, subjectFormat: 'complex' as const };
    const complex = await connect(transmitter, { to: simple.provider, application });

    for (const connection of [simple, complex]) {
      expect(await outcomeOf(connection, connection.signal(members))).toBe(REASON);
      expect((await previewed(connection, connection.signal(members))).reason).toBe(REASON);
    }
  });

  it('still hear nothing of users who opted out by an identifier that they do not know', async () => {
    const connection = await connect(transmitter, { application: PAIRWISE });
    const optOut = connection.signal({ type: 'opt-out.effective', subject: { user: USER } });

    expect(await outcomeOf(connection, optOut)).toBe('SET');
    expect(await outcomeOf(connection, connection.signal({ subject: { user: USER } }))).toBe(
      'user_opted_out',
    );
  });

  it('keep their names when the option is switched off and on again, and no other application has it', async () => {
    const { application } = await connect(transmitter);
    const path = `/applications/${application.id}`;
    await transmitter.admin.call(path, { method: 'PATCH', body: PAIRWISE });
    const before = await subOf(application);

    await transmitter.admin.call(path, { method: 'PATCH', body: { pairwiseSubjects: false } });
    const off = await transmitter.admin.call(`${path}/pairwise-subject?userId=u-31`);
    await transmitter.admin.call(path, { method: 'PATCH', body: PAIRWISE });

    expect(off.status).toBe(404);
    expect(await subOf(application)).toBe(before);
  });

  it('show that they are, and never their secret', async () => {
    const { application, provider } = await connect(transmitter, { application: PAIRWISE });
    const [entry] = await transmitter.admin.auditLog({
      applicationId: application.id,
      action: 'application.created',
    });

    const answers = await Promise.all([
      transmitter.admin.call(`/applications/${application.id}`),
      transmitter.admin.call(`/applications?providerId=${provider.id}`),
      transmitter.admin.call(`/applications/${application.id}`, { method: 'PATCH', body: { name: 'Mail' } }),
    ]);

    expect(answers[0]?.json()).toMatchObject(PAIRWISE);
    expect(entry?.after).toMatchObject(PAIRWISE);
    for (const text of [JSON.stringify(entry), ...answers.map((answer) => answer.text)])
      expect(text).not.toMatch(/secret/i);
  });
});

describe('the subjects of a stream with pairwise subjects', () => {
  it.each(['iss_sub', 'complex'] as const)(
    'are those that the receiver knows, in the format %s',
    async (subjectFormat) => {
      const connection = await connect(transmitter, {
        provider: { defaultSubjects: 'NONE' },
        application: { ...PAIRWISE, subjectFormat },
      });
      const { api, provider, application } = connection;
      const user = (sub: string): object => ({ format: 'iss_sub', iss: provider.issuer, sub });
      const signal = connection.signal({ subject: { user: USER } });
      const add = (subject: object): Promise<unknown> => api.addSubject(about(connection, subject));
      const known = user(await subOf(application));

      await add(user(USER.id));
      await add({ format: 'email', email: USER.email });
      await add({
        format: 'aliases',
        identifiers: [{ format: 'opaque', id: USER.id }, user(await subOf(application, 'u-32'))],
      });
      const byOthersNames = await outcomeOf(connection, signal);
      await add(known);
      const byItsOwn = await outcomeOf(connection, signal);
      await api.removeSubject(about(connection, known));
      const removed = await outcomeOf(connection, signal);
      await add({ format: 'complex', user: known });
      const complex = await outcomeOf(connection, signal);

      expect([byOthersNames, byItsOwn, removed]).toEqual([
        'subject_not_in_stream',
        'SET',
        'subject_not_in_stream',
      ]);
      expect(complex).toBe(subjectFormat === 'complex' ? 'SET' : 'subject_not_in_stream');
    },
  );

  it('are all but those that the receiver removed by the name that it knows', async () => {
    const connection = await connect(transmitter, { application: PAIRWISE });
    const signal = connection.signal({ subject: { user: USER } });
    const remove = (id: string): Promise<unknown> =>
      connection.api.removeSubject(about(connection, { format: 'opaque', id }));

    await remove(USER.id);
    const byOthersName = await outcomeOf(connection, signal);
    await remove(await subOf(connection.application));
    const byItsOwn = await outcomeOf(connection, signal);

    expect([byOthersName, byItsOwn]).toEqual(['SET', 'subject_not_in_stream']);
  });

  it('are users who signed in, by the name that the receiver can remove them by', async () => {
    const connection = await connect(transmitter, {
      provider: { defaultSubjects: 'NONE' },
      application: { ...PAIRWISE, clientId: 'mail', autoSubscribe: true },
    });
    const { provider, application, stream } = connection;
    const details = { clientId: 'mail' };
    const signIn = connection.signal({ type: 'session.established', subject: { user: USER }, details });

    expect(await outcomeOf(connection, signIn)).toBe('SET');
    const listed = await transmitter.admin.subjects(stream.stream_id);
    expect(listed.map(({ subject }) => subject)).toEqual([
      { format: 'iss_sub', iss: provider.issuer, sub: await subOf(application) },
    ]);
    expect(await outcomeOf(connection, connection.signal({ subject: { user: USER } }))).toBe('SET');
    expect(await outcomeOf(connection, connection.signal({ subject: { user: { id: 'u-32' } } }))).toBe(
      'subject_not_in_stream',
    );
  });
});
