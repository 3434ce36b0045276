import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SsfError } from '../errors.js';
import { type KeyToImport, parsePrivateKey } from './parse-private-key.js';

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const OTHER_RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const SHORT_RSA = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
/** it is looked at before the halves are compared */
const LONG_MODULUS = Buffer.alloc(513, 0xff).toString('base64url');
const RSA_OF_3 = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }).privateKey;
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const OTHER_EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const OKP = generateKeyPairSync('ed25519');
const OTHER_OKP = generateKeyPairSync('ed25519').privateKey;

function pem(key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8'): string {
  return key.export({ type: type, format: 'pem' }).toString();
}

function jwk(key: KeyObject, members: object = {}): Record<string, unknown> {
  return { ...key.export({ format: 'jwk' }), ...members };
}

function problemOf(input: KeyToImport): { members: string[]; text: string } {
  try {
    parsePrivateKey(input, 'RS256');
  } catch (error) {
    if (!(error instanceof SsfError)) throw error;
    const text = `${error.message} ${JSON.stringify(error.problems)} ${String(error.cause)}`;
    return { members: error.problems.map(({ member }) => member), text };
  }
  return { members: [], text: '' };
}

describe('a key to import', () => {
  it.each<[string, KeyObject, KeyToImport]>([
    ['PKCS #8 of RSA', RSA, { pem: pem(RSA) }],
    ['PKCS #1', RSA, { pem: pem(RSA, 'pkcs1') }],
    ['PKCS #8 of P-256', EC, { pem: pem(EC) }],
    ['SEC 1', EC, { pem: pem(EC, 'sec1') }],
    ['PKCS #8 of Ed25519', OKP.privateKey, { pem: pem(OKP.privateKey) }],
    ['PEM with text around it', EC, { pem: `subject=acme\n\n${pem(EC).replaceAll('\n', '\r\n')}\n` }],
    ['a JWK of RSA', RSA, { jwk: jwk(RSA) }],
    ['a JWK of P-256', EC, { jwk: jwk(EC, { use: 'sig', key_ops: ['sign'], kid: 'k-1', colour: 'red' }) }],
    ['a JWK of Ed25519', OKP.privateKey, { jwk: jwk(OKP.privateKey) }],
  ])('may be %s', (_form, key, input) => {
    expect(parsePrivateKey(input, 'RS256').privateKey.equals(key)).toBe(true);
  });

  it.each<[KeyToImport, string, string]>([
    [{ pem: pem(RSA) }, 'RS256', 'RS256'],
    [{ pem: pem(RSA) }, 'PS256', 'PS256'],
    [{ pem: pem(RSA) }, 'ES256', 'RS256'],
    [{ pem: pem(RSA), algorithm: 'PS256' }, 'RS256', 'PS256'],
    [{ pem: pem(EC) }, 'RS256', 'ES256'],
    [{ pem: pem(OKP.privateKey) }, 'RS256', 'EdDSA'],
    [{ jwk: jwk(RSA, { alg: 'PS256' }) }, 'RS256', 'PS256'],
    [{ jwk: jwk(RSA, { alg: 'PS256' }), algorithm: 'PS256' }, 'RS256', 'PS256'],
    [{ jwk: jwk(OKP.privateKey, { alg: 'Ed25519' }) }, 'RS256', 'EdDSA'],
  ])(
    'has the algorithm that is asked for, or its own, or the preferred one (%#)',
    (input, preferred, algorithm) => {
      expect(parsePrivateKey(input, preferred as 'RS256').algorithm).toBe(algorithm);
    },
  );

  it('keeps the kid of a JWK, and has none otherwise', () => {
    expect(parsePrivateKey({ jwk: jwk(EC, { kid: '2026-11_a.b~c:d@e=f+g' }) }, 'RS256').kid).toBe(
      '2026-11_a.b~c:d@e=f+g',
    );
    expect(parsePrivateKey({ jwk: jwk(EC) }, 'RS256').kid).toBeUndefined();
    expect(parsePrivateKey({ pem: pem(EC) }, 'RS256').kid).toBeUndefined();
  });

  const encrypted = EC.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' });
  it.each<[string, KeyToImport, string[]]>([
    ['nothing', {}, ['pem']],
    ['both', { pem: pem(EC), jwk: jwk(EC) }, ['jwk']],
    ['no PEM', { pem: 'MIIE' }, ['pem']],
    ['a public key', { pem: OKP.publicKey.export({ type: 'spki', format: 'pem' }).toString() }, ['pem']],
    ['an encrypted key', { pem: encrypted.toString() }, ['pem']],
    ['a damaged key', { pem: pem(EC).replace(/.{40}\n/, 'AAAA\n') }, ['pem']],
    ['a very long text', { pem: pem(EC) + ' '.repeat(20_000) }, ['pem']],
    ['another curve', { pem: pem(P384) }, ['pem']],
    ['a short RSA key', { pem: pem(SHORT_RSA) }, ['pem']],
    ['a small exponent', { pem: pem(RSA_OF_3) }, ['pem']],
    ['an algorithm of other keys', { pem: pem(EC), algorithm: 'RS256' }, ['algorithm']],
    [
      'an algorithm that the JWK contradicts',
      { jwk: jwk(RSA, { alg: 'RS256' }), algorithm: 'PS256' },
      ['algorithm'],
    ],
    ['a JWK of no type', { jwk: { d: 'x' } }, ['jwk.kty']],
    ['a symmetric JWK', { jwk: { kty: 'oct', k: 'c2VjcmV0' } }, ['jwk.kty']],
    ['the public half', { jwk: jwk(EC, { d: undefined }) }, ['jwk.d']],
    ['a JWK of another curve', { jwk: jwk(P384) }, ['jwk.crv']],
    [
      'a JWK for encryption',
      { jwk: jwk(RSA, { use: 'enc', key_ops: ['decrypt'] }) },
      ['jwk.use', 'jwk.key_ops'],
    ],
    ['a JWK of another algorithm', { jwk: jwk(EC, { alg: 'ES384' }) }, ['jwk.alg']],
    ['a kid that is no text', { jwk: jwk(EC, { kid: 7 }) }, ['jwk.kid']],
    ['a kid that does not fit into a path', { jwk: jwk(EC, { kid: 'a/b' }) }, ['jwk.kid']],
    ['a long kid', { jwk: jwk(EC, { kid: 'k'.repeat(101) }) }, ['jwk.kid']],
    ['a third prime', { jwk: jwk(RSA, { oth: [{ r: 'AQ', d: 'AQ', t: 'AQ' }] }) }, ['jwk.oth']],
    ['an RSA JWK without its primes', { jwk: jwk(RSA, { p: undefined, q: 7 }) }, ['jwk.p', 'jwk.q']],
    ['a short RSA JWK', { jwk: jwk(SHORT_RSA) }, ['jwk.n']],
    ['a very long RSA JWK', { jwk: jwk(RSA, { n: LONG_MODULUS }) }, ['jwk.n']],
    ['an RSA JWK with a small exponent', { jwk: jwk(RSA_OF_3) }, ['jwk.e']],
    ['a point that is not on the curve', { jwk: jwk(EC, { x: jwk(OTHER_EC).x }) }, ['jwk']],
    ["another key's point", { jwk: jwk(EC, { d: jwk(OTHER_EC).d }) }, ['jwk']],
    ["another RSA key's private part", { jwk: { ...jwk(OTHER_RSA), n: jwk(RSA).n } }, ['jwk']],
    ["another Ed25519 key's public part", { jwk: jwk(OKP.privateKey, { x: jwk(OTHER_OKP).x }) }, ['jwk']],
  ])('must not be %s, and the problem holds nothing of it', (_what, input, members) => {
    const problem = problemOf(input);

    expect(problem.members).toEqual(members);
    const secrets = [input.jwk?.d, input.jwk?.p, input.pem?.split('\n')[1]];
    for (const secret of secrets)
      if (typeof secret === 'string' && secret.length > 8) expect(problem.text).not.toContain(secret);
  });
});
