import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SecretBox } from '../../../src/platform/secrets/secret-box.js';
import type { AdminClient } from '../../support/admin-client.js';
import { expectStatus } from '../../support/http.js';
import {
  connect,
  type Connection,
  createProvider,
  createSource,
  uniqueSlug,
} from '../../support/scenario.js';
import { startReplica, startTransmitter, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

const HEADER = 'Bearer of-the-encryption-test';
/** more than are read at a time */
const KEPT_ANSWERS = 250;
const [OLD, NEW] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

interface Report {
  readonly name: string;
  readonly resealed: number;
  readonly unreadable: number;
}

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter({ encryptionKey: OLD, delivery: false, sweepIntervalMs: 100 });
});

afterAll(() => transmitter.stop());

async function reseal(admin: AdminClient): Promise<Report[]> {
  const answer = expectStatus(await admin.call('/encryption/reseal', { method: 'POST' }), 200);
  return answer.json<{ data: Report[] }>().data;
}

/** Another process on the same database, with these keys. */
async function withKeys(encryptionKey: string, delivery = false): Promise<AdminClient> {
  const replica = await startReplica(transmitter, { encryptionKey, delivery });
  onTestFinished(() => replica.stop());
  return replica.admin;
}

/** How many sealed values each key has sealed, whatever they are. */
async function sealedWith(key: string): Promise<number> {
  const [row] = await transmitter.database.query<{ count: number }>(
    `select count(*)::int as count
       from (select private_key from ssf.signing_key union all select authorization_header from ssf.stream
             union all select body from ssf.idempotency_key
             union all select signing_secret from ssf.signal_source
             union all select pairwise_secret from ssf.application) as x(value)
      where substring(value from 1 for 9) = $1`,
    [new SecretBox(SecretBox.parseKeys(key)).currentPrefix],
  );
  return row?.count ?? 0;
}

async function keepAnswers(): Promise<void> {
  const box = new SecretBox(SecretBox.parseKeys(OLD));
  const keys = Array.from({ length: KEPT_ANSWERS }, (_, index) => `answer-${index}`);
  await transmitter.database.query(
    `insert into ssf.idempotency_key (key, request_hash, body)
     select key, '\\x00', body from unnest($1::text[], $2::bytea[]) as x(key, body)`,
    [keys, keys.map((key) => box.seal('{}', `idempotency_key|${key}|body`))],
  );
}

describe('after a new encryption key was put in front', () => {
  it('everything is encrypted with it in one call, and the old one can go', async () => {
    const connection: Connection = await connect(transmitter, {
      application: { pairwiseSubjects: true },
      delivery: { authorization_header: HEADER },
    });
    const subject = `/applications/${connection.application.id}/pairwise-subject?userId=u-31`;
    const known = (await transmitter.admin.call(subject)).json<{ sub: string }>();
    const create = { body: { slug: uniqueSlug('p'), name: 'Acme' }, headers: { 'idempotency-key': 'once' } };
    const created = await transmitter.admin.call('/providers', create);
    await keepAnswers();
    const signingSecret = 'the-secret-of-the-webhook';
    await createSource(transmitter, connection.provider, { profile: 'logto', signingSecret });
    expect(await sealedWith(OLD)).toBeGreaterThan(KEPT_ANSWERS);

    const strangers = await reseal(await withKeys(NEW));
    expect(strangers.map(({ resealed }) => resealed)).toEqual([0, 0, 0, 0, 0]);
    expect(strangers.reduce((sum, { unreadable }) => sum + unreadable, 0)).toBe(await sealedWith(OLD));

    const both = await withKeys(`${NEW},${OLD}`);
    const reports = await reseal(both);

    expect(reports.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'credentials of push streams', resealed: 1, unreadable: 0 },
      { name: 'kept answers', resealed: KEPT_ANSWERS + 1, unreadable: 0 },
      { name: 'secrets of pairwise subjects', resealed: 1, unreadable: 0 },
      { name: 'secrets of signal sources', resealed: 1, unreadable: 0 },
      { name: 'signing keys', resealed: 2, unreadable: 0 },
    ]);
    expect(await sealedWith(OLD)).toBe(0);
    expect((await reseal(both)).map(({ resealed, unreadable }) => resealed + unreadable)).toEqual([
      0, 0, 0, 0, 0,
    ]);

    const admin = await withKeys(NEW, true);
    await admin.record(connection.signal());
    const { headers, claims } = await connection.receiver.next();
    expect(headers.authorization).toBe(HEADER);
    expect(claims.sub_id).toEqual({ format: 'iss_sub', ...known });
    expect((await admin.call('/providers', create)).json()).toEqual(created.json());
  });

  it('it tells how far it is, line by line, to whoever wants to know', async () => {
    await transmitter.database.query('delete from ssf.idempotency_key');
    await keepAnswers();
    const both = await withKeys(`${NEW},${OLD}`);

    const answer = expectStatus(
      await both.call('/encryption/reseal', {
        method: 'POST',
        headers: { accept: 'application/x-ndjson, application/json;q=0.5' },
      }),
      200,
    );

    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Report & { data?: Report[] });
    const answers = lines.filter(({ name }) => name === 'kept answers');
    expect(answers.map(({ resealed }) => resealed)).toEqual([200, KEPT_ANSWERS]);
    expect(lines.at(-1)?.data).toHaveLength(5);
    expect(lines.at(-1)?.data).toContainEqual(answers.at(-1));
  });

  it('it ends with the batch during which that client goes away, and the next call does the rest', async () => {
    const { admin, database, logLines } = transmitter;
    await database.query('delete from ssf.idempotency_key');
    await keepAnswers();
    // of which it tells before it comes to the answers
    await createProvider({ admin });
    const both = await withKeys(`${NEW},${OLD}`);
    const gone = new AbortController();
    const isAborted = (): boolean =>
      logLines.some((line) => line.includes('request aborted') && line.includes('/encryption/reseal'));
    const unlock = await database.lock('ssf.idempotency_key', 'share row exclusive');

    const asked = both.call('/encryption/reseal', {
      method: 'POST',
      headers: { accept: 'application/x-ndjson' },
      signal: gone.signal,
    });
    await until('it comes to the kept answers', () => database.hasWaiting());
    gone.abort();
    await expect(asked).rejects.toThrow('aborted');
    await until('the server notices', isAborted);
    await unlock();
    await until('the batch has ended', async () => (await sealedWith(OLD)) < KEPT_ANSWERS);

    expect(await reseal(both)).toContainEqual({
      name: 'kept answers',
      resealed: KEPT_ANSWERS - 200,
      unreadable: 0,
    });
  });

  it('what is changed meanwhile stays as it was changed', async () => {
    const { stream } = await connect(transmitter, { delivery: { authorization_header: HEADER } });
    const { database } = transmitter;
    const both = await withKeys(`${NEW},${OLD}`);
    const commit = await database.begin(
      `update ssf.stream set authorization_header = '\\x00' where id = '${stream.stream_id}'`,
    );

    const resealed = reseal(both);
    await until('it comes to the stream', () => database.hasWaiting());
    await commit();
    await resealed;

    const rows = await database.query<{ header: Buffer }>(
      'select authorization_header as header from ssf.stream where id = $1',
      [stream.stream_id],
    );
    expect(rows[0]?.header).toEqual(Buffer.of(0));
  });

  it('only an administrator can have it done', async () => {
    const answer = await transmitter.admin.call('/encryption/reseal', { method: 'POST', token: 'ssf_wrong' });

    expect(answer.status).toBe(401);
  });
});
