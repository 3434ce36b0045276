import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../support/http.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';

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
    const ready = () => call(`${transmitter.baseUrl}/healthz/ready`);

    const answer = await ready();

    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      status: 'degraded',
      reasons: [expect.stringContaining('for 2 more days')],
    });
    await database.query(`select ssf.ensure_partitions(current_date, current_date + 7)`);
    expect((await ready()).json()).toEqual({ status: 'ok' });
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
