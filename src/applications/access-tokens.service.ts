import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { JWTPayload } from 'jose';
import type { Repository } from 'typeorm';
import type { ReceiverPrincipal } from '../platform/config/ports.js';
import { claimedIssuer, TrustedJwts } from '../platform/jwt/trusted-jwts.js';
import type { Provider, TrustedIssuer } from '../providers/provider.entity.js';
import { Application } from './application.entity.js';

/** CAEP Interoperability Profile section 2.7.1: short-lived. */
const MAX_AGE_SECONDS = 3600;
/** RFC 9068 section 2.2, and what OpenID providers call it. */
const CLIENT_ID_CLAIMS = ['client_id', 'azp'];

/** JWT access tokens (RFC 9068) of the authorization servers that a provider trusts. */
@Injectable()
export class AccessTokensService {
  constructor(
    @InjectRepository(Application) private readonly applications: Repository<Application>,
    private readonly jwts: TrustedJwts,
  ) {}

  /**
   * Undefined for a token that is not valid for this provider, or whose client is none of its applications. Throws
   * `unavailable` when the issuer's keys cannot be had: that says nothing about the token.
   */
  async authenticate(token: string, provider: Provider): Promise<ReceiverPrincipal | undefined> {
    const claimed = claimedIssuer(token);
    const trusted = provider.trustedIssuers.find(({ issuer }) => issuer === claimed);
    if (!trusted) return undefined;
    const verified = await this.jwts.verify(token, trusted, {
      requiredClaims: ['exp', 'iat'],
      maxAgeSeconds: MAX_AGE_SECONDS,
    });
    const claims = verified?.claims;
    const clientId = claims && clientIdOf(claims, trusted);
    if (!claims || clientId === undefined) return undefined;
    const application = await this.applications.findOneBy({ providerId: provider.id, clientId });
    return application ? { applicationId: application.id, scopes: scopesOf(claims) } : undefined;
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
