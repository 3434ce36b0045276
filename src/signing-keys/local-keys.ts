import { generateKeyPair } from 'jose';
import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';
import type { ParsedKey } from '../core/keys/parse-private-key.js';
import { nativeSigner, type SetSigner, signingRecipe } from '../core/set/sign-set.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';
import type { KeyHome } from './key-home.js';
import { type KeyMaterial, publicHalf, type PublicHalf } from './key-material.js';
import { SigningThread } from './signing-thread.js';

/** Keys of this process: their private halves are in the database, sealed. */
export class LocalKeys implements KeyHome {
  private readonly thread = new SigningThread();

  /** RSA has 2048 bits (CAEP Interoperability Profile section 2.6). */
  async make(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 });
    return localKey({ algorithm, privateKey: KeyObject.from(privateKey), kid: undefined });
  }

  signer({ kid, algorithm: alg }: PublicHalf, handle: string): SetSigner {
    const key = createPrivateKey(handle);
    return key.asymmetricKeyType === 'rsa'
      ? nativeSigner(key, { alg, kid })
      : this.thread.signer(signingRecipe(key, { alg, kid }));
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}

export async function localKey({ algorithm, privateKey, kid }: ParsedKey): Promise<KeyMaterial> {
  return {
    ...(await publicHalf(algorithm, createPublicKey(privateKey), kid)),
    location: 'local',
    handle: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
