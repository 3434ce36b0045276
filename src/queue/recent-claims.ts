import { Injectable } from '@nestjs/common';
import { RecentCache } from '../platform/recent-cache.js';

/** Characters of JSON, about a byte each: a burst of some 20,000 SETs. */
const MAX_CHARACTERS = 16_000_000;

/**
 * The claims of SETs that this process put into the queue a moment ago, by jti: most are sent at once, and need not be
 * read back. It is memory only; what is not here is in the table. Each is taken once: a SET that has to be sent again
 * is read from the table.
 */
@Injectable()
export class RecentClaims extends RecentCache<string> {
  constructor() {
    super(MAX_CHARACTERS, (claims) => claims.length);
  }
}
