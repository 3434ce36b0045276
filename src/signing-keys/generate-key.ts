import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';

export interface GeneratedKey {
  readonly kid: string;
  readonly publicJwk: JWK;
  readonly privatePem: string;
}

/** A fresh key pair. RSA has 2048 bits (CAEP Interoperability Profile section 2.6); the kid is the RFC 7638 thumbprint. */
export async function generateKey(algorithm: SigningAlgorithm): Promise<GeneratedKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, {
    extractable: true,
    modulusLength: 2048,
  });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return {
    kid,
    publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
    privatePem: await exportPKCS8(privateKey),
  };
}
