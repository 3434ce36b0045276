import type { SetSigner } from '../core/set/sign-set.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';
import type { KeyMaterial, PublicHalf } from './key-material.js';

/** A place for private keys: it makes them, and signs with those that it made or took in. */
export interface KeyHome {
  /** Throws `unavailable` when it cannot make one now. */
  make(algorithm: SigningAlgorithm): Promise<KeyMaterial>;
  /** Throws when `handle` is none of this home, now or with the first signature. */
  signer(key: PublicHalf, handle: string): SetSigner;
}
