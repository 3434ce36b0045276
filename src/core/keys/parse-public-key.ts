import { createPublicKey, type KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../set/signing-algorithm.js';
import { type KeyType, namedAlgorithm, rsaWeakness, typeOf } from './key-type.js';

export interface ParsedPublicKey {
  readonly publicKey: KeyObject;
  readonly type: KeyType;
  /** what its `alg` says */
  readonly named: SigningAlgorithm | undefined;
}

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, RFC 8037 section 2. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * The public half of a key that signs SETs elsewhere, from a JWK.
 *
 * @returns a sentence that says what is wrong with it, and holds nothing of it
 */
export function parsePublicKey(jwk: Readonly<Record<string, unknown>>): ParsedPublicKey | string {
  if (PRIVATE_MEMBERS.some((member) => member in jwk)) return 'the JWK has private members';
  const publicKey = readPublic(jwk);
  const type = publicKey && typeOf(publicKey);
  if (!publicKey || !type) return 'it is not an RSA, a P-256 or an Ed25519 key';
  const weakness = rsaWeakness(publicKey);
  if (weakness) return `the key ${weakness.message}`;
  return { publicKey, type, named: namedAlgorithm(jwk.alg, type) };
}

function readPublic(jwk: Readonly<Record<string, unknown>>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
