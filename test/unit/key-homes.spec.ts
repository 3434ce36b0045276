import { Logger } from '@nestjs/common';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SIGNING_ALGORITHMS } from '../../src/core/set/signing-algorithm.js';
import type { KeyVault } from '../../src/platform/config/ports.js';
import type { SsfConfig } from '../../src/platform/config/ssf-options.js';
import { SsfMetrics } from '../../src/platform/telemetry/metrics.js';
import { HttpKeyVault } from '../../src/signing-keys/http-key-vault.js';
import { KeyHomes } from '../../src/signing-keys/key-homes.service.js';
import type { KeyHome } from '../../src/signing-keys/key-home.js';
import type { KeyMaterial } from '../../src/signing-keys/key-material.js';
import { LocalKeys } from '../../src/signing-keys/local-keys.js';
import { RemoteKeys } from '../../src/signing-keys/remote-keys.js';
import { VaultFailure } from '../../src/signing-keys/vault-failure.js';
import { newKey, RemoteSigner, type SignerBehaviour } from '../support/remote-signer.js';
import { FIRST } from '../support/server-certificates.js';

const CLAIMS = '{"iss":"https://idp.acme.test","note":"é 😀"}';
/** enough on a busy machine */
const TIMEOUT_MS = 5_000;
/** for a signer that does not answer; making a key may take ten times that */
const HASTY_MS = 100;

const localKeys = new LocalKeys();
let signer: RemoteSigner;
let http: HttpKeyVault;
let hasty: HttpKeyVault;
let failures: string[] = [];

beforeAll(async () => {
  // failures are logged, which is not what is looked at here
  Logger.overrideLogger(false);
  signer = await RemoteSigner.start();
  http = new HttpKeyVault(signer.options, TIMEOUT_MS);
  hasty = new HttpKeyVault(signer.options, HASTY_MS);
});

afterEach(() => {
  signer.behaviour = 'works';
  failures = [];
});

afterAll(async () => {
  await http.close();
  await hasty.close();
  await signer.down();
  await localKeys.close();
});

function remoteKeys(vault: KeyVault = http, timeoutMs = TIMEOUT_MS): RemoteKeys {
  return new RemoteKeys(vault, { timeoutMs, failed: (reason) => failures.push(reason) });
}

describe.each<[string, () => KeyHome]>([
  ['local', () => localKeys],
  ['remote', () => remoteKeys()],
])('%s keys', (location, home) => {
  it.each(SIGNING_ALGORITHMS)('sign with %s what jose verifies', async (algorithm) => {
    const key = await home().make(algorithm);

    const jws = await home().signer(key, key.handle)(CLAIMS);

    expect(key).toMatchObject({ location, algorithm });
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(key.publicJwk, algorithm), {
      algorithms: [algorithm],
    });
    expect(new TextDecoder().decode(payload)).toBe(CLAIMS);
    expect(protectedHeader).toEqual({ typ: 'secevent+jwt', alg: algorithm, kid: key.kid });
  });

  it('have the thumbprint for a kid, and nothing private in their public half', async () => {
    const { kid, publicJwk } = await home().make('RS256');

    expect(kid).toBe(await calculateJwkThumbprint(publicJwk));
    expect(Object.keys(publicJwk).toSorted()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('are each of its own', async () => {
    const [one, two] = [await home().make('ES256'), await home().make('ES256')];

    expect(one.kid).not.toBe(two.kid);
    const jws = await home().signer(one, one.handle)(CLAIMS);
    await expect(compactVerify(jws, await importJWK(two.publicJwk, 'ES256'))).rejects.toThrow();
  });

  it('do not sign by a handle that is none, or is of another key', async () => {
    const [one, two] = [await home().make('ES256'), await home().make('RS256')];
    // the handle of a local key is checked at once, that of a remote one with its first signature
    const signed = async (handle: string): Promise<Buffer> => home().signer(one, handle)(CLAIMS);

    await expect(signed('nothing')).rejects.toThrow();
    await expect(signed(two.handle)).rejects.toThrow();
  });
});

/** Who waits for what does not come does not wait long. */
function keysWhile(behaviour: SignerBehaviour): RemoteKeys {
  return behaviour === 'hangs' ? remoteKeys(hasty, HASTY_MS) : remoteKeys();
}

async function rejection(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error as Error,
  );
}

describe('a remote signer', () => {
  const WRONG: [SignerBehaviour, string][] = [
    ['hangs', 'unreachable'],
    ['answers 500', 'refused'],
    ['answers with a page', 'invalid'],
    ['signs wrongly', 'invalid'],
    ['cuts signatures', 'invalid'],
    ['redirects', 'refused'],
    ['answers without end', 'invalid'],
  ];

  it.each(WRONG)('that %s has nothing signed, and nothing of it is repeated', async (behaviour, reason) => {
    const key = await remoteKeys().make('ES256');
    const sign = keysWhile(behaviour).signer(key, key.handle);
    signer.behaviour = behaviour;
    const asked = signer.requests.length;

    const error = await rejection(sign(CLAIMS));

    expect(error).toBeInstanceOf(VaultFailure);
    expect(failures).toEqual([reason]);
    expect(error.message).not.toContain(signer.token);
    expect(signer.requests.slice(asked).every(({ path }) => path.startsWith('/signer/'))).toBe(true);
  });

  it.each<[SignerBehaviour, string]>([...WRONG, ['leaks', 'invalid'], ['makes other keys', 'invalid']])(
    'that %s makes no key, which is said with its name',
    async (behaviour, reason) => {
      signer.behaviour = behaviour;

      const error = await rejection(keysWhile(behaviour).make('ES256'));

      expect(error).toMatchObject({ code: 'unavailable' });
      expect(error.message).toContain(`the remote signer at ${new URL(signer.url).origin}`);
      expect(error.message).not.toContain(signer.token);
      expect(failures).toEqual([reason]);
    },
  );

  it('is not asked by everybody while it fails, and is again when it has rested', async () => {
    const keys = remoteKeys();
    const key = await keys.make('EdDSA');
    const sign = keys.signer(key, key.handle);
    signer.behaviour = 'answers 500';
    await rejection(sign(CLAIMS));
    const asked = signer.requests.length;

    const errors = await Promise.all(Array.from({ length: 20 }, () => rejection(sign(CLAIMS))));

    expect(errors.every((error) => error instanceof VaultFailure)).toBe(true);
    expect(signer.requests).toHaveLength(asked);
    expect(failures).toEqual(['refused']);
    signer.behaviour = 'works';
    await expect.poll(() => sign(CLAIMS).catch(() => undefined)).toBeDefined();
    await expect(sign(CLAIMS)).resolves.toSatisfy(isCompactJws);
  });

  it('is asked again when it closed a connection that was kept', async () => {
    const keys = remoteKeys();
    const key = await keys.make('EdDSA');
    const sign = keys.signer(key, key.handle);
    await sign(CLAIMS);
    await signer.down();
    await signer.up();

    await expect(sign(CLAIMS)).resolves.toSatisfy(isCompactJws);
  });

  it('whose certificate nobody vouches for gets no request, whatever the environment says', async () => {
    const requests: string[] = [];
    const server = createServer(FIRST, (request) => requests.push(request.url ?? '')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const vault = new HttpKeyVault({ ...signer.options, url }, TIMEOUT_MS);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      server.close();
      await vault.close();
    });

    await expect(vault.findKey('k')).rejects.toThrow('tls_failure');
    expect(requests).toEqual([]);
  });

  it('that is not configured has nothing signed', async () => {
    const key = await remoteKeys().make('EdDSA');
    const keys = new RemoteKeys(undefined, {
      timeoutMs: TIMEOUT_MS,
      failed: (reason) => failures.push(reason),
    });

    const error = await rejection(keys.signer(key, key.handle)(CLAIMS));

    expect(error).toBeInstanceOf(VaultFailure);
    expect(error.message).toContain('no remote signer');
  });
});

describe('a key that the remote signer has already', () => {
  it.each([
    ['RS256', undefined, 'RS256'],
    ['RS256', 'PS256', 'PS256'],
    ['ES256', undefined, 'ES256'],
  ] as const)('of %s, asked for as %s, signs with %s', async (made, algorithm, expected) => {
    const remoteKeyId = signer.addKey(await newKey(made), 'arn:aws:kms:eu:1:key/7');

    const key = await remoteKeys().adopt({ remoteKeyId, ...(algorithm && { algorithm }) }, 'RS256');

    expect(key).toMatchObject({ handle: remoteKeyId, algorithm: expected, location: 'remote' });
    await expect(remoteKeys().signer(key, key.handle)(CLAIMS)).resolves.toSatisfy(isCompactJws);
  });

  const refused = (remoteKeyId: string, algorithm?: 'EdDSA'): Promise<KeyMaterial> =>
    remoteKeys().adopt({ remoteKeyId, ...(algorithm && { algorithm }) }, 'RS256');

  it('is refused by the name of the member when there is none, or it is none to sign with', async () => {
    const p384 = signer.addKey(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey);
    const short = signer.addKey(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey);
    const members = async (work: Promise<unknown>): Promise<unknown> =>
      ((await rejection(work)) as { problems?: { member: string }[] }).problems?.map(({ member }) => member);

    for (const id of ['nobody', p384, short, '..', 'a b', ''])
      expect(await members(refused(id))).toEqual(['remoteKeyId']);
    expect(await members(refused(signer.addKey(await newKey('ES256')), 'EdDSA'))).toEqual(['algorithm']);
    expect(failures).toEqual([]);
  });

  it('is refused when what it signs does not verify', async () => {
    const remoteKeyId = signer.addKey(await newKey('ES256'));
    signer.behaviour = 'signs wrongly';

    expect(await rejection(refused(remoteKeyId))).toMatchObject({ code: 'unavailable' });
  });
});

describe("a host's own vault", () => {
  const publicJwk = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) };

  it.each<[string, () => Promise<Uint8Array>]>([
    ['throws', () => Promise.reject(new Error('the PIN is 4711'))],
    ['does not answer', () => new Promise(() => undefined)],
  ])('that %s has nothing signed, and its own words stay in the cause', async (_what, sign) => {
    const vault = {
      name: 'HSM 3',
      createKey: async () => ({ keyId: 'k', publicJwk }),
      findKey: async () => undefined,
      sign,
    };

    const error = await rejection(remoteKeys(vault, HASTY_MS).make('EdDSA'));

    expect(error.message).toContain('HSM 3');
    expect(error.message).not.toContain('4711');
    expect(failures).toEqual(['failed']);
  });
});

describe('the homes of keys', () => {
  it('count what a vault did not do, and leave keys that are in the database to this process', async () => {
    const metrics = new SsfMetrics();
    const gone = (): Promise<never> => Promise.reject(new Error('gone'));
    const vault: KeyVault = { name: 'HSM 3', createKey: gone, findKey: gone, sign: gone };
    const homes = new KeyHomes({ signerTimeoutMs: TIMEOUT_MS } as SsfConfig, vault, metrics);
    const local = await localKeys.make('EdDSA');

    await expect(homes.make('EdDSA')).rejects.toThrow('HSM 3 made no key');

    expect(await metrics.registry.metrics()).toContain('ssf_signing_errors_total{reason="failed"} 1');
    await expect(homes.signer(local, local)(CLAIMS)).resolves.toSatisfy(isCompactJws);
  });
});

function isCompactJws(token: Buffer): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token.toString());
}
