import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../support/http.js';
import { startTransmitter, type Transmitter } from '../../support/transmitter.js';

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { readonly operationId?: string }>>;
}

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

describe('the descriptions of the APIs', () => {
  it.each([
    ['admin', ['createProvider', 'recordSignals', 'getSet', 'verifyStreamAsAdministrator']],
    ['receiver', ['createStream', 'readStatus', 'verifyStream', 'readJwks', 'discoverIssuer']],
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
    expect(receiver?.every((path) => /^\/(ssf|\.well-known)\//.test(path))).toBe(true);
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
});

describe('a path that is none of ours', () => {
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
