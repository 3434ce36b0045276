import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AUTHORITY, EXPIRED, GOOD, OF_ANOTHER_NAME, SELF_SIGNED } from '../../support/certificates.js';
import { TestDatabase } from '../../support/database.js';
import { Fleet } from '../../support/fleet.js';
import { type FrontOptions, HostileFront } from '../../support/hostile-front.js';
import { answers, drips, floods, says, saysAndCloses, saysAndResets } from '../../support/misbehaviours.js';
import { type Connection, connect, createProvider } from '../../support/scenario.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import type { Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

type Seconds = readonly [number, number];

const QUICK: Seconds = [4, 6];
const SLOW: Seconds = [48, 72];

interface Case extends FrontOptions {
  readonly what: string;
  /** the code of what was wrong, and how long the stream waits then; or that the SET came to an end */
  readonly expected:
    { readonly err: string; readonly wait: Seconds } | { readonly end: 'delivered' | 'rejected' };
}

const HEAD_503 = 'HTTP/1.1 503 X\r\n';
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();

const quick = (
  what: string,
  err: string,
  misbehave: FrontOptions['misbehave'],
  wait: Seconds = QUICK,
): Case => ({
  what,
  misbehave,
  expected: { err, wait },
});
const tls = (what: string, certificate: string | undefined): Case => ({
  what,
  misbehave: says('HTTP/1.1 400 Plain HTTP\r\n\r\n'),
  isTls: true,
  certificate,
  expected: { err: 'tls_failure', wait: QUICK },
});
const retryAfter = (value: string, wait: Seconds, status = 429): Case =>
  quick(
    `Retry-After: ${value} (${status})`,
    `http_${status}`,
    answers(status, [`Retry-After: ${value}`]),
    wait,
  );

const CASES: readonly Case[] = [
  // hanging and dripping
  quick('never answers', 'timeout', () => undefined),
  quick('stops within the status line', 'timeout', says('HTTP/1.1 2')),
  quick('stops within the header', 'timeout', says(HEAD_503)),
  quick('stops within the body', 'timeout', says(`${HEAD_503}Content-Length: 9\r\n\r\n{`)),
  quick('drips a header without end', 'timeout', drips('HTTP/1.1 202 X\r\nX-Drip: ')),
  quick('drips a body without end', 'timeout', drips(`${HEAD_503}Content-Length: 99999\r\n\r\n`)),
  quick('says "early hints" without end', 'timeout', drips('', 'HTTP/1.1 103 Early Hints\r\n\r\n')),
  // breaking off
  quick('closes without an answer', 'connection_reset', saysAndCloses('')),
  quick('resets without an answer', 'connection_reset', saysAndResets('')),
  quick('resets within the header', 'connection_reset', saysAndResets(HEAD_503)),
  quick('closes within the body', 'connection_reset', saysAndCloses(`${HEAD_503}Content-Length: 9\r\n\r\n{`)),
  // no HTTP
  { ...quick('speaks SSH', 'invalid_response', says('SSH-2.0-OpenSSH_9.9\r\n')), greets: true },
  quick(
    'sends a header of a megabyte',
    'invalid_response',
    says(`${HEAD_503}X-Large: ${'x'.repeat(1_000_000)}`),
  ),
  quick(
    'sends two lengths',
    'invalid_response',
    says(`${HEAD_503}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`),
  ),
  // statuses
  ...[408, 425, 429, 500, 502, 503, 504, 599].map((status) =>
    quick(`answers ${status}`, `http_${status}`, answers(status)),
  ),
  ...[401, 403, 404, 405, 409, 410, 418].map((status) =>
    quick(`answers ${status}`, `http_${status}`, answers(status), SLOW),
  ),
  ...[301, 302, 303, 307, 308].map((status) =>
    quick(
      `redirects with ${status}`,
      `http_${status}`,
      answers(status, ['Location: http://127.0.0.1:1/']),
      SLOW,
    ),
  ),
  ...[400, 413].map((status): Case => ({
    what: `answers ${status}`,
    misbehave: answers(status),
    expected: { end: 'rejected' },
  })),
  // Retry-After, which is heeded up to an hour
  retryAfter('7', [7, 7.1]),
  retryAfter('90', [90, 90.1]),
  retryAfter('90', [90, 90.1], 503),
  retryAfter('99999999999999999999', [3600, 3600.1]),
  retryAfter('0', QUICK),
  retryAfter('-5', QUICK),
  retryAfter('1.5', QUICK),
  retryAfter('soon', QUICK),
  retryAfter('', QUICK),
  quick(
    'Retry-After in 90 s as a date',
    'http_429',
    (connection) => answers(429, [`Retry-After: ${inSeconds(90)}`])(connection),
    [85, 91],
  ),
  quick('Retry-After of the past', 'http_429', (connection) =>
    answers(429, [`Retry-After: ${inSeconds(-90)}`])(connection),
  ),
  quick(
    'Retry-After of another time',
    'http_429',
    answers(429, ['Retry-After: Fri, 31 Dec 9999 23:59:59 GMT']),
    [3600, 3600.1],
  ),
  quick('Retry-After twice', 'http_429', answers(429, ['Retry-After: 90', 'Retry-After: 5']), [4, 90.1]),
  // large bodies
  quick('sends 100 MB with 503', 'http_503', floods(503, 100)),
  { what: 'sends 100 MB with 400', misbehave: floods(400, 100), expected: { end: 'rejected' } },
  { what: 'sends 100 MB with 202', misbehave: floods(202, 100), expected: { end: 'delivered' } },
  // RFC 8935 section 2.2: with the status the receiver has taken the SET over
  {
    what: 'breaks off within the body of 202',
    misbehave: saysAndResets('HTTP/1.1 202 X\r\nContent-Length: 9\r\n\r\n{'),
    expected: { end: 'delivered' },
  },
  // TLS
  tls('has a certificate that has expired', EXPIRED),
  tls('has a certificate of another name', OF_ANOTHER_NAME),
  tls('has a certificate that nobody issued', SELF_SIGNED),
  { ...tls('speaks no TLS', undefined), greets: true },
  { ...tls('has the right certificate', GOOD), misbehave: answers(202), expected: { end: 'delivered' } },
];

interface Situation {
  readonly case: Case;
  readonly front: HostileFront;
  readonly connection: Connection;
}

interface Row {
  readonly streamId: string;
  readonly err: string | null;
  readonly wait: number | null;
  readonly outcome: string | null;
}

/** Of those streams that have one. */
function firstResults(database: TestDatabase): Promise<Row[]> {
  return database.query<Row>(
    `select q.stream_id as "streamId", q.last_error as err, a.outcome,
            extract(epoch from q.not_before - q.last_failure_at)::float8 as wait
       from ssf.stream_queue q
       left join lateral (select outcome from ssf.attempt a where a.stream_id = q.stream_id and outcome <> 'retry'
                           order by at limit 1) a on true
      where q.failures = 1 or a.outcome is not null`,
  );
}

it('receivers that do everything wrong are judged rightly, disturb nobody, and get everything when they are well again', async () => {
  const database = await TestDatabase.create();
  onTestFinished(() => database.drop());
  const folder = await temporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true }));
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, AUTHORITY);
  const fleet = await Fleet.start(database.url, [{ settings: { SSF_PUSH_EXTRA_CA_FILE: authority } }]);
  onTestFinished(() => fleet.end());
  const transmitter = { admin: fleet.admin } as Transmitter;
  const provider = await createProvider(transmitter);
  const healthy = await connect(transmitter, { to: provider });
  const situations: Situation[] = [];
  for (const each of CASES) {
    const front = await HostileFront.start(each);
    const connection = await connect(transmitter, { to: provider, delivery: { endpoint_url: front.url } });
    situations.push({ case: each, front, connection });
  }
  const txns = Array.from({ length: 30 }, (_, index) => `n-${index}`);
  const [first = '', ...others] = txns;

  await fleet.admin.record(healthy.signal({ txn: first }));
  // while the others hang
  const recordedAt = performance.now();
  for (const txn of others) await fleet.admin.record(healthy.signal({ txn }));
  await healthy.receiver.atLeast(txns.length);
  const healthyMs = performance.now() - recordedAt;

  // what was found first: by the time the last one has failed, others have failed twice
  const found = new Map<string, Row>();
  await until(
    'every stream has failed, or its first SET has ended',
    async () => {
      for (const row of await firstResults(database))
        if (!found.has(row.streamId)) found.set(row.streamId, row);
      return found.size === CASES.length + 1;
    },
    30_000,
  );
  const wrong = situations.filter(({ case: { expected }, connection }) => {
    const row = found.get(connection.stream.stream_id);
    if ('end' in expected) return row?.outcome !== expected.end;
    const [least, most] = expected.wait;
    return row?.err !== expected.err || row.wait === null || row.wait < least || row.wait > most;
  });
  expect(wrong.map((each) => [each.case.what, found.get(each.connection.stream.stream_id)])).toEqual([]);
  expect(healthyMs).toBeLessThan(5_000);
  expect(fleet.peakMemoryMb).toBeLessThan(400);

  for (const { front, connection } of situations) front.heal(connection.receiver);
  const [healed] = await database.query<{ at: Date }>('select now() as at');
  await until(
    'nothing is pending',
    async () => {
      // nobody waits for the back-off; what was under way as they were healed fails once more
      await database.query(`update ssf.stream_queue set not_before = '-infinity' where not_before > now()`);
      return (await database.query('select from ssf.delivery limit 1')).length === 0;
    },
    60_000,
  );
  const delivered = await database.query<{ streamId: string; txns: string[] }>(
    `select t.stream_id as "streamId", array_agg(t.txn order by t.seq) as txns
       from ssf.security_event_token t join ssf.attempt a on a.jti = t.jti and a.outcome = 'delivered' and a.at > $1
      group by t.stream_id`,
    [healed?.at],
  );
  const txnsOf = new Map(delivered.map((row) => [row.streamId, row.txns]));
  for (const { case: each, connection } of situations) {
    const got = connection.receiver.received.map(({ claims }) => claims.txn);
    expect(got, each.what).toEqual(txnsOf.get(connection.stream.stream_id) ?? []);
    if (!('end' in each.expected)) expect(got, each.what).toEqual(txns);
  }
  console.log(
    `${CASES.length} receivers: at most ${Math.round(fleet.peakMemoryMb)} MB, the healthy one after ${Math.round(healthyMs)} ms`,
  );
});
