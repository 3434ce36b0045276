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
export class SignedSets extends RecentCache<SignedSet> {
  constructor() {
    super(MAX_KEPT);
  }
}
