import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { joseSigner, nativeSigner } from './sign-set.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './signing-algorithm.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys: Record<SigningAlgorithm, { publicKey: KeyObject; privateKey: KeyObject }> = {
  RS256: rsa,
  PS256: rsa,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const claims = '{"iss":"https://idp.acme.test","note":"é 😀"}';

describe.each(SIGNING_ALGORITHMS)('signing with %s', (alg) => {
  const { publicKey, privateKey } = keys[alg];

  it.each([
    ['nativeSigner', nativeSigner],
    ['joseSigner', joseSigner],
  ])('%s makes a compact JWS that jose verifies, with explicit typing', async (_name, signer) => {
    const jws = await signer(privateKey, { alg, kid: 'k1' })(claims);

    const { payload, protectedHeader } = await compactVerify(jws, publicKey, { algorithms: [alg] });
    expect(new TextDecoder().decode(payload)).toBe(claims);
    expect(protectedHeader).toEqual({ typ: 'secevent+jwt', alg, kid: 'k1' });
  });

  it('writes the same header and payload with both signers', async () => {
    const native = String(await nativeSigner(privateKey, { alg, kid: 'k1' })(claims));
    const reference = String(await joseSigner(privateKey, { alg, kid: 'k1' })(claims));

    expect(native.split('.').slice(0, 2)).toEqual(reference.split('.').slice(0, 2));
    expect(decodeProtectedHeader(native)).toEqual(decodeProtectedHeader(reference));
  });
});

describe('nativeSigner', () => {
  it.each(['RS256', 'EdDSA'] as const)('signs the very bytes that jose signs with %s', async (alg) => {
    const { privateKey } = keys[alg];

    const native = await nativeSigner(privateKey, { alg, kid: 'k1' })(claims);

    expect(native).toEqual(await joseSigner(privateKey, { alg, kid: 'k1' })(claims));
  });

  it('refuses a key that is not one for the algorithm', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

    expect(() => nativeSigner(keys.RS256.privateKey, { alg: 'ES256', kid: 'k1' })).toThrow(TypeError);
    expect(() => nativeSigner(keys.RS256.publicKey, { alg: 'RS256', kid: 'k1' })).toThrow(TypeError);
    expect(() => nativeSigner(short.privateKey, { alg: 'RS256', kid: 'k1' })).toThrow(TypeError);
    expect(() => nativeSigner(p384.privateKey, { alg: 'ES256', kid: 'k1' })).toThrow(TypeError);
  });
});
