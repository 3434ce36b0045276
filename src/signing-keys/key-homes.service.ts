import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { invalidRequest } from '../core/errors.js';
import { type KeyToImport, parsePrivateKey } from '../core/keys/parse-private-key.js';
import type { SetSigner } from '../core/set/sign-set.js';
import type { SigningAlgorithm } from '../core/set/signing-algorithm.js';
import { HOST_KEY_VAULT } from '../platform/config/port.tokens.js';
import type { KeyVault } from '../platform/config/ports.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfMetrics } from '../platform/telemetry/metrics.js';
import { HttpKeyVault } from './http-key-vault.js';
import type { KeyHome } from './key-home.js';
import type { KeyLocation, KeyMaterial, PublicHalf } from './key-material.js';
import { localKey, LocalKeys } from './local-keys.js';
import { RemoteKeys } from './remote-keys.js';
import type { VaultFailureReason } from './vault-failure.js';

/** What an administrator gives: one of `pem`, `jwk` and `remoteKeyId`. */
export interface KeyToTakeIn extends KeyToImport {
  readonly remoteKeyId?: string;
}

/**
 * Where private keys are. With a remote signer, or a vault of the host's, all keys are made there; those that are in
 * the database sign until they are rotated out. (docs/adr/0021-remote-signer.md)
 */
@Injectable()
export class KeyHomes implements OnApplicationShutdown {
  private readonly http: HttpKeyVault | undefined;
  private readonly hasVault: boolean;
  private readonly local = new LocalKeys();
  private readonly remote: RemoteKeys;

  constructor(
    @Inject(SSF_CONFIG) { signer, signerTimeoutMs: timeoutMs }: SsfConfig,
    @Inject(HOST_KEY_VAULT) hostVault: KeyVault | undefined,
    metrics: SsfMetrics,
  ) {
    this.http = signer && new HttpKeyVault(signer, timeoutMs);
    const vault = hostVault ?? this.http;
    this.hasVault = vault !== undefined;
    this.remote = new RemoteKeys(vault, {
      timeoutMs,
      failed: (reason) => metrics.signingErrors.inc({ reason }),
    });
  }

  /** Takes long: never inside a transaction. Throws `unavailable`, which names the remote signer. */
  make(algorithm: SigningAlgorithm): Promise<KeyMaterial> {
    return (this.hasVault ? this.remote : this.local).make(algorithm);
  }

  /** As {@link make}, of a key that there is already. Throws `invalid_request` that names what is wrong with it. */
  async takeIn(input: KeyToTakeIn, preferred: SigningAlgorithm): Promise<KeyMaterial> {
    const { remoteKeyId, pem, jwk, algorithm } = input;
    const given = pem !== undefined ? 'pem' : jwk !== undefined ? 'jwk' : undefined;
    if (this.hasVault && given)
      throw refused(
        given,
        'private keys are at the remote signer here: import it there, and give remoteKeyId',
      );
    if (remoteKeyId === undefined) {
      if (this.hasVault) throw refused('remoteKeyId', 'is needed');
      return localKey(parsePrivateKey(input, preferred));
    }
    if (!this.hasVault) throw refused('remoteKeyId', 'there is no remote signer here (SSF_SIGNER_URL)');
    return this.remote.adopt({ remoteKeyId, ...(algorithm && { algorithm }) }, preferred);
  }

  /** Throws when the key cannot be read; a remote one fails with its first signature. */
  signer(key: PublicHalf, { location, handle }: { location: KeyLocation; handle: string }): SetSigner {
    const home: KeyHome = location === 'remote' ? this.remote : this.local;
    return home.signer(key, handle);
  }

  /** Remote keys that do not sign at the moment, as far as this process has tried, by what is wrong. */
  failingKeys(): ReadonlyMap<VaultFailureReason, number> {
    return this.remote.failing.count(performance.now());
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.http?.close(), this.local.close()]);
  }
}

function refused(member: string, message: string): Error {
  return invalidRequest({ member, message });
}
