import type { Application } from '../applications/application.entity.js';
import type { Stream } from './stream.entity.js';

type Audience = Pick<Stream, 'audience' | 'audienceIsList'>;

/**
 * The `aud` of a new stream. It is the transmitter's to choose (SSF 1.0 section 8.1.1): a receiver's wish counts
 * only among the audiences that its application may have, or when it is from before 1.0 (legacy profile), which then
 * reads it back in the form that it sent.
 */
export function streamAudience(
  application: Application,
  wished: string | readonly string[] | undefined,
): Audience {
  const wish = wished === undefined ? [] : typeof wished === 'string' ? [wished] : [...wished];
  const isAllowed = wish.length > 0 && wish.every((each) => application.audience.includes(each));
  const isTaken = isAllowed || (application.legacyProfile && wish.length > 0);
  return {
    audience: isTaken ? wish : application.audience,
    audienceIsList: isTaken && application.legacyProfile && Array.isArray(wished),
  };
}

/** RFC 7519 section 4.1.3: one audience is a string. */
export function audienceClaim({ audience, audienceIsList }: Audience): string | string[] {
  const [only, ...more] = audience;
  return only !== undefined && more.length === 0 && !audienceIsList ? only : [...audience];
}
