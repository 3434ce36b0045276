import type { Application } from '../applications/application.entity.js';

/**
 * The `aud` of a new stream. It is the transmitter's to choose (SSF 1.0 section 8.1.1): a receiver's wish counts
 * only among the audiences that its application may have, or when it is from before 1.0 (legacy profile).
 */
export function streamAudience(
  application: Application,
  wished: string | readonly string[] | undefined,
): string[] {
  const wish = wished === undefined ? [] : typeof wished === 'string' ? [wished] : [...wished];
  const isAllowed = wish.length > 0 && wish.every((each) => application.audience.includes(each));
  if (isAllowed || (application.legacyProfile && wish.length > 0)) return wish;
  return application.audience;
}

/** RFC 7519 section 4.1.3: one audience is a string. */
export function audienceClaim(audience: readonly string[]): string | string[] {
  const [only, ...more] = audience;
  return only !== undefined && more.length === 0 ? only : [...audience];
}
