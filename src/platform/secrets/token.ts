import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * A new bearer token of 256 random bits. The prefix lets people and secret scanners recognise it.
 *
 * @example newToken('ssf_rx_') // 'ssf_rx_Jf…' (the prefix and 43 characters)
 */
export function newToken(prefix: string): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is stored of a token. A plain SHA-256 is enough: the token is random, there is nothing to guess. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** Compares two secrets in a time that depends on neither, not even on their lengths. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(hashToken(a), hashToken(b));
}
