import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiDescription } from '../support/api-description.js';
import type { Problem } from '../support/api-types.js';
import { type Answer, expectStatus } from '../support/http.js';
import { POLL } from '../support/receiver-client.js';
import { createApplication, createProvider, createReceiverApi, createSource } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  // nothing changes by itself
  transmitter = await startTransmitter({ delivery: false });
});

afterAll(() => transmitter.stop());

const KINDS: Record<string, () => Promise<string>> = {
  provider: async () => `/providers/${(await createProvider(transmitter)).id}`,
  application: async () =>
    `/applications/${(await createApplication(transmitter, await createProvider(transmitter))).id}`,
  source: async () => {
    const { id } = await createSource(transmitter, await createProvider(transmitter));
    return `/sources/${id}`;
  },
};

async function nameOf(path: string): Promise<string> {
  return expectStatus(await transmitter.admin.call(path), 200).json<{ name: string }>().name;
}

function tagOf(answer: Answer): string {
  return answer.headers.get('etag') ?? 'none';
}

async function readTag(path: string): Promise<string> {
  return tagOf(expectStatus(await transmitter.admin.call(path), 200));
}

function patch(path: string, name: string, ifMatch?: string): Promise<Answer> {
  return transmitter.admin.call(path, {
    method: 'PATCH',
    body: { name },
    ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
  });
}

function remove(path: string, ifMatch: string): Promise<Answer> {
  return transmitter.admin.call(path, { method: 'DELETE', headers: { 'if-match': ifMatch } });
}

async function expectStale(answer: Answer, path: string): Promise<void> {
  expectStatus(answer, 412);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.json<Problem>()).toMatchObject({ status: 412, code: 'precondition_failed' });
  expect(tagOf(answer)).toBe(await readTag(path));
}

describe.each(Object.entries(KINDS))('a %s', (_kind, create) => {
  it('has a strong ETag, another one with each change', async () => {
    const path = await create();
    const first = await readTag(path);

    const changed = expectStatus(await patch(path, 'Renamed', first), 200);

    expect(first).toMatch(/^"[\x21\x23-\x7e]+"$/);
    expect(tagOf(changed)).not.toBe(first);
    expect(tagOf(changed)).toBe(await readTag(path));
    expect(changed.json<object>()).not.toHaveProperty('version');
  });

  it('is not changed by who read what it was before', async () => {
    const path = await create();
    const stale = await readTag(path);
    expectStatus(await patch(path, 'By another'), 200);

    const answer = await patch(path, 'By me', stale);

    await expectStale(answer, path);
    expect(await nameOf(path)).toBe('By another');
  });

  it.each([
    ['whatever it is', () => '*', 200],
    ['one of several', (tag: string) => `"x", ${tag}`, 200],
    ['a weak tag, which never is the same', (tag: string) => `W/${tag}`, 412],
    ['no tag', (tag: string) => tag.replaceAll('"', ''), 400],
  ])('takes %s for what it is', async (_what, ifMatch, status) => {
    const path = await create();

    expectStatus(await patch(path, 'Renamed', ifMatch(await readTag(path))), status);
  });

  it('is deleted by who has seen it as it is, and by nobody else', async () => {
    const path = await create();
    const stale = await readTag(path);
    expectStatus(await patch(path, 'By another'), 200);

    await expectStale(await remove(path, stale), path);

    expectStatus(await remove(path, await readTag(path)), 204);
    expectStatus(await transmitter.admin.call(path), 404);
  });

  it('is changed by one alone of those who have seen the same', async () => {
    const path = await create();
    const seen = await readTag(path);
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];

    const answers = await Promise.all(names.map((name) => patch(path, name, seen)));

    const winners = names.filter((_, index) => answers[index]?.status === 200);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412]);
    expect([await nameOf(path)]).toEqual(winners);
  });

  it('is not sent again to who has it', async () => {
    const path = await create();
    const tag = await readTag(path);
    const read = (): Promise<Answer> =>
      transmitter.admin.call(path, { headers: { 'if-none-match': `W/${tag}` } });

    const known = await read();
    expectStatus(await patch(path, 'Renamed'), 200);

    expect([known.status, known.text, tagOf(known)]).toEqual([304, '', tag]);
    expect((await read()).status).toBe(200);
  });
});

describe('the ETag of a provider', () => {
  it('stays when something below it changes', async () => {
    const provider = await createProvider(transmitter);
    const path = `/providers/${provider.id}`;
    const before = await readTag(path);

    await createApplication(transmitter, provider);

    expect(await readTag(path)).toBe(before);
  });
});

describe('a stream', () => {
  async function createStream(): Promise<{ path: string; update: (description: string) => Promise<Answer> }> {
    const { api } = await createReceiverApi(transmitter, await createProvider(transmitter));
    const { stream_id } = await api.createdStream({ delivery: { method: POLL } });
    return {
      path: `/streams/${stream_id}`,
      update: (description) => api.patchStream({ stream_id, description }),
    };
  }

  function pause(path: string, ifMatch: string): Promise<Answer> {
    const headers = { 'if-match': ifMatch };
    return transmitter.admin.call(`${path}/status`, { body: { status: 'paused' }, headers });
  }

  it('is neither paused nor deleted by who read it before its receiver changed it', async () => {
    const { path, update } = await createStream();
    const stale = await readTag(path);
    expectStatus(await update('changed'), 200);

    await expectStale(await pause(path, stale), path);
    await expectStale(await remove(path, stale), path);
    const paused = expectStatus(await pause(path, await readTag(path)), 200);

    expect(tagOf(paused)).toBe(await readTag(path));
    expectStatus(await remove(path, tagOf(paused)), 204);
  });

  it('is always told with how its queue fares', async () => {
    const { path } = await createStream();
    const headers = { 'if-none-match': await readTag(path) };

    expect((await transmitter.admin.call(path, { headers })).status).toBe(200);
  });
});

it('the description has the headers and the 412 of whatever can be changed or deleted so', async () => {
  const { operations } = await ApiDescription.read(`${transmitter.baseUrl}/docs/admin.json`);
  const conditional = operations.filter(({ parameters = [] }) =>
    parameters.some((each) => each.name === 'If-Match'),
  );

  expect(conditional.map(({ operationId }) => operationId).toSorted()).toEqual([
    'deleteApplication',
    'deleteProvider',
    'deleteSource',
    'deleteStreamAsAdministrator',
    'updateApplication',
    'updateProvider',
    'updateSource',
    'updateStreamStatus',
  ]);
  for (const { responses } of conditional) expect(responses['412']).toHaveProperty('headers.ETag');
  const cacheable = operations.filter(({ responses }) => '304' in responses);
  expect(cacheable.map(({ operationId }) => operationId).toSorted()).toEqual([
    'getApplication',
    'getProvider',
    'getSource',
  ]);
});
