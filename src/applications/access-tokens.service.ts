import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Repository } from 'typeorm';
import { SsfError } from '../core/errors.js';
import type { ReceiverPrincipal } from '../platform/config/ports.js';
import { OutboundHttp } from '../platform/outbound/outbound-http.js';
import type { Provider, TrustedIssuer } from '../providers/provider.entity.js';
import { Application } from './application.entity.js';
import { JwksCache } from './jwks-cache.js';

/** Asymmetric only: a shared secret would let every receiver make tokens. */
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
/** CAEP Interoperability Profile section 2.7.1: short-lived. */
const MAX_AGE_SECONDS = 3600;
const CLOCK_TOLERANCE_SECONDS = 30;
/** jose's words for a key set that does not come, or is none: they say nothing about the token. */
const KEYS_UNAVAILABLE = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];
/** RFC 9068 section 2.2, and what OpenID providers call it. */
const CLIENT_ID_CLAIMS = ['client_id', 'azp'];

/** JWT access tokens (RFC 9068) of the authorization servers that a provider trusts. */
@Injectable()
export class AccessTokensService {
  private readonly logger = new Logger(AccessTokensService.name);
  private readonly keys: JwksCache;

  constructor(
    @InjectRepository(Application) private readonly applications: Repository<Application>,
    outbound: OutboundHttp,
  ) {
    this.keys = new JwksCache(outbound);
  }

  /**
   * Undefined for a token that is not valid for this provider, or whose client is none of its applications. Throws
   * `unavailable` when the issuer's keys cannot be had: that says nothing about the token.
   */
  async authenticate(token: string, provider: Provider): Promise<ReceiverPrincipal | undefined> {
    const trusted = trustedIssuerOf(token, provider);
    if (!trusted) return undefined;
    const claims = await this.verify(token, trusted);
    const clientId = claims && clientIdOf(claims, trusted);
    if (!claims || clientId === undefined) return undefined;
    const application = await this.applications.findOneBy({ providerId: provider.id, clientId });
    return application ? { applicationId: application.id, scopes: scopesOf(claims) } : undefined;
  }

  private async verify(token: string, trusted: TrustedIssuer): Promise<JWTPayload | undefined> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, await this.keys.of(trusted), {
        issuer: trusted.issuer,
        audience: trusted.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'iat'],
        maxTokenAge: MAX_AGE_SECONDS,
      });
      // RFC 8417 section 4: a SET is no access token, whoever signed it
      const isSet = protectedHeader.typ?.toLowerCase().includes('secevent') || payload.events !== undefined;
      return isSet ? undefined : payload;
    } catch (error) {
      if (error instanceof errors.JOSEError && !KEYS_UNAVAILABLE.includes(error.code)) return undefined;
      this.logger.error({ err: error, issuer: trusted.issuer }, 'the keys of a trusted issuer cannot be had');
      throw new SsfError('unavailable', "the token's issuer cannot be asked at the moment", { cause: error });
    }
  }
}

/** The issuer that the token claims, unverified, if the provider trusts it. */
function trustedIssuerOf(token: string, provider: Provider): TrustedIssuer | undefined {
  try {
    const { iss } = decodeJwt(token);
    return provider.trustedIssuers.find(({ issuer }) => issuer === iss);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function clientIdOf(claims: JWTPayload, trusted: TrustedIssuer): string | undefined {
  const names = trusted.clientIdClaim === undefined ? CLIENT_ID_CLAIMS : [trusted.clientIdClaim];
  return names.map((name) => claims[name]).find((value): value is string => typeof value === 'string');
}

/** RFC 8693 section 4.2: one string, separated by spaces; some servers send an array as `scp`. */
function scopesOf({ scope, scp }: JWTPayload): string[] {
  const value = scope ?? scp;
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
