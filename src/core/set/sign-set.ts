import { constants, sign, type KeyObject, type SignKeyObjectInput, verify } from 'node:crypto';
import { CompactSign, type CryptoKey } from 'jose';
import { assertNever } from '../assert-never.js';
import type { SigningAlgorithm } from './signing-algorithm.js';

/**
 * Signs the JSON of a SET's claims, and returns the compact JWS as it is sent: bytes, since a text of that length would
 * be copied by each garbage collection until it was sent, and once more to send it. They may be a part of a larger buffer.
 */
export type SetSigner = (claimsJson: string) => Promise<Buffer>;

export interface SigningHeader {
  readonly alg: SigningAlgorithm;
  readonly kid: string;
}

/** A signer on jose: the reference for what `nativeSigner` produces. */
export function joseSigner(key: CryptoKey | KeyObject, header: SigningHeader): SetSigner {
  const encoder = new TextEncoder();
  return async (claimsJson) =>
    Buffer.from(
      await new CompactSign(encoder.encode(claimsJson)).setProtectedHeader(protectedHeader(header)).sign(key),
    );
}

/** How one key signs: what node:crypto is to be called with. It can be handed to another thread. */
export interface SigningRecipe {
  /** the first part of the JWS */
  readonly header: string;
  readonly digest: string | null;
  readonly input: SignKeyObjectInput;
}

/** @throws TypeError when the key is not one for the algorithm */
export function signingRecipe(key: KeyObject, header: SigningHeader): SigningRecipe {
  assertKeyFits(key, header.alg);
  const { digest, ...options } = signOptions(header.alg);
  return { header: base64url(JSON.stringify(protectedHeader(header))), digest, input: { key, ...options } };
}

/**
 * A signer on node:crypto in the thread pool, so that signing does not hold up the event loop, and without jose's
 * import of the key for WebCrypto.
 *
 * @throws TypeError when the key is not one for the algorithm
 */
export function nativeSigner(key: KeyObject, header: SigningHeader): SetSigner {
  const recipe = signingRecipe(key, header);
  return (claimsJson) => signInPool(recipe, claimsJson);
}

/** One signature of {@link nativeSigner}. */
export function signInPool({ header, digest, input }: SigningRecipe, claimsJson: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const signed = signingInput(header, claimsJson);
    sign(digest, signed, input, (error, signature) => {
      if (error) reject(error);
      else resolve(compactJws(signed, signature));
    });
  });
}

/** Signs these bytes somewhere else; the signature has the form of the algorithm in JWS (RFC 7518 section 3). */
export type ForeignSign = (signingInput: Buffer) => Promise<Uint8Array>;

/**
 * A signer whose private key is elsewhere. Nothing leaves it that the public key does not verify: a wrong signature
 * throws {@link WrongSignature}, since receivers would take it for a forgery.
 */
export function foreignSigner(
  publicKey: KeyObject,
  header: SigningHeader,
  signThere: ForeignSign,
): SetSigner {
  const encodedHeader = base64url(JSON.stringify(protectedHeader(header)));
  return async (claimsJson) => {
    const signed = signingInput(encodedHeader, claimsJson);
    return compactJws(signed, await verifiedSignature(publicKey, header.alg, signed, signThere));
  };
}

/** What was signed elsewhere does not verify with the public key. */
export class WrongSignature extends Error {
  constructor() {
    super('the signature does not verify with the public key');
    this.name = 'WrongSignature';
  }
}

/** Throws {@link WrongSignature}, and what `signThere` throws. */
export async function verifiedSignature(
  publicKey: KeyObject,
  alg: SigningAlgorithm,
  input: Buffer,
  signThere: ForeignSign,
): Promise<Buffer> {
  const signature = Buffer.from(await signThere(input));
  const { digest, ...options } = signOptions(alg);
  const isRight = await new Promise<boolean>((resolve) => {
    // what cannot even be read is as wrong
    verify(digest, input, { key: publicKey, ...options }, signature, (error, result) =>
      resolve(error === null && result),
    );
  });
  if (!isRight) throw new WrongSignature();
  return signature;
}

const DOT = 0x2e;

// SSF 1.0 section 4.1.1, RFC 8417 section 2.3: explicit typing, without the `application/` prefix.
function protectedHeader({ alg, kid }: SigningHeader) {
  return { typ: 'secevent+jwt', alg, kid };
}

// RFC 7518 sections 3.3 to 3.5 and RFC 8037 section 3.1.
function signOptions(alg: SigningAlgorithm): { digest: string | null } & Omit<SignKeyObjectInput, 'key'> {
  switch (alg) {
    case 'RS256':
      return { digest: 'sha256', padding: constants.RSA_PKCS1_PADDING };
    case 'PS256':
      return { digest: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    case 'ES256':
      return { digest: 'sha256', dsaEncoding: 'ieee-p1363' };
    case 'EdDSA':
      return { digest: null };
    default:
      return assertNever(alg);
  }
}

// RFC 7518 section 3.3: RSA keys have at least 2048 bits.
function assertKeyFits(key: KeyObject, alg: SigningAlgorithm): void {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  const type = key.type === 'private' ? key.asymmetricKeyType : undefined;
  const fits = {
    RS256: type === 'rsa' && modulusLength >= 2048,
    PS256: type === 'rsa' && modulusLength >= 2048,
    ES256: type === 'ec' && namedCurve === 'prime256v1',
    EdDSA: type === 'ed25519',
  } satisfies Record<SigningAlgorithm, boolean>;
  if (!fits[alg])
    throw new TypeError(`not a private key for ${alg}: ${key.type} ${key.asymmetricKeyType ?? ''}`);
}

/** RFC 7515 section 5.1, step 5 */
function signingInput(encodedHeader: string, claimsJson: string): Buffer {
  return dotted(encodedHeader, base64url(claimsJson));
}

/** RFC 7515 section 7.1 */
function compactJws(signed: Buffer, signature: Buffer): Buffer {
  return dotted(signed, signature.toString('base64url'));
}

/** The bytes of `first.second`, all of which are ASCII, without a text of both. */
function dotted(first: string | Buffer, second: string): Buffer {
  const bytes = Buffer.allocUnsafe(first.length + 1 + second.length);
  if (typeof first === 'string') bytes.write(first, 'latin1');
  else bytes.set(first);
  bytes[first.length] = DOT;
  bytes.write(second, first.length + 1, 'latin1');
  return bytes;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
