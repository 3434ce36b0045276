import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CanReceive } from '../../src/index.js';
import type { NewApplication, Signal } from '../support/api-types.js';
import { type Connection, connect, createProvider } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const SESSION_ESTABLISHED = 'https://schemas.openid.net/secevent/caep/event-type/session-established';
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const USER = { user: { id: 'u-31', email: 'ana@acme.test' } };

const everybody: CanReceive = () => true;
let canReceive = everybody;
let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({
    canReceive: (question) => canReceive(question),
    canReceiveTimeoutMs: 50,
    sweepIntervalMs: 100,
  });
});

afterEach(() => {
  canReceive = everybody;
});

afterAll(() => transmitter.stop());

/** Whether a signal gave this stream a SET, and else why not. */
async function outcomeOf({ stream }: Connection, signalId: string): Promise<string> {
  const { outcomes } = await transmitter.admin.fannedOut(signalId);
  const own = outcomes.find(({ streamId }) => streamId === stream.stream_id);
  return own?.jti ? 'SET' : (own?.reason ?? 'nothing');
}

async function outcome(connection: Connection, members: Partial<Signal> = {}): Promise<string> {
  return outcomeOf(
    connection,
    await transmitter.admin.record(connection.signal({ subject: USER, ...members })),
  );
}

describe('the host says who may know', () => {
  it('of what happened to whom, for each application', async () => {
    const mail = await connect(transmitter, { application: { clientId: 'mail' } });
    const wiki = await connect(transmitter, { to: mail.provider });
    const asked: unknown[] = [];
    canReceive = (question) => {
      asked.push(question);
      return Promise.resolve(question.application.id !== wiki.application.id);
    };
    const subject = { user: { ...USER.user, groups: ['staff'] }, tenant: { id: 't-1' } };

    const signalId = await transmitter.admin.record(mail.signal({ subject }));

    expect(await outcomeOf(mail, signalId)).toBe('SET');
    expect(await outcomeOf(wiki, signalId)).toBe('refused_by_host');
    const { id, slug } = mail.application;
    expect(asked).toContainEqual({
      provider: mail.provider.slug,
      application: { id, slug, clientId: 'mail' },
      subject,
      eventType: SESSION_REVOKED,
    });
    await mail.receiver.next();
    expect(wiki.receiver.received).toEqual([]);
  });

  it.each<[string, () => Promise<boolean>]>([
    ['cannot', () => Promise.reject(new Error('the directory is down'))],
    ['does not', () => new Promise(() => undefined)],
  ])('and while it %s, signals wait in their order', async (_, answer) => {
    const connection = await connect(transmitter);
    const about = (id: string): Signal => connection.signal({ subject: { user: { id } } });
    canReceive = ({ subject }) => (subject.user?.id === 'held' ? answer() : true);

    const signalIds = (
      await transmitter.admin.recordAll([about('before'), about('held'), about('behind')])
    ).map(({ id }) => id);
    const [before = '', held = '', behind = ''] = signalIds;
    expect(await outcomeOf(connection, before)).toBe('SET');
    const line = await until('the log says so twice', () => {
      const lines = transmitter.logLines.filter(
        (text) => text.includes('signal.held') && text.includes(held),
      );
      return lines.length > 1 && lines[1];
    });
    const waiting = await Promise.all([held, behind].map((id) => transmitter.admin.signal(id)));
    canReceive = everybody;
    const { received } = connection.receiver;
    await connection.receiver.atLeast(3);

    expect(JSON.parse(line)).toMatchObject({
      event: 'signal.held',
      providerId: connection.provider.id,
      applicationId: connection.application.id,
    });
    expect(waiting.map(({ fannedOutAt }) => fannedOutAt)).toEqual([null, null]);
    expect(new Set(received.map(({ claims }) => claims.txn))).toEqual(new Set(signalIds));
    const jtis = await Promise.all(
      signalIds.map(async (id) => (await transmitter.admin.fannedOut(id)).outcomes[0]?.jti),
    );
    const inQueue = await transmitter.database.query<{ jti: string }>(
      'select jti from ssf.security_event_token where stream_id = $1 order by seq',
      [connection.stream.stream_id],
    );
    expect(inQueue.map(({ jti }) => jti)).toEqual(jtis);
  });
});

describe('an application that subscribes users by itself', () => {
  const MAIL = { clientId: 'mail', autoSubscribe: true };
  const session = (clientId: string, members: object = {}): Partial<Signal> => ({
    type: 'session.established',
    details: { clientId },
    ...members,
  });
  const connectMail = (application: Partial<NewApplication> = MAIL): Promise<Connection> =>
    connect(transmitter, { provider: { defaultSubjects: 'NONE' }, application });

  it('gets one with the first session, and what happens from then on', async () => {
    const connection = await connectMail();

    const before = await outcome(connection);
    const first = await outcome(connection, session('mail'));
    const after = await outcome(connection);
    const other = await outcome(connection, { subject: { user: { id: 'u-32' } } });

    expect([before, first, after, other]).toEqual([
      'subject_not_in_stream',
      'SET',
      'SET',
      'subject_not_in_stream',
    ]);
    expect((await connection.receiver.next()).eventType).toBe(SESSION_ESTABLISHED);
    expect(await transmitter.admin.subjects(connection.stream.stream_id)).toMatchObject([
      { kind: 'added', subject: { format: 'iss_sub', sub: 'u-31' }, verified: true },
    ]);
  });

  it('gets one from the middle of a batch on', async () => {
    const connection = await connectMail();
    const of = (id: string, members: Partial<Signal> = {}): Signal =>
      connection.signal({ subject: { user: { id } }, ...members });

    const recorded = await transmitter.admin.recordAll([
      of('a'),
      of('a', session('mail')),
      of('b'),
      of('a'),
      of('a', session('mail')),
    ]);

    expect(await Promise.all(recorded.map(({ id }) => outcomeOf(connection, id)))).toEqual([
      'subject_not_in_stream',
      'SET',
      'subject_not_in_stream',
      'SET',
      'SET',
    ]);
  });

  it('does not get back whom its receiver removed', async () => {
    const connection = await connectMail();
    const { api, stream, provider } = connection;
    await outcome(connection, session('mail'));

    await api.removeSubject({
      stream_id: stream.stream_id,
      subject: { format: 'iss_sub', iss: provider.issuer, sub: 'u-31' },
    });

    expect(await outcome(connection, session('mail'))).toBe('subject_not_in_stream');
  });

  it.each([
    ['the session is of another client', MAIL, 'wiki'],
    ['it did not ask for that', { clientId: 'mail' }, 'mail'],
  ])('gets nobody when %s', async (_, application, clientId) => {
    expect(await outcome(await connectMail(application), session(clientId))).toBe('subject_not_in_stream');
  });

  it('is still told nothing of a user whom it may not know of', async () => {
    const connection = await connectMail({ ...MAIL, allowedGroups: ['staff'] });

    expect(await outcome(connection, session('mail'))).toBe('user_not_allowed');
    expect(await outcome(connection)).toBe('user_not_allowed');
  });

  it('keeps the users whom a receiver removed while it has all', async () => {
    const provider = await createProvider(transmitter);
    const connection = await connect(transmitter, { to: provider, application: MAIL });
    await connection.api.removeSubject({
      stream_id: connection.stream.stream_id,
      subject: { format: 'opaque', id: 'u-31' },
    });

    expect(await outcome(connection, session('mail'))).toBe('subject_not_in_stream');
  });
});
