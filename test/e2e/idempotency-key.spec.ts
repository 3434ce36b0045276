import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../support/api-types.js';
import type { Answer } from '../support/http.js';
import { createApplication, createProvider, uniqueSlug } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

function post(path: string, body: unknown, key: string): Promise<Answer> {
  return transmitter.admin.call(path, { body, headers: { 'idempotency-key': key } });
}

async function tokensPath(): Promise<string> {
  const application = await createApplication(transmitter, await createProvider(transmitter));
  return `/applications/${application.id}/tokens`;
}

describe('a creating request with an Idempotency-Key', () => {
  it('is carried out once and answered the same each time, the token included', async () => {
    const path = await tokensPath();
    const key = randomUUID();

    const first = await post(path, { scopes: ['ssf.read'] }, key);
    const second = await post(path, { scopes: ['ssf.read'] }, key);

    expect(first.status).toBe(201);
    expect(second.status).toBe(201);
    expect(first.json<{ token: string }>().token).toMatch(/^ssf_/);
    expect(second.json()).toEqual(first.json());
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect((await transmitter.admin.all(path, 10)).flat()).toHaveLength(1);
  });

  it('makes a provider and an application once, too', async () => {
    const slug = uniqueSlug('p');
    const keys = [randomUUID(), randomUUID()];
    const provider = async (): Promise<Provider> =>
      (await post('/providers', { slug, name: 'Acme', signingAlgorithm: 'ES256' }, keys[0] ?? '')).json();
    const made = await provider();
    const application = async (): Promise<unknown> =>
      (
        await post('/applications', { providerId: made.id, slug: 'mail', name: 'Mail' }, keys[1] ?? '')
      ).json();

    expect(await provider()).toEqual(made);
    expect(await application()).toEqual(await application());
  });

  it('is refused with 409 when the key was used for another body', async () => {
    const path = await tokensPath();
    const key = randomUUID();
    await post(path, { scopes: ['ssf.read'] }, key);

    const other = await post(path, { scopes: ['ssf.manage'] }, key);

    expect(other.status).toBe(409);
    expect(other.json()).toMatchObject({ code: 'conflict' });
    expect((await transmitter.admin.all(path, 10)).flat()).toHaveLength(1);
  });

  it('is refused with 409 when the key was used for another path', async () => {
    const key = randomUUID();
    await post(await tokensPath(), { scopes: ['ssf.read'] }, key);

    expect((await post(await tokensPath(), { scopes: ['ssf.read'] }, key)).status).toBe(409);
  });

  it('may be repeated with a corrected body when it was refused', async () => {
    const path = await tokensPath();
    const key = randomUUID();

    const wrong = await post(path, { scopes: ['ssf.root'] }, key);
    const right = await post(path, { scopes: ['ssf.read'] }, key);

    expect(wrong.status).toBe(400);
    expect(right.status).toBe(201);
  });

  it('is carried out once when sent many times at once', async () => {
    const path = await tokensPath();
    const key = randomUUID();

    const answers = await Promise.all(
      Array.from({ length: 6 }, () => post(path, { scopes: ['ssf.read'] }, key)),
    );

    expect((await transmitter.admin.all(path, 10)).flat()).toHaveLength(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const made = answers.filter(({ status }) => status === 201).map(({ text }) => text);
    expect(new Set(made).size).toBe(1);
  });

  it.each(['', 'with space', 'x'.repeat(256), 'ümlaut'])('refuses the key "%s"', async (key) => {
    const path = await tokensPath();

    const answer = await post(path, { scopes: ['ssf.read'] }, key);

    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ member: 'Idempotency-Key' }] });
  });
});
