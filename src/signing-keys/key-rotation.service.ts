import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Actor, system } from '../audit/actor.js';
import { recordChanges } from '../audit/record-change.js';
import { SsfError } from '../core/errors.js';
import {
  after,
  isRotationDue,
  PUBLISHED_AHEAD_SECONDS,
  switchedAtOnce,
  whyNeeded,
} from '../core/keys/key-ring.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { type IfMatch, requireMatch } from '../platform/http/entity-tag.js';
import type { Provider } from '../providers/provider.entity.js';
import { ProvidersService, type UpdateProvider } from '../providers/providers.service.js';
import { keyChanges } from './audited-key.js';
import { DUE_KEYS_SQL } from './due-keys.sql.js';
import { KeyHomes, type KeyToTakeIn } from './key-homes.service.js';
import type { KeyMaterial } from './key-material.js';
import { changedIn, type KeyRing, KeyRingStore } from './key-ring-store.js';
import type { SigningKey } from './signing-key.entity.js';

/** What time changes, whoever finds it. */
const SCHEDULE = system('key-rotation');

/**
 * Changes the keys of providers. Each change is one transaction under the provider's lock, in which the ring is first
 * written down as it stands; new keys are made before, since that takes long. (docs/adr/0014-signing-keys.md)
 */
@Injectable()
export class KeyRotationService {
  private readonly logger = new Logger(KeyRotationService.name);

  constructor(
    private readonly providers: ProvidersService,
    private readonly unitOfWork: UnitOfWork,
    private readonly rings: KeyRingStore,
    private readonly homes: KeyHomes,
    private readonly bus: SsfEventBus,
  ) {}

  /**
   * Makes the next key. With `immediately` it signs at once (the one that is next already, if there is one), and all
   * keys that have signed are withdrawn. Throws `conflict` when there is a next key, but for `immediately`.
   */
  async rotate(providerId: string, immediately: boolean, actor: Actor): Promise<SigningKey> {
    const provider = await this.providers.get(providerId);
    // a key that is made at a remote signer and not used stays there
    if (!immediately) refuseSecondNext(await this.rings.read(providerId));
    const made = await this.homes.make(provider.signingAlgorithm);
    return this.change(providerId, actor, (manager, ring) => {
      if (!immediately) return this.addNext(manager, provider, ring, made);
      const next = nextOf(ring);
      return next ? this.switchAtOnce(manager, ring, next) : this.addAndSwitch(manager, provider, ring, made);
    });
  }

  /** Throws `invalid_request` that names what is wrong with the key, `unavailable`, `conflict` as {@link rotate} does or for its kid. */
  async import(
    providerId: string,
    input: KeyToTakeIn,
    immediately: boolean,
    actor: Actor,
  ): Promise<SigningKey> {
    const provider = await this.providers.get(providerId);
    const key = await this.homes.takeIn(input, provider.signingAlgorithm);
    return this.change(providerId, actor, async (manager, ring) => {
      if (ring.keys.some(({ kid }) => kid === key.kid))
        throw new SsfError('conflict', `kid: the provider has a key ${key.kid} already`);
      refuseSecondNext(ring);
      // later keys are as this one
      await this.providers.update(manager, providerId, { signingAlgorithm: key.algorithm }, actor);
      return immediately
        ? this.addAndSwitch(manager, provider, ring, key)
        : this.addNext(manager, provider, ring, key);
    });
  }

  /** Throws `conflict` while the key is needed, with the reason. */
  async delete(providerId: string, kid: string, actor: Actor): Promise<void> {
    await this.providers.get(providerId);
    await this.change(providerId, actor, async (manager, { keys }) => {
      const key = keys.find((each) => each.kid === kid);
      if (!key) throw new SsfError('not_found', 'the provider has no such key');
      const reason = whyNeeded(key);
      if (reason !== undefined) throw new SsfError('conflict', reason);
      await this.rings.delete(manager, key);
    });
  }

  /**
   * Another `signingAlgorithm` makes a next key of it. Throws `conflict` when the next key is of another one, and
   * `precondition_failed` when the provider is not what `ifMatch` names.
   */
  async updateProvider(
    providerId: string,
    changes: UpdateProvider,
    actor: Actor,
    ifMatch?: IfMatch,
  ): Promise<Provider> {
    const { signingAlgorithm: before } = await this.providers.get(providerId);
    const wanted = changes.signingAlgorithm;
    const made = wanted === undefined || wanted === before ? undefined : await this.homes.make(wanted);
    return this.change(providerId, actor, async (manager, ring) => {
      requireMatch(await this.providers.existing(manager, providerId), ifMatch);
      const provider = await this.providers.update(manager, providerId, changes, actor);
      if (made) await this.changeAlgorithm(manager, provider, ring, made);
      return provider;
    });
  }

  /** Writes down what time has changed, and makes keys where a schedule asks for them. */
  async sweep(stopping: AbortSignal): Promise<void> {
    const due = await this.unitOfWork.manager.query<{ providerId: string }[]>(DUE_KEYS_SQL, [
      PUBLISHED_AHEAD_SECONDS,
    ]);
    for (const { providerId } of due) {
      if (stopping.aborted) return;
      try {
        await this.settle(providerId);
      } catch (error) {
        // others are not to wait for it; the next round comes back to it
        this.logger.error({ err: error, providerId }, 'the signing keys of a provider could not be rotated');
      }
    }
  }

  private async settle(providerId: string): Promise<void> {
    const provider = await this.providers.get(providerId);
    const now = await this.rings.read(providerId);
    // what has come does not wait for a signer that is away
    if (now.unwritten.length > 0) await this.change(providerId, SCHEDULE, async () => undefined);
    if (!isDueIn(now, provider)) return;
    const made = await this.homes.make(provider.signingAlgorithm);
    await this.change(providerId, SCHEDULE, async (manager, ring) => {
      if (isDueIn(ring, provider)) await this.addNext(manager, provider, ring, made);
    });
  }

  private async changeAlgorithm(
    manager: EntityManager,
    provider: Provider,
    ring: KeyRing,
    made: KeyMaterial,
  ): Promise<void> {
    const next = nextOf(ring);
    if (next && next.algorithm !== made.algorithm) refuseSecondNext(ring);
    const coming = next ?? ring.keys.find(({ status }) => status === 'active');
    if (coming?.algorithm !== made.algorithm) await this.addNext(manager, provider, ring, made);
  }

  private async addNext(
    manager: EntityManager,
    { id }: Provider,
    ring: KeyRing,
    key: KeyMaterial,
  ): Promise<SigningKey> {
    refuseSecondNext(ring);
    return this.rings.insert(manager, id, key, after(ring.now, PUBLISHED_AHEAD_SECONDS));
  }

  private async addAndSwitch(
    manager: EntityManager,
    { id }: Provider,
    ring: KeyRing,
    key: KeyMaterial,
  ): Promise<SigningKey> {
    const next = await this.rings.insert(manager, id, key, ring.now);
    return this.switchAtOnce(manager, { ...ring, keys: [next, ...ring.keys] }, next);
  }

  private async switchAtOnce(
    manager: EntityManager,
    { keys, now }: KeyRing,
    { kid, id }: SigningKey,
  ): Promise<SigningKey> {
    const switched = switchedAtOnce(keys, kid, now);
    await this.rings.write(manager, changedIn(switched, keys));
    return switched.find((key) => key.id === id) ?? missing();
  }

  private change<Result>(
    providerId: string,
    actor: Actor,
    work: (manager: EntityManager, ring: KeyRing) => Promise<Result>,
  ): Promise<Result> {
    return this.unitOfWork.run(async (manager) => {
      await this.providers.touchConfiguration(manager, providerId);
      const ring = await this.rings.read(providerId, manager);
      // the provider was deleted since it was looked up
      if (ring.keys.length === 0) throw new SsfError('not_found', 'there is no such provider');
      await this.rings.write(manager, ring.unwritten);
      await recordChanges(manager, SCHEDULE, keyChanges(providerId, ring.stored, ring.keys));
      const result = await work(manager, ring);
      const { stored } = await this.rings.read(providerId, manager);
      await recordChanges(manager, actor, keyChanges(providerId, ring.keys, stored));
      this.unitOfWork.afterCommit(manager, () =>
        this.bus.emit('signing_keys.changed', { providerIds: [providerId] }),
      );
      return result;
    });
  }
}

function nextOf({ keys }: KeyRing): SigningKey | undefined {
  return keys.find(({ status }) => status === 'next');
}

function refuseSecondNext(ring: KeyRing): void {
  const next = nextOf(ring);
  if (next)
    throw new SsfError(
      'conflict',
      `the key ${next.kid} (${next.algorithm}) is next already, and signs from ${next.changesAt?.toISOString()} on: ` +
        'wait for it, or delete it',
    );
}

function isDueIn(ring: KeyRing, { keyRotationDays: days }: Provider): boolean {
  const active = ring.keys.find(({ status }) => status === 'active');
  return days !== null && active !== undefined && !nextOf(ring) && isRotationDue(active, days, ring.now);
}

function missing(): never {
  throw new SsfError('internal', 'the key is not in its ring');
}
