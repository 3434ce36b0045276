import type { SubjectIdentifier } from '../subjects/subject-identifier.js';

/** The claims of a SET (RFC 8417 section 2.2, SSF 1.0 section 4.1). */
export interface SetClaims {
  readonly iss: string;
  readonly jti: string;
  /** seconds since the epoch */
  readonly iat: number;
  readonly aud: string | readonly string[];
  readonly txn?: string;
  readonly sub_id: SubjectIdentifier;
  readonly events: Readonly<Record<string, object>>;
}

export interface SetClaimsInput {
  readonly issuer: string;
  readonly jti: string;
  readonly issuedAt: Date;
  readonly audience: string | readonly string[];
  readonly txn?: string;
  readonly subId: SubjectIdentifier;
  readonly eventType: string;
  readonly payload: object;
}

/**
 * The claims of the SET for one event on one stream, with exactly one event (CAEP Interoperability Profile section
 * 2.8.1), and without `sub` and `exp`, which SSF 1.0 sections 4.1.2 and 4.1.7 forbid.
 */
export function buildSetClaims(input: SetClaimsInput): SetClaims {
  return {
    iss: input.issuer,
    jti: input.jti,
    iat: Math.floor(input.issuedAt.getTime() / 1000),
    aud: input.audience,
    ...(input.txn !== undefined && { txn: input.txn }),
    sub_id: input.subId,
    events: { [input.eventType]: input.payload },
  };
}
