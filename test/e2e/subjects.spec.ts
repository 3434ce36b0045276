import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signal, StreamConfiguration } from '../support/api-types.js';
import { type Connection, connect } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

const NONE = { provider: { defaultSubjects: 'NONE' as const } };
const EMAIL = { format: 'email', email: 'ana@acme.test' };
const USER = { user: { id: 'u-31', email: 'ana@acme.test' } };

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** Whether a signal about this subject gives a SET, and else why not. */
async function outcome({ signal, stream }: Connection, subject: Signal['subject']): Promise<string> {
  const { outcomes } = await transmitter.admin.fannedOut(await transmitter.admin.record(signal({ subject })));
  const own = outcomes.find(({ streamId }) => streamId === stream.stream_id);
  return own?.jti ? 'SET' : (own?.reason ?? 'nothing');
}

function about(stream: StreamConfiguration, subject: object): object {
  return { stream_id: stream.stream_id, subject };
}

describe('a stream without default subjects', () => {
  it('gets nothing until a subject is added, and nothing after it is removed', async () => {
    const connection = await connect(transmitter, NONE);
    const { api, stream, receiver } = connection;
    const before = await outcome(connection, USER);

    const added = await api.addSubject(about(stream, EMAIL));
    const during = await outcome(connection, USER);
    const removed = await api.removeSubject(about(stream, EMAIL));
    const after = await outcome(connection, USER);

    expect([added.status, added.text, removed.status, removed.text]).toEqual([200, '', 204, '']);
    expect([before, during, after]).toEqual(['subject_not_in_stream', 'SET', 'subject_not_in_stream']);
    expect((await receiver.next()).claims.sub_id).toMatchObject({ sub: 'u-31' });
  });

  it.each([
    ['the sub_id itself', (c: Connection) => ({ format: 'iss_sub', iss: c.provider.issuer, sub: 'u-31' })],
    ['an e-mail address in another case of its domain', () => ({ format: 'email', email: 'ana@ACME.test' })],
    ['any identifier of the user', () => ({ format: 'opaque', id: 'u-31' })],
    ['any of aliases', () => ({ format: 'aliases', identifiers: [{ format: 'opaque', id: 'x' }, EMAIL] })],
  ])('matches %s', async (_, subject) => {
    const connection = await connect(transmitter, NONE);
    await connection.api.addSubject(about(connection.stream, subject(connection)));

    expect(await outcome(connection, USER)).toBe('SET');
    expect(await outcome(connection, { user: { id: 'u-32' } })).toBe('subject_not_in_stream');
  });

  it('matches complex subjects by the members that both have', async () => {
    const connection = await connect(transmitter, { ...NONE, application: { subjectFormat: 'complex' } });
    const user = { format: 'iss_sub', iss: connection.provider.issuer, sub: 'u-31' };
    const device = { format: 'opaque', id: 'd-9' };
    await connection.api.addSubject(about(connection.stream, { format: 'complex', user, device }));

    expect(await outcome(connection, { user: { id: 'u-31' } })).toBe('SET');
    expect(await outcome(connection, { user: { id: 'u-31' }, device: { id: 'd-9' } })).toBe('SET');
    expect(await outcome(connection, { user: { id: 'u-31' }, device: { id: 'd-8' } })).toBe(
      'subject_not_in_stream',
    );
    expect(await outcome(connection, { user: { id: 'u-32' }, device: { id: 'd-9' } })).toBe(
      'subject_not_in_stream',
    );
  });

  it('sends verification whatever its subjects are', async () => {
    const { api, stream, receiver } = await connect(transmitter, NONE);

    await api.verify({ stream_id: stream.stream_id, state: 'x' });

    expect((await receiver.next()).payload).toEqual({ state: 'x' });
  });

  it('lists its subjects for administrators, with the count', async () => {
    const { api, stream } = await connect(transmitter, NONE);
    await api.addSubject({ ...about(stream, EMAIL), verified: false });
    await api.addSubject({ ...about(stream, EMAIL), verified: true });

    const listed = await transmitter.admin.subjects(stream.stream_id);

    expect(listed).toMatchObject([{ kind: 'added', subject: EMAIL, verified: true }]);
    expect(await transmitter.admin.stream(stream.stream_id)).toMatchObject({ subjectsCount: 1 });
  });
});

describe('a stream with all subjects', () => {
  it('leaves out a removed subject until it is added again', async () => {
    const connection = await connect(transmitter);
    const { api, stream } = connection;

    await api.removeSubject(about(stream, EMAIL));
    const without = await outcome(connection, USER);
    const other = await outcome(connection, { user: { id: 'u-32', email: 'ben@acme.test' } });
    await api.addSubject(about(stream, EMAIL));
    const again = await outcome(connection, USER);

    expect([without, other, again]).toEqual(['subject_not_in_stream', 'SET', 'SET']);
  });

  it('is not silenced about a user by the removal of a device of that user', async () => {
    const connection = await connect(transmitter, { application: { subjectFormat: 'complex' } });
    const user = { format: 'iss_sub', iss: connection.provider.issuer, sub: 'u-31' };
    const device = { format: 'opaque', id: 'd-9' };
    await connection.api.removeSubject(about(connection.stream, { format: 'complex', user, device }));

    expect(await outcome(connection, { user: { id: 'u-31' } })).toBe('SET');
    expect(await outcome(connection, { user: { id: 'u-31' }, device: { id: 'd-9' } })).toBe(
      'subject_not_in_stream',
    );
  });
});

describe('the subject endpoints', () => {
  it('answer alike for a subject that is known and one that is not', async () => {
    const { api, stream, signal } = await connect(transmitter);
    await transmitter.admin.record(signal({ subject: USER }));
    const unknown = { format: 'email', email: 'nobody@nowhere.test' };

    const answers = await Promise.all(
      [EMAIL, unknown].flatMap((subject) => [
        api.addSubject(about(stream, subject)),
        api.removeSubject(about(stream, subject)),
      ]),
    );

    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [200, ''],
      [204, ''],
      [200, ''],
      [204, ''],
    ]);
  });

  it.each([
    ['no subject', {}],
    ['an unknown format', { subject: { format: 'nickname', nickname: 'ana' } }],
    ['a member too many', { subject: { ...EMAIL, name: 'Ana' } }],
    ['an empty member', { subject: { format: 'email', email: '' } }],
    ['the name phone from before 1.0', { subject: { format: 'phone', phone: '+15550100' } }],
    ['verified that is no boolean', { subject: EMAIL, verified: 'yes' }],
    ['no stream_id', { stream_id: undefined, subject: EMAIL }],
  ])('refuse %s with 400', async (_, members) => {
    const { api, stream } = await connect(transmitter);

    expect((await api.addSubject({ stream_id: stream.stream_id, ...members })).status).toBe(400);
  });

  it('take phone from a receiver of the legacy profile', async () => {
    const connection = await connect(transmitter, { ...NONE, application: { legacyProfile: true } });
    const subject = { format: 'phone', phone: '+15550100' };

    expect((await connection.api.addSubject(about(connection.stream, subject))).status).toBe(200);

    expect(await outcome(connection, { user: { id: 'u-1', phoneNumber: '+15550100' } })).toBe('SET');
  });

  it("refuse to remove the stream's own subject with 403", async () => {
    const { api, stream } = await connect(transmitter);
    const own = { format: 'opaque', id: stream.stream_id };

    expect((await api.removeSubject(about(stream, own))).status).toBe(403);
    expect((await api.addSubject(about(stream, own))).status).toBe(200);
  });

  it("answer 404 for another receiver's stream", async () => {
    const { stream } = await connect(transmitter);
    const { api } = await connect(transmitter);

    expect((await api.addSubject(about(stream, EMAIL))).status).toBe(404);
    expect((await api.removeSubject(about(stream, EMAIL))).status).toBe(404);
  });
});
