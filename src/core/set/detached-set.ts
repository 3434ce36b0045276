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

/** The key that made it, as its header says; undefined when that cannot be read. */
export function kidOf(detached: string): string | undefined {
  const [header = ''] = detached.split('.');
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}
