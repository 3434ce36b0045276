import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';

/** Where private halves are: in the database, sealed, or in a vault. */
export const KEY_LOCATIONS = ['local', 'remote'] as const;
export type KeyLocation = (typeof KEY_LOCATIONS)[number];

/** The public half of a key, as it is kept and published. */
export interface PublicHalf {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicJwk: JWK;
}

/** A key pair as it is kept. */
export interface KeyMaterial extends PublicHalf {
  readonly location: KeyLocation;
  /** of a local key its PKCS #8 PEM, of a remote one its id in the vault */
  readonly handle: string;
}

/** The kid is the RFC 7638 thumbprint unless the key brings one along. */
export async function publicHalf(
  algorithm: SigningAlgorithm,
  publicKey: KeyObject,
  kid?: string,
): Promise<PublicHalf> {
  const jwk = await exportJWK(publicKey);
  const id = kid ?? (await calculateJwkThumbprint(jwk));
  return { kid: id, algorithm, publicJwk: { ...jwk, kid: id, alg: algorithm, use: 'sig' } };
}
