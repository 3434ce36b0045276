import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateMetadata } from '../../src/core/discovery/transmitter-metadata.js';
import type { Metadata } from '../support/api-types.js';
import { call } from '../support/http.js';
import { createProvider, uniqueSlug } from '../support/scenario.js';
import { startTransmitter, type Transmitter } from '../support/transmitter.js';

let transmitter: Transmitter;

beforeAll(async () => {
  transmitter = await startTransmitter();
});

afterAll(() => transmitter.stop());

/** fetch does not let a caller choose its Host. */
function getAs(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(transmitter.baseUrl + path, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('the metadata of a provider', () => {
  it('have the members of SSF 1.0 and nothing empty', async () => {
    const provider = await createProvider(transmitter);

    const answer = await call(provider.configurationUrl);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(provider.configurationUrl).toBe(
      `${transmitter.baseUrl}/.well-known/ssf-configuration/ssf/${provider.slug}`,
    );
    expect(answer.json()).toMatchObject({
      spec_version: '1_0',
      issuer: provider.issuer,
      jwks_uri: provider.jwksUri,
      default_subjects: 'ALL',
      authorization_schemes: expect.arrayContaining([{ spec_urn: 'urn:ietf:rfc:6749' }]) as unknown,
      delivery_methods_supported: expect.arrayContaining(['urn:ietf:rfc:8935']) as unknown,
    });
    for (const value of Object.values(answer.json<object>()))
      expect([[], '', {}, null]).not.toContainEqual(value);
  });

  it('are what the CAEP Interoperability Profile asks for, but for the https of a development server', async () => {
    const provider = await createProvider(transmitter);
    const { text } = await call(provider.configurationUrl);

    const asIfSecure = JSON.parse(text.replaceAll('http://', 'https://')) as unknown;

    expect(validateMetadata(asIfSecure, 'iop')).toEqual([]);
  });

  it('name no endpoint that does not answer', async () => {
    const provider = await createProvider(transmitter);
    const metadata = (await call(provider.configurationUrl)).json<Record<string, unknown>>();

    const urls = Object.entries(metadata).filter(
      (entry): entry is [string, string] => /_(endpoint|uri)$/.test(entry[0]) && typeof entry[1] === 'string',
    );
    const found = await Promise.all(
      urls.map(async ([name, url]) => {
        const statuses = [(await call(url)).status, (await call(url, { body: {} })).status];
        return [name, statuses.some((status) => status === 200 || status === 401)];
      }),
    );

    expect(found.length).toBeGreaterThanOrEqual(4);
    expect(found).toEqual(urls.map(([name]) => [name, true]));
  });

  it('follow the settings of the provider', async () => {
    const provider = await createProvider(transmitter, {
      defaultSubjects: 'NONE',
      specVersion: '1_0-ID3',
      legacyDeliveryUris: true,
    });

    const metadata = (await call(provider.configurationUrl)).json<Record<string, unknown>>();

    expect(metadata).toMatchObject({
      default_subjects: 'NONE',
      spec_version: '1_0-ID3',
      delivery_methods_supported: expect.arrayContaining([
        'urn:ietf:rfc:8935',
        'https://schemas.openid.net/secevent/risc/delivery-method/push',
      ]) as unknown,
    });
  });

  it('change with the provider, and so does the ETag', async () => {
    const provider = await createProvider(transmitter);
    const before = await call(provider.configurationUrl);

    await transmitter.admin.call(`/providers/${provider.id}`, {
      method: 'PATCH',
      body: { defaultSubjects: 'NONE' },
    });
    const after = await call(provider.configurationUrl);

    expect(after.json()).toMatchObject({ default_subjects: 'NONE' });
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  });

  it('are never published where RISC had them', async () => {
    const provider = await createProvider(transmitter);

    const answer = await call(`${transmitter.baseUrl}/.well-known/risc-configuration/ssf/${provider.slug}`);

    expect(answer.status).toBe(404);
  });
});

describe.each([
  ['the metadata', 'configurationUrl'],
  ['the JWK Set', 'jwksUri'],
] as const)('%s', (_what, url) => {
  it('may be read by anybody from anywhere, and kept for five minutes', async () => {
    const provider = await createProvider(transmitter);

    const { status, headers } = await call(provider[url], { headers: { origin: 'https://elsewhere.test' } });

    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(headers.get('content-type')).toMatch(/^application\/(json|jwk-set\+json)/);
  });

  it.each([
    ['the same tag', (etag: string) => etag, 304],
    ['the weak form of the tag', (etag: string) => `W/${etag}`, 304],
    ['a list with the tag', (etag: string) => `"x", ${etag}`, 304],
    ['anything', () => '*', 304],
    ['another tag', () => '"x"', 200],
  ])('answers a request with %s', async (_form, ifNoneMatch, status) => {
    const provider = await createProvider(transmitter);
    const etag = (await call(provider[url])).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);

    const answer = await call(provider[url], { headers: { 'if-none-match': ifNoneMatch(etag) } });

    expect(answer.status).toBe(status);
    expect(answer.headers.get('etag')).toBe(etag);
    if (status === 304) expect(answer.text).toBe('');
  });
});

describe('the JWK Set of a provider', () => {
  it('has the public half of its key alone', async () => {
    const provider = await createProvider(transmitter, { signingAlgorithm: 'RS256' });

    const { keys } = (await call(provider.jwksUri)).json<{ keys: Record<string, unknown>[] }>();

    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
  });
});

describe('an issuer of its own', () => {
  it('without a path has its metadata at the root', async () => {
    const provider = await createProvider(transmitter, { issuer: transmitter.baseUrl });

    const answer = await call(`${transmitter.baseUrl}/.well-known/ssf-configuration`);

    expect(provider.configurationUrl).toBe(`${transmitter.baseUrl}/.well-known/ssf-configuration`);
    expect(answer.json<Metadata>().issuer).toBe(transmitter.baseUrl);
    await transmitter.admin.delete(`/providers/${provider.id}`);
    expect((await call(`${transmitter.baseUrl}/.well-known/ssf-configuration`)).status).toBe(404);
  });

  it('with a path has them below it, without the slash at its end', async () => {
    const path = `/t/${uniqueSlug('blue')}/x`;
    const provider = await createProvider(transmitter, { issuer: `${transmitter.baseUrl}${path}/` });

    const answer = await call(`${transmitter.baseUrl}/.well-known/ssf-configuration${path}`);

    expect(answer.json<Metadata>().issuer).toBe(`${transmitter.baseUrl}${path}/`);
    expect(provider.configurationUrl).toBe(`${transmitter.baseUrl}/.well-known/ssf-configuration${path}`);
  });

  it('on another host is found by the path', async () => {
    const path = `/${uniqueSlug('t')}`;
    await createProvider(transmitter, { issuer: `https://idp.acme.test${path}` });

    const answer = await call(`${transmitter.baseUrl}/.well-known/ssf-configuration${path}`);

    expect(answer.json<Metadata>().issuer).toBe(`https://idp.acme.test${path}`);
  });

  it('is chosen by the host among those of one path, and made up for none', async () => {
    const path = `/${uniqueSlug('t')}`;
    for (const host of ['one.acme.test', 'two.acme.test'])
      await createProvider(transmitter, { issuer: `https://${host}${path}` });
    const at = `/.well-known/ssf-configuration${path}`;

    const two = await getAs(at, { host: 'two.acme.test' });
    const three = await getAs(at, { host: 'three.acme.test' });

    expect(JSON.parse(two.body)).toMatchObject({ issuer: `https://two.acme.test${path}` });
    expect(three.status).toBe(404);
  });
});

describe('several providers', () => {
  it('have documents and keys of their own', async () => {
    const [one, two] = [await createProvider(transmitter), await createProvider(transmitter)];

    const metadata = [
      (await call(one.configurationUrl)).json<Metadata>(),
      (await call(two.configurationUrl)).json<Metadata>(),
    ];
    const keys = [(await call(one.jwksUri)).text, (await call(two.jwksUri)).text];

    expect(metadata.map(({ issuer }) => issuer)).toEqual([one.issuer, two.issuer]);
    expect(keys[0]).not.toBe(keys[1]);
  });

  it.each(['', '/ssf', '/ssf/nobody', '/ssf/nobody/x', '/a/b/c/d/e/f/g/h', '/a/b/c/d/e/f/g/h/i/j'])(
    'do not stand in for an unknown issuer: %s',
    async (path) => {
      await createProvider(transmitter);

      const answer = await call(`${transmitter.baseUrl}/.well-known/ssf-configuration${path}`);

      expect(answer.status).toBe(404);
    },
  );

  it('are not found by a path with a slash or a letter too many', async () => {
    const provider = await createProvider(transmitter);

    const answers = [
      await call(`${provider.configurationUrl}/`),
      await call(`${provider.configurationUrl}x`),
      await call(provider.configurationUrl.toUpperCase().replace('HTTP', 'http')),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

describe('the headers of a request', () => {
  it('never change what the metadata say', async () => {
    const provider = await createProvider(transmitter);
    const plain = await call(provider.configurationUrl);

    const { body } = await getAs(new URL(provider.configurationUrl).pathname, {
      host: 'evil.test',
      'x-forwarded-host': 'evil.test',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.test;proto=https',
    });

    expect(body).toBe(plain.text);
  });
});
