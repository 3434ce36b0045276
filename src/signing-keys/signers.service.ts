import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { SsfError } from '../core/errors.js';
import { maySend } from '../core/keys/key-ring.js';
import type { SetSigner } from '../core/set/sign-set.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { SsfEventBus } from '../platform/events/ssf-event-bus.js';
import { KeyHomes } from './key-homes.service.js';
import { KeyRingStore } from './key-ring-store.js';

/** How long a process signs with the key it knows as active before it looks again, if no doorbell rings. */
const LOOK_AGAIN_MS = 5_000;

/** How a provider's SETs are signed now. */
export interface Signer {
  readonly kid: string;
  readonly sign: SetSigner;
  /** keys whose signatures may be sent, for the first time or again */
  readonly sendable: ReadonlySet<string>;
}

interface Known {
  readonly look: Promise<Signer>;
  readonly readAt: number;
  /** what came of the look, once it is over */
  signer?: Signer;
}

/** The active keys of providers, kept for a few seconds. */
@Injectable()
export class SignersService implements OnModuleDestroy {
  private readonly known = new Map<string, Known>();
  private readonly lookAgainMs: number;
  private readonly unsubscribe: () => void;

  constructor(
    @Inject(SSF_CONFIG) { sweepIntervalMs }: SsfConfig,
    private readonly rings: KeyRingStore,
    private readonly homes: KeyHomes,
    bus: SsfEventBus,
  ) {
    this.lookAgainMs = Math.min(LOOK_AGAIN_MS, sweepIntervalMs);
    this.unsubscribe = bus.on('signing_keys.changed', ({ providerIds }) => {
      for (const id of providerIds) this.known.delete(id);
    });
  }

  /** What {@link of} would answer, when nothing has to be waited for: so it is for nearly every SET. */
  current(providerId: string): Signer | undefined {
    const known = this.known.get(providerId);
    return known && this.isFresh(known) ? known.signer : undefined;
  }

  async of(providerId: string): Promise<Signer> {
    let known = this.known.get(providerId);
    if (!known || !this.isFresh(known)) {
      // whoever asks meanwhile waits for this one look
      known = { look: this.look(providerId, known?.look), readAt: performance.now() };
      this.known.set(providerId, known);
    }
    try {
      known.signer = await known.look;
      return known.signer;
    } catch (error) {
      if (this.known.get(providerId) === known) this.known.delete(providerId);
      throw error;
    }
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  private isFresh({ readAt }: Known): boolean {
    return performance.now() - readAt < this.lookAgainMs;
  }

  private async look(providerId: string, last: Promise<Signer> | undefined): Promise<Signer> {
    const { keys, now } = await this.rings.read(providerId);
    const active = keys.find(({ status }) => status === 'active');
    if (!active) throw new SsfError('internal', 'the provider has no active signing key');
    const { kid } = active;
    const before = await last;
    const sign =
      before?.kid === kid ? before.sign : this.homes.signer(active, await this.rings.handleOf(active));
    return { kid, sign, sendable: new Set(keys.filter((key) => maySend(key, now)).map((key) => key.kid)) };
  }
}
