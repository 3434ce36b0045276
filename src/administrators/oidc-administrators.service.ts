import { Inject, Injectable } from '@nestjs/common';
import type { JWTPayload } from 'jose';
import type { AdminRole } from '../core/admin-role.js';
import { isText } from '../core/text.js';
import { SSF_CONFIG, type SsfConfig } from '../platform/config/ssf-options.js';
import { claimedIssuer, TrustedJwts } from '../platform/jwt/trusted-jwts.js';
import { roleInClaims } from './role-in-claims.js';

/** What access tokens (RFC 9068 section 2.1) and ID tokens say they are; most say no more than JWT. */
const TOKEN_TYPES = ['at+jwt', 'jwt', undefined];
/** OpenID Connect Core section 2 */
const MAX_SUBJECT_LENGTH = 255;
/** Both are for people to read; the subject is what counts (OpenID Connect Core section 5.7). */
const NAME_CLAIMS = ['preferred_username', 'email'];

export interface OidcAdministrator {
  /** the issuer, a space, and the subject: a URL has no space */
  readonly id: string;
  readonly name: string | undefined;
  /** undefined: nothing that the token says is a role here */
  readonly role: AdminRole | undefined;
}

/** Administrators with JWTs of the OpenID provider that the settings name (docs/adr/0019-administrators.md). */
@Injectable()
export class OidcAdministratorsService {
  constructor(
    @Inject(SSF_CONFIG) private readonly config: SsfConfig,
    private readonly jwts: TrustedJwts,
  ) {}

  /** Whether the token claims to be of that issuer. */
  recognises(token: string): boolean {
    const { adminOidc } = this.config;
    return adminOidc !== undefined && claimedIssuer(token) === adminOidc.issuer;
  }

  /** Undefined for a token that is not valid. Throws `unavailable` when the issuer's keys cannot be had. */
  async authenticate(token: string): Promise<OidcAdministrator | undefined> {
    const { adminOidc } = this.config;
    if (adminOidc === undefined) return undefined;
    const verified = await this.jwts.verify(token, adminOidc, { requiredClaims: ['exp', 'sub'] });
    if (!verified || !TOKEN_TYPES.includes(verified.type)) return undefined;
    const { claims } = verified;
    const { iss, sub } = claims;
    if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH || !isText(sub))
      return undefined;
    const role = roleInClaims(claims, adminOidc.roleClaim, adminOidc.roles);
    return { id: `${iss} ${sub}`, name: nameOf(claims), role };
  }
}

function nameOf(claims: JWTPayload): string | undefined {
  const names = NAME_CLAIMS.map((claim) => claims[claim]);
  return names.find(
    (name): name is string => typeof name === 'string' && name !== '' && name.length <= 255 && isText(name),
  );
}
