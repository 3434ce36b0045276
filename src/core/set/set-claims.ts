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

/** All claims but those that say what happened to whom. */
export interface SetHead {
  readonly issuer: string;
  readonly jti: string;
  readonly issuedAt: Date;
  readonly audience: string | readonly string[];
  readonly txn?: string | undefined;
}

/** What happened to whom. */
export interface SetEvent {
  readonly subId: SubjectIdentifier;
  readonly eventType: string;
  readonly payload: object;
}

/**
 * The JSON of {@link SetClaims} in a fixed order: of a SET for one event on one stream, with exactly one event (CAEP
 * Interoperability Profile section 2.8.1), and without `sub` and `exp`, which SSF 1.0 sections 4.1.2 and 4.1.7 forbid.
 */
export function setClaimsJson(head: SetHead, event: SetEvent): string {
  return setClaimsWith(head, setEventJson(event));
}

/** The end of a SET's claims: `sub_id` and `events`, in JSON. */
export type SetEventJson = string & { readonly isSetEvent: true };

/** For {@link setClaimsWith}: the SETs that an event becomes have it in common. */
export function setEventJson({ subId, eventType, payload }: SetEvent): SetEventJson {
  return JSON.stringify({ sub_id: subId, events: { [eventType]: payload } }) as SetEventJson;
}

/** {@link setClaimsJson} with an end that is there already. */
export function setClaimsWith(head: SetHead, event: SetEventJson): string {
  const { issuer, jti, issuedAt, audience, txn } = head;
  const claims = { iss: issuer, jti, iat: Math.floor(issuedAt.getTime() / 1000), aud: audience, txn };
  // two objects, neither of them empty, become one
  return `${JSON.stringify(claims).slice(0, -1)},${event.slice(1)}`;
}
