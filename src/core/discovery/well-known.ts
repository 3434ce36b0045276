import { invalidRequest } from '../errors.js';
import { isText } from '../text.js';

/**
 * The metadata URL of an issuer: `/.well-known/{suffix}` goes between host and path, and a terminating slash of the
 * path is dropped (SSF 1.0 section 7.2.1; RFC 9728 section 3.1 for its own suffix).
 *
 * @param issuer an issuer that `parseIssuer` has taken
 */
export function wellKnownUrl(issuer: string, suffix = 'ssf-configuration'): string {
  const { origin, pathname } = new URL(issuer);
  return `${origin}/.well-known/${suffix}${pathname.replace(/\/$/, '')}`;
}

/**
 * An issuer: an https URL without query, fragment and credentials (SSF 1.0 section 7.1). It is compared character for
 * character everywhere (SSF 1.0 section 7.2.4), so it must be in the URL's normal form, and is returned as given.
 *
 * @param options.allowHttpLoopback whether http is taken when the host is a loopback one
 * @throws SsfError `invalid_request`
 */
export function parseIssuer(value: unknown, member: string, options: { allowHttpLoopback: boolean }): string {
  const fail = (message: string) => invalidRequest({ member, message });
  if (!isText(value) || !URL.canParse(value)) throw fail('must be an absolute URL');
  const url = new URL(value);
  const isLoopbackHttp = options.allowHttpLoopback && url.protocol === 'http:' && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !isLoopbackHttp) throw fail('must be an https URL');
  if (/[?#]/.test(value)) throw fail('must have neither query nor fragment');
  if (url.username !== '' || url.password !== '') throw fail('must not have credentials');
  if (url.href !== value && url.href !== `${value}/`) throw fail(`must be in its normal form, ${url.href}`);
  return value;
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}
