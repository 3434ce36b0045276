import { Injectable } from '@nestjs/common';
import { RecentCache } from '../platform/recent-cache.js';
import type { SignedSet } from './set-signing.service.js';

/** About 10 MB. A stream that fails has as many SETs here as were in flight, and one more with each probe at most. */
const MAX_KEPT = 10_000;

/**
 * The signed forms of SETs that were sent and have to be sent again, by jti: retries send the same bytes while the
 * process lives (SSF-F-14), also where each signature of the same claims differs (ES256, PS256).
 */
@Injectable()
export class SignedSets {
  private readonly kept = new RecentCache<{ readonly kid: string; readonly token: string }>(MAX_KEPT);

  put(jti: string, { kid, token }: SignedSet): void {
    // a text, since the buffer that the token is a part of would be kept with it
    this.kept.put(jti, { kid, token: token.toString('latin1') });
  }

  find(jti: string): SignedSet | undefined {
    const kept = this.kept.find(jti);
    return kept && { kid: kept.kid, token: Buffer.from(kept.token, 'latin1') };
  }

  forget(jti: string): void {
    this.kept.forget(jti);
  }
}
