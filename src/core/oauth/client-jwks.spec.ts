import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SsfError } from '../errors.js';
import { parseClientJwks } from './client-jwks.js';

const KEYS = {
  RSA: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EC: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  OKP: generateKeyPairSync('ed25519'),
};

function jwk(key: KeyObject, members: object = {}): JsonWebKey {
  return { ...key.export({ format: 'jwk' }), ...members };
}

function problemsOf(keys: unknown): [string, string][] {
  try {
    parseClientJwks({ keys });
  } catch (error) {
    return (error as SsfError).problems.map(({ member, message }) => [member, message]);
  }
  return [];
}

describe('the JWK Set of a client', () => {
  it.each(['RSA', 'EC', 'OKP'] as const)('may have %s keys, of which the public members are kept', (type) => {
    const key = jwk(KEYS[type].publicKey, { kid: 'k-1', use: 'sig' });

    expect(parseClientJwks({ keys: [{ ...key, colour: 'red', x5c: ['MII'] }] })).toEqual({ keys: [key] });
  });

  it('may have keys for something else, which are left out', () => {
    const signs = jwk(KEYS.EC.publicKey);
    const encrypts = jwk(KEYS.RSA.publicKey, { use: 'enc', alg: 'RSA-OAEP' });

    expect(parseClientJwks({ keys: [encrypts, { kty: 'XYZ' }, signs] })).toEqual({ keys: [signs] });
  });

  it.each(['RSA', 'EC', 'OKP'] as const)(
    'must not have a private %s key, and the problem names it',
    (type) => {
      const problems = problemsOf([jwk(KEYS.EC.publicKey), jwk(KEYS[type].privateKey)]);

      expect(problems.map(([member]) => member)).toContain('jwks.keys[1].d');
      expect(problems[0]?.[1]).toMatch(/^is private/);
    },
  );

  it('must not have a private key that is for something else either, nor a symmetric one', () => {
    expect(problemsOf([jwk(KEYS.EC.publicKey), jwk(KEYS.RSA.privateKey, { use: 'enc' })])[0]?.[0]).toBe(
      'jwks.keys[1].d',
    );
    expect(problemsOf([{ kty: 'oct', k: 'c2VjcmV0' }])[0]?.[0]).toBe('jwks.keys[0].k');
  });

  it.each<[string, unknown, string]>([
    ['is no array', {}, 'jwks.keys'],
    ['is empty', [], 'jwks.keys'],
    ['is long', Array.from({ length: 11 }, () => jwk(KEYS.EC.publicKey)), 'jwks.keys'],
    ['has something else', ['key'], 'jwks.keys[0]'],
    ['has a key without a type', [{}], 'jwks.keys[0].kty'],
    ['has no key for signatures', [jwk(KEYS.RSA.publicKey, { use: 'enc' })], 'jwks.keys'],
    ['has only a type that an object inherits', [{ kty: 'constructor' }], 'jwks.keys'],
    [
      'has a kid twice',
      [jwk(KEYS.EC.publicKey, { kid: 'a' }), jwk(KEYS.OKP.publicKey, { kid: 'a' })],
      'jwks.keys',
    ],
    ['has a wrong kid', [jwk(KEYS.EC.publicKey, { kid: '' })], 'jwks.keys[0].kid'],
    ['has another algorithm', [jwk(KEYS.RSA.publicKey, { alg: 'RS512' })], 'jwks.keys[0].alg'],
    ['has an algorithm of another type', [jwk(KEYS.RSA.publicKey, { alg: 'ES256' })], 'jwks.keys[0].alg'],
    ['has a symmetric algorithm', [jwk(KEYS.RSA.publicKey, { alg: 'HS256' })], 'jwks.keys[0].alg'],
    [
      'has another curve',
      [jwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
      'jwks.keys[0].crv',
    ],
    ['has a curve for key agreement', [jwk(generateKeyPairSync('x25519').publicKey)], 'jwks.keys[0].crv'],
    ['lacks a member', [jwk(KEYS.EC.publicKey, { y: undefined })], 'jwks.keys[0].y'],
    ['has a point that is not on the curve', [jwk(KEYS.EC.publicKey, { x: 'A'.repeat(43) })], 'jwks.keys[0]'],
    [
      'has a weak key',
      [jwk(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
      'jwks.keys[0].n',
    ],
  ])('is refused when it %s', (_what, keys, member) => {
    expect(problemsOf(keys).map(([name]) => name)).toEqual([member]);
  });

  it.each([undefined, null, 'jwks', []])('must be an object: %j', (value) => {
    expect(() => parseClientJwks(value)).toThrow('jwks.keys: must be an array');
  });
});
