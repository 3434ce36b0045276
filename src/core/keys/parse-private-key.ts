import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { invalidRequest, type Problem, type SsfError } from '../errors.js';
import type { SigningAlgorithm } from '../set/signing-algorithm.js';
import { algorithmOf, EC, type KeyType, namedAlgorithm, OKP, RSA, rsaWeakness, typeOf } from './key-type.js';

/** What an administrator gives: one of `pem` and `jwk`. */
export interface KeyToImport {
  readonly pem?: string;
  readonly jwk?: Readonly<Record<string, unknown>>;
  readonly algorithm?: SigningAlgorithm;
}

export interface ParsedKey {
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
  /** only a JWK has one */
  readonly kid: string | undefined;
}

const MAX_PEM = 16_384;
/** What stands in a path without being escaped. */
const KID = /^[A-Za-z0-9._~:@=+-]{1,100}$/;

/**
 * A private key for signing SETs, from PEM (PKCS #8, PKCS #1 or SEC 1, not encrypted) or a JWK (RFC 7517, RFC 8037).
 *
 * @param preferred the algorithm where neither `algorithm` nor the JWK names one and the key could have several
 * @throws SsfError `invalid_request`, which names each wrong member and holds nothing of the key
 */
export function parsePrivateKey(input: KeyToImport, preferred: SigningAlgorithm): ParsedKey {
  const { pem, jwk } = input;
  if (pem !== undefined && jwk !== undefined) throw wrong('jwk', 'must not be there beside pem');
  if (pem !== undefined) return fromPem(pem, input.algorithm, preferred);
  if (jwk !== undefined) return fromJwk(jwk, input.algorithm, preferred);
  throw wrong('pem', 'is needed, or jwk in its place');
}

function fromPem(pem: string, asked: SigningAlgorithm | undefined, preferred: SigningAlgorithm): ParsedKey {
  const privateKey = readPem(pem);
  const type = typeOf(privateKey);
  if (!type) throw wrong('pem', 'must be an RSA, a P-256 or an Ed25519 key');
  const weakness = rsaWeakness(privateKey);
  if (weakness) throw wrong('pem', weakness.message);
  if (!belongTogether(privateKey, createPublicKey(privateKey))) throw wrong('pem', NOT_A_PAIR);
  return { privateKey, algorithm: algorithmOf(type, asked, preferred), kid: undefined };
}

function readPem(pem: string): KeyObject {
  if (pem.length > MAX_PEM) throw wrong('pem', `must not be longer than ${MAX_PEM} characters`);
  if (/ENCRYPTED/.test(pem)) throw wrong('pem', 'is encrypted: decrypt it first');
  if (!/-----BEGIN (RSA |EC )?PRIVATE KEY-----/.test(pem))
    throw wrong('pem', 'must be a private key in PEM, "-----BEGIN PRIVATE KEY-----"');
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // what the library says is about its own reader, not about the key
    throw wrong('pem', 'is not a valid private key');
  }
}

function fromJwk(
  jwk: Readonly<Record<string, unknown>>,
  asked: SigningAlgorithm | undefined,
  preferred: SigningAlgorithm,
): ParsedKey {
  const type = jwkType(jwk);
  const problems = memberProblems(jwk, type);
  if (problems.length > 0) throw invalidRequest(...problems);
  const { privateKey, publicKey } = readJwk(jwk, type);
  const weakness = rsaWeakness(privateKey);
  if (weakness) throw wrong(`jwk.${weakness.member}`, weakness.message);
  if (!belongTogether(privateKey, publicKey)) throw wrong('jwk', NOT_A_PAIR);
  const named = namedAlgorithm(jwk.alg, type);
  if (asked !== undefined && named !== undefined && asked !== named)
    throw wrong('algorithm', `must be ${named} as jwk.alg has it, or absent`);
  const kid = typeof jwk.kid === 'string' ? jwk.kid : undefined;
  return { privateKey, algorithm: algorithmOf(type, asked ?? named, preferred), kid };
}

function jwkType({ kty }: Readonly<Record<string, unknown>>): KeyType {
  switch (kty) {
    case 'RSA':
      return RSA;
    case 'EC':
      return EC;
    case 'OKP':
      return OKP;
    default:
      throw wrong('jwk.kty', 'must be RSA, EC or OKP');
  }
}

function memberProblems(jwk: Readonly<Record<string, unknown>>, type: KeyType): Problem[] {
  const problems: Problem[] = [];
  const complain = (member: string, message: string): void => {
    problems.push({ member: `jwk.${member}`, message });
  };
  if (jwk.d === undefined) complain('d', 'is needed: this is the public half alone');
  if (type.curve !== undefined && jwk.crv !== type.curve) complain('crv', `must be ${type.curve}`);
  if (jwk.use !== undefined && jwk.use !== 'sig') complain('use', 'must be sig, or absent');
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('sign')))
    complain('key_ops', 'must have sign, or be absent');
  if (jwk.alg !== undefined && namedAlgorithm(jwk.alg, type) === undefined)
    complain('alg', `must be ${type.algorithms.join(' or ')}, or absent`);
  if (jwk.kid !== undefined && !(typeof jwk.kid === 'string' && KID.test(jwk.kid)))
    complain('kid', 'must be 1 to 100 letters, digits or any of . _ ~ : @ = + -');
  // RFC 7518 section 6.3.2.7: more than two primes
  if (jwk.oth !== undefined)
    complain('oth', 'must be absent: keys of more than two primes are not supported');
  for (const name of [...type.publicMembers, ...type.privateMembers])
    if (typeof jwk[name] !== 'string' && !(name === 'd' && jwk.d === undefined))
      complain(name, 'is needed, as a base64url string');
  return problems;
}

function readJwk(
  jwk: Readonly<Record<string, unknown>>,
  type: KeyType,
): { privateKey: KeyObject; publicKey: KeyObject } {
  const only = (names: readonly string[]): JsonWebKey =>
    Object.fromEntries(['kty', 'crv', ...names].map((name) => [name, jwk[name]]));
  try {
    return {
      privateKey: createPrivateKey({
        key: only([...type.publicMembers, ...type.privateMembers]),
        format: 'jwk',
      }),
      publicKey: createPublicKey({ key: only(type.publicMembers), format: 'jwk' }),
    };
  } catch {
    throw wrong('jwk', 'is not a valid private key');
  }
}

const NOT_A_PAIR = 'its private and public parts do not belong together';

/** The reader does not compare them: what was signed with one half must verify with the other. */
function belongTogether(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const message = Buffer.from('the halves of a key belong together');
  const digest = privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  try {
    return verify(digest, message, publicKey, sign(digest, message, privateKey));
  } catch {
    return false;
  }
}

function wrong(member: string, message: string): SsfError {
  return invalidRequest({ member, message });
}
