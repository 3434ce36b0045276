import { Injectable } from '@nestjs/common';

/** Characters of JSON, about a byte each. */
const MAX_CHARACTERS = 8_000_000;

/**
 * The claims of SETs that this process put into the queue a moment ago: most are sent at once, and need not be read
 * back. It is memory only; what is not here is in the table.
 */
@Injectable()
export class RecentClaims {
  private readonly claims = new Map<string, string>();
  private characters = 0;

  put(jti: string, claims: string): void {
    this.claims.set(jti, claims);
    this.characters += claims.length;
    for (const [oldest] of this.claims) {
      if (this.characters <= MAX_CHARACTERS) return;
      this.take(oldest);
    }
  }

  /** Each is asked for once: a SET that has to be sent again is read from the table. */
  take(jti: string): string | undefined {
    const claims = this.claims.get(jti);
    if (claims === undefined) return undefined;
    this.claims.delete(jti);
    this.characters -= claims.length;
    return claims;
  }
}
