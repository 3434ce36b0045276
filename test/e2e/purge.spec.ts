import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PurgeReport } from '../support/api-types.js';
import { expectStatus } from '../support/http.js';
import { connect, type Connection, createProvider } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

const ID = 'u-purged-4711';
const EMAIL = 'ana-to-be-purged@acme.test';
const ANA = { user: { id: ID, email: EMAIL } };
const BEN = { user: { id: 'u-ben', email: 'ben@acme.test' } };

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

const NOTHING = {
  dryRun: false,
  signals: 0,
  sets: 0,
  attempts: 0,
  dropped: 0,
  streamSubjects: 0,
  autoSubscriptions: 0,
  optOuts: 0,
  skipped: 0,
  nextCursor: null,
};

async function purge({ provider }: Pick<Connection, 'provider'>, members: object): Promise<PurgeReport> {
  const body = { providerId: provider.id, ...members };
  return expectStatus(await transmitter.admin.call('/subjects/purge', { body }), 200).json<PurgeReport>();
}

/** A signal about somebody, with personal data wherever it can have some; the jti of its SET. */
async function tell({ signal }: Connection, subject: typeof ANA): Promise<{ id: string; jti: string }> {
  const id = await transmitter.admin.record(
    signal({
      subject,
      reasonAdmin: { en: `asked for by ${subject.user.email}` },
      reasonUser: { en: `Hello ${subject.user.email}` },
    }),
  );
  const [outcome] = (await transmitter.admin.fannedOut(id)).outcomes;
  return { id, jti: outcome?.jti ?? '' };
}

/** All rows that a person can be found in, whatever they are of. */
async function stored({ provider }: Pick<Connection, 'provider'>): Promise<string> {
  const rows = await transmitter.database.query<{ row: string }>(
    `select row_to_json(s)::text as row from ssf.signal s where provider_id = $1
     union all select row_to_json(t)::text from ssf.security_event_token t where provider_id = $1
     union all select row_to_json(a)::text from ssf.attempt a join ssf.security_event_token t using (jti) where provider_id = $1
     union all select row_to_json(u)::text from ssf.stream_subject u join ssf.stream s on s.id = u.stream_id where provider_id = $1
     union all select row_to_json(e)::text from ssf.audit_entry e where provider_id = $1`,
    [provider.id],
  );
  return rows.map(({ row }) => row).join('\n');
}

async function refused(connection: Connection): Promise<{ id: string; jti: string }> {
  connection.receiver.behave({
    status: 400,
    body: { err: 'invalid_request', description: `who is ${EMAIL}?` },
  });
  const told = await tell(connection, ANA);
  await transmitter.admin.setWithStatus(told.jti, 'rejected');
  return told;
}

describe('the purge of a subject', () => {
  it('takes the personal data out of all that has ended, and leaves what happened', async () => {
    const connection = await connect(transmitter);
    const told = await refused(connection);
    connection.receiver.behave({ status: 202 });
    const other = await tell(connection, BEN);
    await transmitter.admin.setWithStatus(other.jti, 'delivered');
    const before = await transmitter.admin.set(told.jti);
    expect(await stored(connection)).toContain(EMAIL);

    const report = await purge(connection, { subject: EMAIL });

    expect(report).toEqual({ ...NOTHING, signals: 1, sets: 1, attempts: 1 });
    const rows = await stored(connection);
    for (const personal of [EMAIL, ID]) expect(rows).not.toContain(personal);
    const after = await transmitter.admin.set(told.jti);
    expect(after).toMatchObject({
      ...before,
      purgedAt: expect.any(String) as string,
      claims: { jti: told.jti, iat: before.claims.iat, aud: before.claims.aud, iss: before.claims.iss },
      attempts: [{ ...before.attempts[0], description: null }],
    });
    expect(after.claims.sub_id).toEqual({ format: 'opaque', id: 'purged' });
    expect(after.claims.events).toEqual({ [before.eventType]: {} });
    expect(await transmitter.admin.signal(told.id)).toMatchObject({
      subject: { purged: true },
      reasonAdmin: null,
      reasonUser: null,
      outcomes: [{ jti: told.jti }],
    });
    expect(await transmitter.admin.set(other.jti)).toMatchObject({ purgedAt: null, status: 'delivered' });
    expect(rows).toContain('u-ben');
  });

  it('finds nothing a second time, and nothing of another provider', async () => {
    const [connection, other] = [await connect(transmitter), await connect(transmitter)];
    for (const each of [connection, other]) {
      const { jti } = await tell(each, ANA);
      await transmitter.admin.setWithStatus(jti, 'delivered');
    }

    expect(await purge(connection, { subject: ID })).toMatchObject({ signals: 1, sets: 1 });

    expect(await purge(connection, { subject: ID })).toEqual(NOTHING);
    expect(await stored(other)).toContain(EMAIL);
    expect(await transmitter.admin.sets({ providerId: connection.provider.id, subject: ID })).toEqual([]);
  });

  it('need not reach what the database gathers for its plans: nothing personal is there', async () => {
    const connection = await connect(transmitter);
    for (const subject of [ANA, BEN])
      expectStatus(
        await connection.api.addSubject({
          stream_id: connection.stream.stream_id,
          subject: { format: 'email', email: subject.user.email },
        }),
        200,
      );
    await refused(connection);
    await tell(connection, BEN);

    await transmitter.database.query('analyze');

    const gathered = await transmitter.database.query<{ column: string; values: string }>(
      `select tablename || '.' || attname as column, concat(most_common_vals, histogram_bounds) as values
         from pg_stats where schemaname = 'ssf'`,
    );
    expect(gathered.map(({ column }) => column)).toContain('security_event_token.event_type');
    for (const personal of [EMAIL, ID])
      expect(gathered.filter(({ values }) => values.includes(personal)).map(({ column }) => column)).toEqual(
        [],
      );
  });

  it('is told beforehand by a dry run, which changes nothing', async () => {
    const connection = await connect(transmitter);
    const { jti } = await tell(connection, ANA);
    await transmitter.admin.setWithStatus(jti, 'delivered');
    const before = await stored(connection);

    const report = await purge(connection, { subject: { format: 'email', email: EMAIL }, dryRun: true });

    expect(report).toEqual({ ...NOTHING, dryRun: true, signals: 1, sets: 1 });
    expect(await stored(connection)).toBe(before);
  });

  it('leaves what waits as it is: it is delivered with its claims', async () => {
    const connection = await connect(transmitter);
    const { api, stream, receiver } = connection;
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'paused' }), 200);
    const { jti } = await tell(connection, ANA);

    expect(await purge(connection, { subject: EMAIL })).toEqual({ ...NOTHING, skipped: 1 });
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' }), 200);
    const set = await transmitter.admin.setWithStatus(jti, 'delivered');

    expect(set.claims.sub_id).toMatchObject({ sub: ID });
    expect(receiver.received).toHaveLength(1);
    expect(await purge(connection, { subject: EMAIL })).toMatchObject({ signals: 1, sets: 1, skipped: 0 });
  });

  it('drops what waits when it is to be included, with a reason', async () => {
    const connection = await connect(transmitter);
    const { api, stream, receiver } = connection;
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'paused' }), 200);
    const { jti } = await tell(connection, ANA);
    const { jti: other } = await tell(connection, BEN);

    const report = await purge(connection, { subject: EMAIL, includePending: true });
    expectStatus(await api.setStatus({ stream_id: stream.stream_id, status: 'enabled' }), 200);
    await transmitter.admin.setWithStatus(other, 'delivered');

    expect(report).toEqual({ ...NOTHING, signals: 1, sets: 1, dropped: 1 });
    expect(await transmitter.admin.set(jti)).toMatchObject({ status: 'dropped', reason: 'purged' });
    expect(receiver.received).toHaveLength(1);
    expect(await stored(connection)).not.toContain(EMAIL);
  });

  it('leaves nothing that could be sent again', async () => {
    const connection = await connect(transmitter);
    const { jti } = await refused(connection);
    await purge(connection, { subject: ID });

    const answer = await transmitter.admin.call(`/sets/${jti}/redeliver`, { method: 'POST' });
    expect(answer.status).toBe(409);
    const recovery = await transmitter.admin.call(`/sets/redeliver`, {
      body: { providerId: connection.provider.id, status: 'rejected' },
    });
    const { id } = expectStatus(recovery, 202).json<{ id: string }>();
    const done = await until('the recovery is done', async () => {
      const found = await transmitter.admin.recovery(id);
      return found.state === 'done' && found;
    });

    expect(done.redelivered).toBe(0);
    expect((await transmitter.admin.set(jti)).status).toBe('rejected');
  });

  it('takes the subject out of the lists of streams, whatever it is part of, and forgets its choice', async () => {
    const connection = await connect(transmitter, { provider: { defaultSubjects: 'NONE' } });
    const { api, stream, provider } = connection;
    const email = { format: 'email', email: EMAIL };
    for (const subject of [
      email,
      { format: 'aliases', identifiers: [email, { format: 'opaque', id: 'x' }] },
      { format: 'complex', user: email, tenant: { format: 'opaque', id: 't-1' } },
      { format: 'email', email: 'ben@acme.test' },
    ])
      expectStatus(await api.addSubject({ stream_id: stream.stream_id, subject }), 200);
    const optOut = connection.signal({ type: 'opt-out.effective', subject: { user: { email: EMAIL } } });
    await transmitter.admin.fannedOut(await transmitter.admin.record(optOut));

    const report = await purge({ provider }, { subject: email });

    expect(report).toMatchObject({ streamSubjects: 3, optOuts: 1 });
    expect(await transmitter.admin.subjects(stream.stream_id)).toMatchObject([
      { subject: { email: 'ben@acme.test' } },
    ]);
  });

  it('is in the audit log with what it removed, and with the digest of the subject alone', async () => {
    const connection = await connect(transmitter);
    const { jti } = await tell(connection, ANA);
    await transmitter.admin.setWithStatus(jti, 'delivered');

    await purge(connection, { subject: { format: 'email', email: EMAIL } });

    const entries = await transmitter.admin.auditLog({
      providerId: connection.provider.id,
      action: 'subject.purged',
    });
    const canonical = JSON.stringify({ email: EMAIL, format: 'email' });
    expect(entries).toMatchObject([
      {
        targetId: createHash('sha256').update(canonical).digest('hex').slice(0, 32),
        after: { signals: 1, sets: 1, includePending: false },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain(EMAIL);
  });

  it('goes on where it ended, when there is much', async () => {
    const connection = await connect(transmitter, { application: { allowedEvents: [] } });
    const recorded = await transmitter.admin.recordAll(
      Array.from({ length: 201 }, () => connection.signal({ subject: ANA })),
    );
    await transmitter.admin.fannedOut(recorded.at(-1)?.id ?? '');

    const first = await purge(connection, { subject: EMAIL });
    const second = await purge(connection, { subject: EMAIL, cursor: first.nextCursor });

    expect([first.signals, second.signals, second.nextCursor]).toEqual([200, 1, null]);
  });

  it.each([
    ['no subject', {}, 'subject'],
    ['an empty one', { subject: '' }, 'subject'],
    ['a list', { subject: [EMAIL] }, 'subject'],
    ['a subject of an unknown format', { subject: { format: 'name', name: 'Ana' } }, 'subject.format'],
    ['another kind of yes', { subject: EMAIL, dryRun: 'yes' }, 'dryRun'],
    ['a member that is not known', { subject: EMAIL, all: true }, 'all'],
    ['no provider', { subject: EMAIL, providerId: undefined }, 'providerId'],
  ])('is refused with %s', async (_, members, member) => {
    const provider = await createProvider(transmitter);
    const body = { providerId: provider.id, ...members };

    const answer = expectStatus(await transmitter.admin.call('/subjects/purge', { body }), 400);

    expect(answer.json<{ errors: { member: string }[] }>().errors).toMatchObject([{ member }]);
  });
});
