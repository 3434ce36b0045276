import { Injectable } from '@nestjs/common';
import type { SignedSet } from './set-signing.service.js';

/** About 10 MB. A stream that fails has as many SETs here as were in flight, and one more with each probe at most. */
const MAX_KEPT = 10_000;

/**
 * The signed forms of SETs that were sent and have to be sent again: retries send the same bytes while the process
 * lives (SSF-F-14), also where each signature of the same claims differs (ES256, PS256).
 */
@Injectable()
export class SignedSets {
  private readonly kept = new Map<string, SignedSet>();

  keep(jti: string, signed: SignedSet): void {
    const [oldest] = this.kept.keys();
    if (this.kept.size >= MAX_KEPT && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(jti, signed);
  }

  find(jti: string): SignedSet | undefined {
    return this.kept.get(jti);
  }

  forget(jti: string): void {
    this.kept.delete(jti);
  }
}
