import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { createPublicKey, KeyObject } from 'node:crypto';
import type { ParsedKey } from '../core/keys/parse-private-key.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';

/** A key pair as it is kept. */
export interface KeyMaterial {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicJwk: JWK;
  /** PKCS #8 */
  readonly privatePem: string;
}

/** A fresh key pair. RSA has 2048 bits (CAEP Interoperability Profile section 2.6). */
export async function generateKey(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 });
  return keyMaterial({ algorithm, privateKey: KeyObject.from(privateKey), kid: undefined });
}

/** The kid is the RFC 7638 thumbprint unless the key brings one along. */
export async function keyMaterial({ algorithm, privateKey, kid }: ParsedKey): Promise<KeyMaterial> {
  const jwk = await exportJWK(createPublicKey(privateKey));
  const id = kid ?? (await calculateJwkThumbprint(jwk));
  return {
    kid: id,
    algorithm,
    publicJwk: { ...jwk, kid: id, alg: algorithm, use: 'sig' },
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
