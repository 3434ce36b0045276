import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { invalidRequest, type Problem } from '../errors.js';
import { isJsonObject } from '../json-object.js';
import { isNonEmptyText } from '../text.js';

/** How a client may sign its assertions (RFC 7523): asymmetric, and what the SETs themselves may be signed with. */
export const CLIENT_ASSERTION_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** The public half of a key (RFC 7517): the members that verification needs, and no other. */
export type PublicJwk = Readonly<Record<string, string>>;

export interface ClientJwks {
  readonly keys: readonly PublicJwk[];
}

const MAX_KEYS = 10;
const MAX_KID = 255;
const MIN_RSA_BITS = 2048;
/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4; `priv` of the post-quantum key types. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];
const KEPT_MEMBERS = ['kty', 'kid', 'use', 'alg', 'crv', 'n', 'e', 'x', 'y'];

interface KeyType {
  readonly algorithms: readonly string[];
  /** the curve that the algorithms need */
  readonly curve?: string;
  readonly members: readonly string[];
}

const KEY_TYPES: ReadonlyMap<unknown, KeyType> = new Map<string, KeyType>([
  ['RSA', { algorithms: ['RS256', 'PS256'], members: ['n', 'e'] }],
  ['EC', { algorithms: ['ES256'], curve: 'P-256', members: ['x', 'y'] }],
  ['OKP', { algorithms: ['EdDSA'], curve: 'Ed25519', members: ['x'] }],
]);

/**
 * The JWK Set of a client that authenticates with `private_key_jwt`. Keys that are for something else than
 * signatures, or of a type that is not known, are left out (RFC 7517 section 5); at least one must remain. A private
 * member is refused in any key.
 *
 * @param member the path of the value, for the problems
 * @throws SsfError `invalid_request`, which names each wrong member
 */
export function parseClientJwks(value: unknown, member = 'jwks'): ClientJwks {
  const keys = isJsonObject(value) ? value.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS)
    throw invalidRequest({ member: `${member}.keys`, message: `must be an array of 1 to ${MAX_KEYS} keys` });
  const problems = keys.flatMap((key: unknown, index) => problemsOf(key, `${member}.keys[${index}]`));
  if (problems.length > 0) throw invalidRequest(...problems);
  const usable = (keys as Record<string, unknown>[]).filter(isForSignatures).map(publicMembers);
  if (usable.length === 0)
    throw invalidRequest({
      member: `${member}.keys`,
      message: `must have a key for signatures with ${CLIENT_ASSERTION_ALGORITHMS.join(', ')}`,
    });
  const kids = usable.flatMap(({ kid }) => (kid === undefined ? [] : [kid]));
  if (new Set(kids).size !== kids.length)
    throw invalidRequest({ member: `${member}.keys`, message: 'must not have a kid twice' });
  return { keys: usable };
}

function problemsOf(key: unknown, member: string): Problem[] {
  if (!isJsonObject(key)) return [{ member, message: 'must be a JWK' }];
  const leaked = PRIVATE_MEMBERS.filter((name) => key[name] !== undefined);
  if (leaked.length > 0)
    return leaked.map((name) => ({
      member: `${member}.${name}`,
      message: 'is private: send the public key only, and make a new one, since this one has left its owner',
    }));
  if (typeof key.kty !== 'string') return [{ member: `${member}.kty`, message: 'must be a key type' }];
  const type = KEY_TYPES.get(key.kty);
  if (!type || !isForSignatures(key)) return [];
  const wrong = wrongMembers(key, type).map((problem) => ({
    ...problem,
    member: `${member}.${problem.member}`,
  }));
  return wrong.length > 0 ? wrong : keyProblems(key, member);
}

function wrongMembers(key: Record<string, unknown>, type: KeyType): Problem[] {
  const { algorithms, curve } = type;
  const problems: Problem[] = [];
  if (key.alg !== undefined && !algorithms.some((name) => name === key.alg))
    problems.push({ member: 'alg', message: `must be ${algorithms.join(' or ')}, or absent` });
  if (curve !== undefined && key.crv !== curve) problems.push({ member: 'crv', message: `must be ${curve}` });
  if (key.kid !== undefined && !(isNonEmptyText(key.kid) && key.kid.length <= MAX_KID))
    problems.push({ member: 'kid', message: `must be a string of 1 to ${MAX_KID} characters` });
  for (const name of type.members)
    if (typeof key[name] !== 'string')
      problems.push({ member: name, message: 'is needed, as a base64url string' });
  return problems;
}

/** What only shows when the key is made: a point that is not on the curve, a modulus that is too short. */
function keyProblems(key: Record<string, unknown>, member: string): Problem[] {
  try {
    const made = createPublicKey({ key: publicMembers(key) as JsonWebKey, format: 'jwk' });
    const bits = made.asymmetricKeyDetails?.modulusLength;
    if (bits === undefined || bits >= MIN_RSA_BITS) return [];
    return [{ member: `${member}.n`, message: `must have at least ${MIN_RSA_BITS} bits` }];
  } catch {
    // what the library says of a wrong key is about its own reader, not about the key
    return [{ member, message: 'is not a valid public key' }];
  }
}

function isForSignatures({ kty, use }: Record<string, unknown>): boolean {
  return KEY_TYPES.has(kty) && (use === undefined || use === 'sig');
}

function publicMembers(key: Record<string, unknown>): PublicJwk {
  return Object.fromEntries(
    KEPT_MEMBERS.flatMap((name) => {
      const value = key[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
