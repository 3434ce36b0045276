import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import type { Actor } from '../audit/actor.js';
import { recordChanges } from '../audit/record-change.js';
import { isPublished } from '../core/keys/key-ring.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import type { Provider } from '../providers/provider.entity.js';
import { type CreateProvider, ProvidersService } from '../providers/providers.service.js';
import { keyChanges } from './audited-key.js';
import { KeyHomes } from './key-homes.service.js';
import { KeyRingStore } from './key-ring-store.js';
import type { SigningKey } from './signing-key.entity.js';

/** The keys of providers, as others see them. */
@Injectable()
export class SigningKeysService {
  constructor(
    private readonly providers: ProvidersService,
    private readonly unitOfWork: UnitOfWork,
    private readonly rings: KeyRingStore,
    private readonly homes: KeyHomes,
  ) {}

  /** A provider never exists without a key to sign with: both are made in one transaction. */
  async createProvider(input: CreateProvider, actor: Actor): Promise<Provider> {
    const key = await this.homes.make(input.signingAlgorithm ?? 'RS256');
    return this.unitOfWork.run(async (manager) => {
      const provider = await this.providers.create(manager, input, actor);
      const first = await this.rings.insert(manager, provider.id, key);
      await recordChanges(manager, actor, keyChanges(provider.id, [], [first]));
      return provider;
    });
  }

  /** All keys of a provider, newest first; private parts never leave. */
  async list(providerId: string): Promise<readonly SigningKey[]> {
    await this.providers.get(providerId);
    return (await this.rings.read(providerId)).keys;
  }

  /** The JWK Set that receivers verify with: a key is in it before it signs and while its SETs are under way. */
  async publicKeys(providerId: string): Promise<JWK[]> {
    const { keys } = await this.rings.read(providerId);
    return keys.filter(isPublished).map(({ publicJwk }) => publicJwk);
  }
}
