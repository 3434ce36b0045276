import { Logger } from '@nestjs/common';
import { createPublicKey } from 'node:crypto';
import { invalidRequest, SsfError } from '../core/errors.js';
import { algorithmOf } from '../core/keys/key-type.js';
import { parsePublicKey, type ParsedPublicKey } from '../core/keys/parse-public-key.js';
import { foreignSigner, type SetSigner, verifiedSignature, WrongSignature } from '../core/set/sign-set.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';
import type { KeyVault, VaultKey } from '../platform/config/ports.js';
import { within } from '../platform/within.js';
import { FailingKeys } from './failing-keys.js';
import type { KeyHome } from './key-home.js';
import { type KeyMaterial, publicHalf, type PublicHalf } from './key-material.js';
import { makingMs } from './making-time.js';
import { Patience } from './patience.js';
import { VaultFailure, type VaultFailureReason } from './vault-failure.js';

/** What stands in a path when it is escaped. */
const KEY_ID = /^(?!\.{1,2}$)[\x21-\x7e]{1,200}$/;
/** No signing input of a JWS, which has a dot. */
const PROOF = Buffer.from('the halves of a key belong together');

export interface KeyToAdopt {
  readonly remoteKeyId: string;
  readonly algorithm?: SigningAlgorithm;
}

interface RemoteKeysOptions {
  readonly timeoutMs: number;
  /** called for each call that failed */
  readonly failed: (reason: VaultFailureReason) => void;
}

/** Keys whose private halves are in a vault: a remote signer, a KMS, an HSM. */
export class RemoteKeys implements KeyHome {
  readonly failing = new FailingKeys();
  private readonly logger = new Logger('Signing');

  /** Without a vault nothing is made, and what is to be signed with a remote key waits. */
  constructor(
    private readonly vault: KeyVault | undefined,
    private readonly options: RemoteKeysOptions,
  ) {}

  async make(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
    return this.answered('made no key', async (vault) => {
      const made = await this.ask(() => vault.createKey(algorithm), makingMs(this.options.timeoutMs));
      const key = parsed(made);
      if (typeof key === 'string') throw new VaultFailure('invalid', `what it made is of no use: ${key}`);
      if (!key.type.algorithms.includes(algorithm))
        throw new VaultFailure('invalid', `it made a key that is none for ${algorithm}`);
      return this.proven(vault, made.keyId, algorithm, key);
    });
  }

  /** A key that the vault has already. Throws `invalid_request` that names the member, or `unavailable`. */
  async adopt(
    { remoteKeyId, algorithm: asked }: KeyToAdopt,
    preferred: SigningAlgorithm,
  ): Promise<KeyMaterial> {
    if (!KEY_ID.test(remoteKeyId))
      throw wrongId('must be 1 to 200 printable ASCII characters, without spaces');
    return this.answered('was of no help', async (vault) => {
      const found = await this.ask(() => vault.findKey(remoteKeyId));
      if (!found) throw wrongId('there is no such key at the signer');
      const key = parsed({ ...found, keyId: remoteKeyId });
      if (typeof key === 'string') throw wrongId(`cannot be used: ${key}`);
      const algorithm = algorithmOf(key.type, asked ?? key.named, preferred);
      return this.proven(vault, remoteKeyId, algorithm, key);
    });
  }

  /** Throws {@link VaultFailure} with each signature that does not come. */
  signer({ kid, algorithm: alg, publicJwk }: PublicHalf, keyId: string): SetSigner {
    const publicKey = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
    const sign = foreignSigner(publicKey, { alg, kid }, (input) =>
      this.ask(() => this.present().sign(keyId, alg, input)),
    );
    const patience = new Patience({
      began: (error) => this.logger.error({ event: 'signing.failed', kid, ...this.told(error) }),
      ended: () => this.logger.log({ event: 'signing.recovered', kid, signer: this.vault?.name }),
    });
    return (claimsJson) => patience.try(() => this.noted(kid, () => this.counted(() => sign(claimsJson))));
  }

  /** A key is used only when what it signs there verifies with what we publish. */
  private async proven(
    vault: KeyVault,
    keyId: string,
    algorithm: SigningAlgorithm,
    { publicKey }: ParsedPublicKey,
  ): Promise<KeyMaterial> {
    await verifiedSignature(publicKey, algorithm, PROOF, (input) =>
      this.ask(() => vault.sign(keyId, algorithm, input)),
    );
    return { ...(await publicHalf(algorithm, publicKey)), location: 'remote', handle: keyId };
  }

  /** For administrators: 503 that names the vault. */
  private async answered(
    what: string,
    work: (vault: KeyVault) => Promise<KeyMaterial>,
  ): Promise<KeyMaterial> {
    try {
      return await this.counted(() => work(this.present()));
    } catch (error) {
      if (!(error instanceof VaultFailure)) throw error;
      this.logger.error({ event: 'signing.failed', ...this.told(error) });
      const name = this.vault?.name ?? 'the remote signer';
      throw new SsfError('unavailable', `${name} ${what}: ${error.message}`, { cause: error });
    }
  }

  private async noted<Value>(kid: string, work: () => Promise<Value>): Promise<Value> {
    const begunAt = performance.now();
    try {
      const value = await work();
      this.failing.signed(kid, begunAt);
      return value;
    } catch (error) {
      if (error instanceof VaultFailure)
        this.failing.failed(kid, { reason: error.reason, at: performance.now() });
      throw error;
    }
  }

  private async counted<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (thrown) {
      const error =
        thrown instanceof WrongSignature ? new VaultFailure('invalid', thrown.message, thrown) : thrown;
      if (error instanceof VaultFailure) this.options.failed(error.reason);
      throw error;
    }
  }

  /** What anything that a vault throws becomes; its message may hold what is not to be repeated. */
  private async ask<Value>(work: () => Promise<Value>, timeoutMs = this.options.timeoutMs): Promise<Value> {
    try {
      return await within(timeoutMs, work());
    } catch (error) {
      if (error instanceof VaultFailure) throw error;
      throw new VaultFailure('failed', 'it failed, or did not answer in time', error);
    }
  }

  private present(): KeyVault {
    if (!this.vault) throw new VaultFailure('unreachable', 'no remote signer is configured in this process');
    return this.vault;
  }

  private told(err: VaultFailure): object {
    return { signer: this.vault?.name, reason: err.reason, err };
  }
}

function parsed({ keyId, publicJwk }: VaultKey): ParsedPublicKey | string {
  return KEY_ID.test(keyId) ? parsePublicKey(publicJwk) : 'its keyId is not one';
}

function wrongId(message: string): SsfError {
  return invalidRequest({ member: 'remoteKeyId', message });
}
