import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Answer, call } from '../../support/http.js';
import { createProvider } from '../../support/scenario.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';
import { until } from '../../support/until.js';

interface Operation {
  readonly operationId?: string;
  readonly security?: Record<string, string[]>[];
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly securitySchemes: Record<string, unknown> };
}

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

describe('the descriptions of the APIs', () => {
  it.each([
    [
      'admin',
      ['createProvider', 'recordSignals', 'getSet', 'verifyStreamAsAdministrator', 'createOAuthClient'],
    ],
    [
      'receiver',
      ['createStream', 'readStatus', 'verifyStream', 'readJwks', 'discoverIssuer', 'requestToken'],
    ],
  ])('of the %s API are OpenAPI 3.1 with an operationId for each operation', async (name, some) => {
    const answer = await call(`${transmitter.baseUrl}/docs/${name}.json`);

    expect(answer.status).toBe(200);
    const { openapi, paths } = answer.json<OpenApi>();
    expect(openapi).toBe('3.1.0');
    const ids = Object.values(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids).toEqual(expect.arrayContaining(some));
    expect(ids).not.toContain(undefined);
    expect(ids).toHaveLength(new Set(ids).size);
  });

  it('name no path twice between them', async () => {
    const [admin, receiver] = await Promise.all(
      ['admin', 'receiver'].map(async (name) =>
        Object.keys((await call(`${transmitter.baseUrl}/docs/${name}.json`)).json<OpenApi>().paths),
      ),
    );

    expect(admin?.every((path) => path.startsWith('/api/v1/'))).toBe(true);
    expect(receiver?.every((path) => /^\/(ssf|oauth|\.well-known)\//.test(path))).toBe(true);
  });

  it('say how a receiver gets a token, and which scope an operation needs', async () => {
    const { components, paths } = (await call(`${transmitter.baseUrl}/docs/receiver.json`)).json<OpenApi>();

    expect(components.securitySchemes.oauth).toEqual({
      type: 'oauth2',
      flows: {
        clientCredentials: {
          tokenUrl: `${transmitter.baseUrl}/oauth/token`,
          scopes: { 'ssf.read': expect.any(String) as string, 'ssf.manage': expect.any(String) as string },
        },
      },
    });
    const security = (operation: string): unknown =>
      Object.values(paths)
        .flatMap((path) => Object.values(path))
        .find(({ operationId }) => operationId === operation)?.security;
    expect(security('createStream')).toEqual(
      expect.arrayContaining([{ receiver: ['ssf.manage'] }, { oauth: ['ssf.manage'] }]),
    );
    expect(security('readStreams')).toEqual(
      expect.arrayContaining([{ receiver: ['ssf.read'] }, { oauth: ['ssf.read'] }]),
    );
    expect(security('poll')).toEqual(expect.arrayContaining([{ oauth: ['ssf.read'] }]));
  });

  it('can be explored in a browser', async () => {
    const answer = await call(`${transmitter.baseUrl}/docs`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.text).toContain('SSF transmitter');
  });
});

function ready(): Promise<Answer> {
  return call(`${transmitter.baseUrl}/healthz/ready`);
}

async function isReady(): Promise<boolean> {
  const answer = await ready();
  return answer.status === 200 && answer.json<{ status: string }>().status === 'ok';
}

describe('the health of the server', () => {
  it.each(['live', 'ready'])('is told to anybody: %s', async (kind) => {
    const answer = await call(`${transmitter.baseUrl}/healthz/${kind}`);

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ status: 'ok' });
  });

  it('is degraded while the partitions of the next days are missing', async () => {
    const { database } = transmitter;
    const [row] = await database.query<{ name: string }>(
      `select 'ssf.attempt_' || to_char((now() at time zone 'UTC')::date + 3, 'YYYYMMDD') as name`,
    );
    await database.query(`drop table ${row?.name}`);

    const answer = await ready();

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: 'degraded',
      reasons: [expect.stringContaining('for 2 more days')],
    });
    await database.query(`select ssf.ensure_partitions(current_date, current_date + 7)`);
    expect((await ready()).json()).toEqual({ status: 'ok' });
  });

  it('is degraded while a provider has no key that signs', async () => {
    const { database } = transmitter;
    const { id } = await createProvider(transmitter);
    const due = (ahead: string): Promise<unknown> =>
      database.query(
        `update ssf.signing_key set status = 'next', changes_at = now() + $2::interval where provider_id = $1`,
        [id, ahead],
      );
    expect(await isReady()).toBe(true);

    await due('6 minutes');
    const answer = await ready();
    await due('0 seconds');

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: 'degraded',
      reasons: ['1 provider has no active signing key, so their SETs wait'],
    });
    // its time has come, whether that is written down or not
    expect(await isReady()).toBe(true);
  });

  it('is degraded when the delivery engine has failed for a minute', async () => {
    const { database } = transmitter;
    const now = performance.now.bind(performance);
    await database.query('alter table ssf.stream_queue rename to stream_queue_away');
    await until('a turn that fails', () =>
      transmitter.logLines.some((line) => line.includes('delivery tick failed')),
    );
    expect(await isReady()).toBe(true);

    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
    const answer = await ready();
    clock.mockRestore();
    await database.query('alter table ssf.stream_queue_away rename to stream_queue');

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: 'degraded',
      reasons: [expect.stringMatching(/^the delivery engine has not managed a turn for 6\d seconds$/)],
    });
    expect(transmitter.logLines.filter((line) => line.includes('"health.changed"'))).not.toEqual([]);
  });

  it('is 503 while a migration that this version needs is not there; what a newer one has is no matter', async () => {
    const { database } = transmitter;
    await database.query(
      `insert into ssf.migrations (timestamp, name) values (9999999999999, 'Newer9999999999999')`,
    );
    expect(await isReady()).toBe(true);
    const [last] = await database.query<{ name: string }>(
      `select name from ssf.migrations where name not like 'Newer%' order by id desc limit 1`,
    );
    const rename = (from: string, to: string): Promise<unknown> =>
      database.query(`update ssf.migrations set name = $2 where name = $1`, [from, to]);

    await rename(last?.name ?? '', 'away');
    const answer = await ready();
    await rename('away', last?.name ?? '');

    expect(answer.status).toBe(503);
    expect(answer.json()).toMatchObject({
      code: 'unavailable',
      detail: `the database lacks migrations: ${last?.name}`,
    });
    expect(await isReady()).toBe(true);
  });

  it('is 503 while the database does not answer, which is not asked twice meanwhile', async () => {
    const { database } = transmitter;
    const waiting = (): Promise<unknown[]> =>
      database.query(
        `select from pg_stat_activity where datname = current_database() and query like '%ssf"."migrations"%'
            and wait_event_type = 'Lock'`,
      );
    const unlock = await database.lock('ssf.migrations');

    const asked = Promise.all([ready(), ready(), ready()]);
    await until('a question that waits', async () => (await waiting()).length > 0);
    const answers = await asked;
    const waited = await waiting();
    await unlock();

    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(answers[0]?.json()).toMatchObject({ detail: 'the database does not answer' });
    expect(waited).toHaveLength(1);
    await until('an answer', isReady);
  });
});

describe('a path that is none of ours', () => {
  it('is 404 in the form of OAuth below its authorization server', async () => {
    const answer = await call(`${transmitter.baseUrl}/oauth/nothing`);

    expect(answer.status).toBe(404);
    expect(answer.json()).toHaveProperty('error');
  });

  it.each(['/', '/nothing', '/api/v2/providers', '/api/v1/nothing', '/ssf', '/api/v1/providers/'])(
    '%s is 404 in the form of RFC 9457',
    async (path) => {
      const answer = await call(transmitter.baseUrl + path, { token: transmitter.adminToken });

      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' });
    },
  );
});
