import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { JWK } from 'jose';
import { type EntityManager, type QueryDeepPartialEntity, type Repository } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ringAt } from '../core/keys/key-ring.js';
import { Resealing } from '../platform/secrets/resealing.js';
import { SecretBox } from '../platform/secrets/secret-box.js';
import type { KeyMaterial } from './key-material.js';
import { SigningKey } from './signing-key.entity.js';

/** The keys of a provider as they stand at `now`, which is the database's. */
export interface KeyRing {
  readonly now: Date;
  /** newest first */
  readonly keys: readonly SigningKey[];
  /** the same as they are written down */
  readonly stored: readonly SigningKey[];
  /** those of `keys` that are written down otherwise */
  readonly unwritten: readonly SigningKey[];
}

/** Where the keys of providers are kept; their private halves are sealed. */
@Injectable()
export class KeyRingStore {
  constructor(
    @InjectRepository(SigningKey) private readonly repository: Repository<SigningKey>,
    private readonly secrets: SecretBox,
    resealing: Resealing,
  ) {
    resealing.register({
      name: 'signing keys',
      table: 'ssf.signing_key',
      id: 'id',
      idType: 'uuid',
      column: 'private_key',
      sealedAs,
    });
  }

  /** In the transaction of `manager`, if there is one. */
  async read(providerId: string, manager: EntityManager = this.repository.manager): Promise<KeyRing> {
    const { entities, raw } = await manager
      .createQueryBuilder(SigningKey, 'key')
      // not that of the transaction, which may have waited for its turn
      .addSelect('clock_timestamp()', 'now')
      .where('key.providerId = :providerId', { providerId })
      .orderBy('key.id', 'DESC')
      .getRawAndEntities<{ now: Date }>();
    const now = raw[0]?.now ?? new Date(0);
    const keys = ringAt(entities, now);
    return { now, keys, stored: entities, unwritten: changedIn(keys, entities) };
  }

  /** Writes down how these keys stand. */
  async write(manager: EntityManager, keys: readonly SigningKey[]): Promise<void> {
    // first those that are not active: two never are
    const inOrder = keys.toSorted((a, b) => Number(a.status === 'active') - Number(b.status === 'active'));
    for (const { id, status, statusChangedAt, changesAt } of inOrder)
      await manager.update(
        SigningKey,
        { id },
        // nothing is signed with it any more, so nobody is to find it
        { status, statusChangedAt, changesAt, ...(status === 'retired' && { privateKey: null }) },
      );
  }

  /** `activatesAt`: it is the next key; undefined: it is active. */
  async insert(
    manager: EntityManager,
    providerId: string,
    key: KeyMaterial,
    activatesAt?: Date,
  ): Promise<SigningKey> {
    const id = uuidv7();
    await manager.insert(SigningKey, {
      id,
      providerId,
      kid: key.kid,
      algorithm: key.algorithm,
      status: activatesAt ? 'next' : 'active',
      changesAt: activatesAt ?? null,
      publicJwk: key.publicJwk as QueryDeepPartialEntity<JWK>,
      ...(key.location === 'remote'
        ? { remoteKeyId: key.handle }
        : { privateKey: this.secrets.seal(key.handle, sealedAs(id)) }),
      statusChangedAt: () => 'clock_timestamp()',
    });
    return manager.findOneByOrFail(SigningKey, { id });
  }

  async delete(manager: EntityManager, { id }: SigningKey): Promise<void> {
    await manager.delete(SigningKey, { id });
  }

  /** What its private half is found by. */
  async handleOf({ id, remoteKeyId }: SigningKey): Promise<Pick<KeyMaterial, 'location' | 'handle'>> {
    if (remoteKeyId !== null) return { location: 'remote', handle: remoteKeyId };
    const { privateKey } = await this.repository.findOneOrFail({
      where: { id },
      select: { id: true, privateKey: true },
    });
    if (!privateKey) throw new Error('the key has retired, and its private half is erased');
    return { location: 'local', handle: this.secrets.open(privateKey, sealedAs(id)) };
  }
}

/** What is not the same any more. */
export function changedIn(keys: readonly SigningKey[], before: readonly SigningKey[]): SigningKey[] {
  return keys.filter((key) => !before.includes(key));
}

/** Binds the ciphertext to its row: it cannot be moved to another. */
function sealedAs(id: string): string {
  return `signing_key|${id}|private_key`;
}
