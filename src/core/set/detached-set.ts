/**
 * The header and signature of a signed SET, without its claims, which stand elsewhere (RFC 7515 appendix F).
 *
 * @param compact `header.claims.signature`
 * @returns `header..signature`
 */
export function detachClaims(compact: string): string {
  const [header = '', , signature = ''] = compact.split('.');
  return `${header}..${signature}`;
}

/** The signed SET again, byte for byte, when `claimsJson` is what was signed. */
export function attachClaims(detached: string, claimsJson: string): string {
  return detached.replace('..', `.${Buffer.from(claimsJson).toString('base64url')}.`);
}
