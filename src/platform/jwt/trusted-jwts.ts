import { Injectable, Logger } from '@nestjs/common';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { SsfError } from '../../core/errors.js';
import { OutboundHttp } from '../outbound/outbound-http.js';
import { JwksCache, type KeySource } from './jwks-cache.js';

/** Asymmetric only: a shared secret would let everybody who checks tokens make them. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 30;
/** jose's words for a key set that does not come, or is none: they say nothing about the token. */
const KEYS_UNAVAILABLE = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

export interface JwtIssuer extends KeySource {
  /** that the token must have, or have among others */
  readonly audience: string;
}

export interface JwtRules {
  readonly requiredClaims: readonly string[];
  /** since `iat` */
  readonly maxAgeSeconds?: number;
}

export interface VerifiedJwt {
  readonly claims: JWTPayload;
  /** `typ` of its header, in lower case and without `application/` (RFC 7515 section 4.1.9) */
  readonly type: string | undefined;
}

/** JWTs of issuers that are trusted, be it from receivers or from administrators. */
@Injectable()
export class TrustedJwts {
  private readonly logger = new Logger(TrustedJwts.name);
  private readonly keys: JwksCache;

  constructor(outbound: OutboundHttp) {
    this.keys = new JwksCache(outbound);
  }

  /**
   * Undefined for a token that is not valid, and for a SET. Throws `unavailable` when the issuer's keys cannot be had:
   * that says nothing about the token.
   */
  async verify(
    token: string,
    trusted: JwtIssuer,
    { requiredClaims, maxAgeSeconds }: JwtRules,
  ): Promise<VerifiedJwt | undefined> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, await this.keys.of(trusted), {
        issuer: trusted.issuer,
        audience: trusted.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: [...requiredClaims],
        ...(maxAgeSeconds !== undefined && { maxTokenAge: maxAgeSeconds }),
      });
      const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
      // RFC 8417 section 4: a SET is no access token, whoever signed it
      const isSet = type?.includes('secevent') || payload.events !== undefined;
      return isSet ? undefined : { claims: payload, type };
    } catch (error) {
      if (error instanceof errors.JOSEError && !KEYS_UNAVAILABLE.includes(error.code)) return undefined;
      this.logger.error({ err: error, issuer: trusted.issuer }, 'the keys of a trusted issuer cannot be had');
      throw new SsfError('unavailable', "the token's issuer cannot be asked at the moment", { cause: error });
    }
  }
}

/** The issuer that a JWT claims, unverified; undefined for what is no JWT. */
export function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
