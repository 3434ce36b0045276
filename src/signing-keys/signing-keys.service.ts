import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { JWK } from 'jose';
import { createPrivateKey } from 'node:crypto';
import { type EntityManager, In, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SsfError } from '../core/errors.js';
import { nativeSigner, type SetSigner } from '../core/set/sign-set.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SecretBox } from '../platform/secrets/secret-box.js';
import type { Provider } from '../providers/provider.entity.js';
import { type CreateProvider, ProvidersService } from '../providers/providers.service.js';
import { generateKey, type GeneratedKey } from './generate-key.js';
import { SigningKey } from './signing-key.entity.js';

/** How long a process signs with the key it knows as active before it looks again. */
const SIGNER_TTL_MS = 5_000;

interface ActiveSigner {
  readonly kid: string;
  readonly sign: SetSigner;
}

@Injectable()
export class SigningKeysService {
  private readonly signers = new Map<
    string,
    { readonly look: Promise<ActiveSigner>; readonly readAt: number }
  >();

  constructor(
    @InjectRepository(SigningKey) private readonly repository: Repository<SigningKey>,
    private readonly providers: ProvidersService,
    private readonly unitOfWork: UnitOfWork,
    private readonly secrets: SecretBox,
  ) {}

  /** A provider never exists without a key to sign with: both are made in one transaction. */
  async createProvider(input: CreateProvider): Promise<Provider> {
    const key = await generateKey(input.signingAlgorithm ?? 'RS256');
    return this.unitOfWork.run(async (manager) => {
      const provider = await this.providers.create(manager, input);
      await this.insert(manager, provider, key);
      return provider;
    });
  }

  /** All keys of a provider, newest first; private parts never leave. */
  async list(providerId: string): Promise<SigningKey[]> {
    await this.providers.get(providerId);
    return this.repository.find({ where: { providerId }, order: { id: 'DESC' } });
  }

  /** The JWK Set that receivers verify with: a key is in it before it signs and while its SETs are under way. */
  async publicKeys(providerId: string): Promise<JWK[]> {
    const keys = await this.repository.find({
      where: { providerId, status: In(['next', 'active', 'retiring']) },
      order: { id: 'DESC' },
    });
    return keys.map(({ publicJwk }) => publicJwk);
  }

  /** Signs with the provider's active key (decided when the SET is first dispatched). */
  async signerOf(providerId: string): Promise<SetSigner> {
    let known = this.signers.get(providerId);
    if (!known || performance.now() - known.readAt >= SIGNER_TTL_MS) {
      // whoever asks meanwhile waits for this one look
      known = { look: this.activeSigner(providerId, known?.look), readAt: performance.now() };
      this.signers.set(providerId, known);
    }
    try {
      return (await known.look).sign;
    } catch (error) {
      if (this.signers.get(providerId) === known) this.signers.delete(providerId);
      throw error;
    }
  }

  private async activeSigner(
    providerId: string,
    last: Promise<ActiveSigner> | undefined,
  ): Promise<ActiveSigner> {
    const active = await this.repository.findOne({ where: { providerId, status: 'active' } });
    if (!active) throw new SsfError('internal', 'the provider has no active signing key');
    const known = await last;
    return known?.kid === active.kid ? known : { kid: active.kid, sign: await this.load(active.id) };
  }

  private async load(id: string): Promise<SetSigner> {
    const key = await this.repository.findOneOrFail({
      where: { id },
      select: { id: true, kid: true, algorithm: true, privateKey: true },
    });
    const pem = this.secrets.open(key.privateKey, sealedAs(id));
    return nativeSigner(createPrivateKey(pem), { alg: key.algorithm, kid: key.kid });
  }

  private async insert(manager: EntityManager, provider: Provider, key: GeneratedKey): Promise<void> {
    const id = uuidv7();
    await manager.insert(SigningKey, {
      id,
      providerId: provider.id,
      kid: key.kid,
      algorithm: provider.signingAlgorithm,
      status: 'active',
      publicJwk: key.publicJwk as QueryDeepPartialEntity<JWK>,
      privateKey: this.secrets.seal(key.privatePem, sealedAs(id)),
      statusChangedAt: () => 'now()',
    });
  }
}

/** Binds the ciphertext to its row: it cannot be moved to another. */
function sealedAs(id: string): string {
  return `signing_key|${id}|private_key`;
}
