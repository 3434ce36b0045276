import type { KeyObject } from 'node:crypto';
import { invalidRequest, type Problem } from '../errors.js';
import type { SigningAlgorithm } from '../set/signing-algorithm.js';

/** RFC 7518 section 3.3 asks for 2048 at least; what is longer than this signs a few dozen SETs a second. */
const RSA_BITS = { least: 2048, most: 4096 };
/** FIPS 186-5 section 5.1: more than 2^16. With 1 anybody can sign. */
const LEAST_RSA_EXPONENT = 65_537n;

export interface KeyType {
  readonly algorithms: readonly [SigningAlgorithm, ...SigningAlgorithm[]];
  readonly curve?: string;
  readonly publicMembers: readonly string[];
  readonly privateMembers: readonly string[];
}

export const RSA: KeyType = {
  algorithms: ['RS256', 'PS256'],
  publicMembers: ['n', 'e'],
  privateMembers: ['d', 'p', 'q', 'dp', 'dq', 'qi'],
};
export const EC: KeyType = {
  algorithms: ['ES256'],
  curve: 'P-256',
  publicMembers: ['x', 'y'],
  privateMembers: ['d'],
};
export const OKP: KeyType = {
  algorithms: ['EdDSA'],
  curve: 'Ed25519',
  publicMembers: ['x'],
  privateMembers: ['d'],
};

export function typeOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyType | undefined {
  if (asymmetricKeyType === 'rsa') return RSA;
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return EC;
  return asymmetricKeyType === 'ed25519' ? OKP : undefined;
}

/** The algorithm that a JWK names, if its key can have it. */
export function namedAlgorithm(alg: unknown, type: KeyType): SigningAlgorithm | undefined {
  // RFC 9864 section 2.2 has a name of its own for what is EdDSA with this curve
  const name = alg === 'Ed25519' ? 'EdDSA' : alg;
  return type.algorithms.find((algorithm) => algorithm === name);
}

/** The algorithm that is asked for, else the preferred one if the key can have it. Throws `invalid_request`. */
export function algorithmOf(
  { algorithms }: KeyType,
  asked: SigningAlgorithm | undefined,
  preferred: SigningAlgorithm,
): SigningAlgorithm {
  if (asked === undefined) return algorithms.includes(preferred) ? preferred : algorithms[0];
  if (!algorithms.includes(asked))
    throw invalidRequest({
      member: 'algorithm',
      message: `must be ${algorithms.join(' or ')} for this key, or absent`,
    });
  return asked;
}

export function rsaWeakness({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Problem | undefined {
  if (asymmetricKeyType !== 'rsa') return undefined;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  if (modulusLength < RSA_BITS.least || modulusLength > RSA_BITS.most)
    return { member: 'n', message: `must have ${RSA_BITS.least} to ${RSA_BITS.most} bits` };
  if (publicExponent < LEAST_RSA_EXPONENT)
    return { member: 'e', message: `must have the public exponent ${LEAST_RSA_EXPONENT} or a larger one` };
  return undefined;
}
