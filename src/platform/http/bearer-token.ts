import { SsfError } from '../../core/errors.js';
import { type AnyRequest, headerOf, queryOf } from './request-facts.js';

/** RFC 6750 section 2.1: `b64token`. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/**
 * The bearer token of the Authorization header. A token in the query is never used (CAEP Interoperability Profile
 * section 2.7.3); beside a header it makes the request ambiguous (RFC 6750 section 2).
 * Throws `missing_token`, `invalid_token` or `invalid_request`.
 */
export function bearerToken(request: AnyRequest): string {
  const header = headerOf(request, 'authorization');
  if (header === undefined)
    throw new SsfError('missing_token', 'a bearer token is needed in the Authorization header');
  if (queryOf(request, 'access_token') !== undefined)
    throw new SsfError(
      'invalid_request',
      'a token in the query is not accepted; send it in the header alone',
    );
  if (!/^Bearer( |$)/i.test(header))
    throw new SsfError('missing_token', 'the authentication scheme must be Bearer');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined) throw new SsfError('invalid_token', 'the bearer token is malformed');
  return token;
}
