import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem, Provider } from '../support/api-types.js';
import { type Answer, expectStatus } from '../support/http.js';
import { connect, createProvider, sessionRevoked } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';
import { until } from '../support/until.js';

interface Line {
  readonly batch?: number;
  readonly complete?: boolean;
  readonly throughLine: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly errors: unknown;
}

const NDJSON = 'application/x-ndjson';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

function send(body: string, headers: Record<string, string> = {}): Promise<Answer> {
  return transmitter.admin.call('/signals', { body, headers: { 'content-type': NDJSON, ...headers } });
}

function linesOf(answer: Answer): Line[] {
  expect(answer.headers.get('content-type')).toBe(NDJSON);
  const lines = expectStatus(answer, 202).text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as Line);
}

/** A line for each number. */
function lines(provider: Provider, from: number, to: number, members: object = {}): string {
  let text = '';
  for (let number = from; number <= to; number += 1)
    text += `${JSON.stringify(sessionRevoked(provider, { id: `evt-${number}`, ...members }))}\n`;
  return text;
}

async function storedSignals({ id }: Provider): Promise<number> {
  const [row] = await transmitter.database.query<{ count: number }>(
    'select count(*)::int as count from ssf.signal where provider_id = $1',
    [id],
  );
  return row?.count ?? 0;
}

/** An import whose lines come one after another. */
function open(): { outgoing: ClientRequest; answer: Promise<IncomingMessage> } {
  const outgoing = request(`${transmitter.baseUrl}/api/v1/signals`, {
    method: 'POST',
    headers: { 'content-type': NDJSON, authorization: `Bearer ${transmitter.adminToken}` },
  });
  const answer = once(outgoing, 'response').then(([response]) => response as IncomingMessage);
  return { outgoing, answer };
}

describe('an import', () => {
  it('of more than any body may have is recorded in batches, and again they are duplicates', async () => {
    const provider = await createProvider(transmitter);
    const body = lines(provider, 1, 1500, { reasonAdmin: { en: 'x'.repeat(2900) } });
    expect(body.length).toBeGreaterThan(4 * 1024 * 1024);

    const [first, again] = [linesOf(await send(body)), linesOf(await send(lines(provider, 1, 20)))];

    const batch = { duplicates: 0, errors: [] };
    expect(first).toEqual([
      { batch: 1, throughLine: 1000, accepted: 1000, ...batch },
      { batch: 2, throughLine: 1500, accepted: 500, ...batch },
      { complete: true, throughLine: 1500, accepted: 1500, duplicates: 0, errors: 0 },
    ]);
    expect(again.at(-1)).toEqual({
      complete: true,
      throughLine: 20,
      accepted: 0,
      duplicates: 20,
      errors: 0,
    });
    expect(await storedSignals(provider)).toBe(1500);
  });

  it('names each bad line by its number, and records the others', async () => {
    const { provider, receiver } = await connect(transmitter);
    const body = [
      lines(provider, 1, 1).trim(),
      '{"provider":',
      '',
      '[]',
      lines(provider, 2, 2, { type: 'session.stolen', colour: 'red' }).trim(),
      lines({ ...provider, slug: 'nobody' }, 3, 3).trim(),
      `{"x":"${'x'.repeat(256 * 1024)}"}`,
      `${lines(provider, 4, 4).trim()}\r`,
      lines(provider, 1, 1).trim(),
    ].join('\n');

    const [progress, summary] = linesOf(await send(body));

    expect(progress).toEqual({
      batch: 1,
      throughLine: 9,
      accepted: 2,
      duplicates: 1,
      errors: [
        { line: 2, errors: [{ member: '', message: 'is not valid JSON' }] },
        { line: 4, errors: [{ member: '', message: 'must be a signal object' }] },
        {
          line: 5,
          errors: [
            { member: 'colour', message: 'is not a member of a signal' },
            { member: 'type', message: expect.stringContaining('must be one of') as string },
          ],
        },
        { line: 6, errors: [{ member: 'provider', message: 'there is no such provider' }] },
        { line: 7, errors: [{ member: '', message: 'is longer than 262144 bytes' }] },
      ],
    });
    expect(summary).toEqual({ complete: true, throughLine: 9, accepted: 2, duplicates: 1, errors: 5 });
    expect(await storedSignals(provider)).toBe(2);
    await receiver.next();
    await receiver.next();
  });

  it('takes no more than 4 MiB of lines together, and names five problems of a line', async () => {
    const provider = await createProvider(transmitter);
    const long = lines(provider, 1, 20, { type: 'lunch', reasonAdmin: { en: 'x'.repeat(250 * 1024) } });
    const wrong = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, 1]));

    const answered = linesOf(
      await send(long + lines(provider, 21, 21, wrong), { 'content-type': `${NDJSON}; charset=utf-8` }),
    );

    expect(answered.map(({ throughLine }) => throughLine)).toEqual([17, 21, 21]);
    expect(answered[1]?.errors).toContainEqual({
      line: 21,
      errors: ['a', 'b', 'c', 'd', 'e'].map((member) => ({ member, message: 'is not a member of a signal' })),
    });
  });

  it('tells of a batch while the rest is still to come', async () => {
    const provider = await createProvider(transmitter);
    const { outgoing, answer } = open();
    const all = lines(provider, 1, 1001);
    const half = Math.floor(all.length / 2);

    outgoing.write(all.slice(0, half));
    outgoing.write(all.slice(half));
    const response = await answer;
    const progress = createInterface({ input: response })[Symbol.asyncIterator]();
    const first = JSON.parse((await progress.next()).value as string) as Line;
    const storedMeanwhile = await storedSignals(provider);
    outgoing.end(lines(provider, 1002, 1002));
    const second = JSON.parse((await progress.next()).value as string) as Line;

    expect(response.statusCode).toBe(202);
    expect([first.throughLine, storedMeanwhile, second.throughLine]).toEqual([1000, 1000, 1002]);
  });

  it('that breaks off has recorded what it told of, and can be sent again', async () => {
    const provider = await createProvider(transmitter);
    const { outgoing, answer } = open();
    outgoing.write(lines(provider, 1, 1500));
    const response = await answer;
    await once(response, 'data');

    response.on('error', () => undefined);
    outgoing.on('error', () => undefined).destroy();
    await until('the transmitter notices', () =>
      transmitter.logLines.some((line) => line.includes('import.ended_early')),
    );

    expect(await storedSignals(provider)).toBe(1000);
    expect(linesOf(await send(lines(provider, 1, 1500))).at(-1)).toMatchObject({
      accepted: 500,
      duplicates: 1000,
    });
  });

  it('of nothing is complete at once', async () => {
    expect(linesOf(await send('\n\n'))).toEqual([
      { complete: true, throughLine: 0, accepted: 0, duplicates: 0, errors: 0 },
    ]);
  });

  it('ends with the reason when it cannot go on', async () => {
    const provider = await createProvider(transmitter);
    await transmitter.database.query('alter table ssf.signal_queue rename to away');

    const answered = linesOf(await send(lines(provider, 1, 3)));
    await transmitter.database.query('alter table ssf.away rename to signal_queue');

    expect(answered).toEqual([
      {
        complete: false,
        throughLine: 0,
        accepted: 0,
        duplicates: 0,
        errors: 0,
        error: { code: 'internal', detail: 'the import ended early; the log has the details' },
      },
    ]);
    expect(await storedSignals(provider)).toBe(0);
  });

  it('is refused with an Idempotency-Key, and without the admin token', async () => {
    const provider = await createProvider(transmitter);
    const body = lines(provider, 1, 1);

    const withKey = await send(body, { 'idempotency-key': 'once' });
    const stranger = await transmitter.admin.call('/signals', {
      body,
      token: 'ssf_wrong',
      headers: { 'content-type': NDJSON },
    });

    expect([withKey.status, stranger.status]).toEqual([400, 401]);
    expect(withKey.json<Problem>().errors?.map(({ member }) => member)).toEqual(['Idempotency-Key']);
    expect(await storedSignals(provider)).toBe(0);
  });
});
