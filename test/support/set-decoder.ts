import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';

// A receiver's view of a SET by nothing but Node: neither the product nor the JOSE library that it uses has part in it.

/** A JWK Set (RFC 7517 section 5). */
export interface KeySet {
  readonly keys: readonly (JsonWebKey & {
    readonly kid?: string;
    readonly alg?: string;
    readonly use?: string;
  })[];
}

export interface DecodedSet {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** JWS algorithms (RFC 7518 section 3.1, RFC 8037 section 3.1). */
const VERIFIERS: Readonly<Record<string, (key: KeyObject, data: Buffer, signature: Buffer) => boolean>> = {
  RS256: (key, data, signature) => verify('sha256', data, key, signature),
  PS256: (key, data, signature) =>
    verify(
      'sha256',
      data,
      { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
      signature,
    ),
  ES256: (key, data, signature) => verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  EdDSA: (key, data, signature) => verify(null, data, key, signature),
};

/** Splits a compact JWS (RFC 7515 section 5.2), verifies it with the key that its header names, and reads the claims. */
export function decodeSet(token: string, { keys }: KeySet): DecodedSet {
  const parts = token.split('.');
  const [protectedHeader = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3) throw new Error(`a compact JWS has three parts, not ${parts.length}`);
  const header = jsonOf(protectedHeader);
  const jwk = keys.find(({ kid }) => kid === header.kid);
  if (!jwk) throw new Error(`no key has the kid ${String(header.kid)}`);
  if ('d' in jwk) throw new Error('the private half of a key is published');
  const verifier = VERIFIERS[String(header.alg)];
  if (!verifier || jwk.alg !== header.alg)
    throw new Error(`the algorithm ${String(header.alg)} is not that of the key`);
  const data = Buffer.from(`${protectedHeader}.${payload}`, 'ascii');
  if (!verifier(createPublicKey({ key: jwk, format: 'jwk' }), data, bytesOf(signature)))
    throw new Error('the signature is wrong');
  return { header, claims: jsonOf(payload) };
}

function jsonOf(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(part)));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('is no JSON object');
  return value as Record<string, unknown>;
}

/** RFC 7515 section 2: base64url without padding, line breaks or anything else that Node would skip. */
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw new Error('is no base64url');
  return bytes;
}
