import type { Problem } from '../errors.js';
import type { EventCatalogue } from '../events/event-catalogue.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { subjectProblems } from '../subjects/subject-problems.js';
import { isNonEmptyText } from '../text.js';
import { SIGNING_ALGORITHMS } from './signing-algorithm.js';

/** The members of a stream that its SETs must agree with. */
export interface SetStream {
  readonly iss: string;
  readonly aud: string | readonly string[];
}

/**
 * What is wrong with the header and the claims of a SET for a stream (RFC 8417 section 2, SSF 1.0 section 4).
 *
 * @param catalogue when given, the event's payload and subject are checked, too
 */
export function validateSetEnvelope(
  header: unknown,
  claims: unknown,
  stream: SetStream,
  catalogue?: EventCatalogue,
): Problem[] {
  return [
    ...(isJsonObject(header) ? headerProblems(header) : [{ member: 'header', message: 'must be an object' }]),
    ...(isJsonObject(claims)
      ? [...claimProblems(claims, stream), ...eventProblems(claims, catalogue)]
      : [{ member: 'claims', message: 'must be an object' }]),
  ];
}

function headerProblems(header: JsonObject): Problem[] {
  return failed([
    // SSF 1.0 section 4.1.1
    [header.typ === 'secevent+jwt', 'typ', 'must be secevent+jwt'],
    // SSF 1.0 section 4.1.4: signed, by a key that is in the JWK Set, which symmetric keys never are
    [
      SIGNING_ALGORITHMS.some((alg) => alg === header.alg),
      'alg',
      `must be one of ${SIGNING_ALGORITHMS.join(', ')}`,
    ],
    [header.kid === undefined || isNonEmptyText(header.kid), 'kid', 'must be a non-empty string'],
  ]);
}

function claimProblems(claims: JsonObject, stream: SetStream): Problem[] {
  return [
    ...failed([
      // SSF 1.0 section 4.1.6
      [claims.iss === stream.iss, 'iss', `must be the issuer of the stream, ${stream.iss}`],
      // RFC 8417 section 2.2
      [isNonEmptyText(claims.jti), 'jti', 'must be a non-empty string'],
      [Number.isInteger(claims.iat), 'iat', 'must be an integer, in seconds'],
      [claims.txn === undefined || isNonEmptyText(claims.txn), 'txn', 'must be a non-empty string'],
      [claims.toe === undefined || Number.isFinite(claims.toe), 'toe', 'must be a number, in seconds'],
      // SSF 1.0 section 4.1.8
      [isAudienceOf(claims.aud, stream), 'aud', 'must be one or several audiences of the stream'],
      // SSF 1.0 sections 4.1.2, 4.1.3 and 4.1.7
      [claims.sub === undefined, 'sub', 'must be absent; the subject is in sub_id'],
      [claims.exp === undefined, 'exp', 'must be absent; a SET does not expire'],
    ]),
    ...subjectProblems(claims.sub_id, 'sub_id'),
  ];
}

// RFC 8417 section 2.2: an object of objects. SSF 1.0 section 4.2.1 and CAEP Interoperability Profile section 2.8.1:
// one event; several URIs could only be aliases of one event, which none of the known event types has.
function eventProblems(
  { events, sub_id: subId }: JsonObject,
  catalogue: EventCatalogue | undefined,
): Problem[] {
  const [event, ...others] = isJsonObject(events) ? Object.entries(events) : [];
  if (!event || others.length > 0)
    return [{ member: 'events', message: 'must be an object with exactly one event' }];
  const [uri, payload] = event;
  if (!isJsonObject(payload)) return [{ member: `events.${uri}`, message: 'must be an object' }];
  const isValidSubject = subjectProblems(subId, 'sub_id').length === 0;
  return (
    (isValidSubject
      ? catalogue?.validateEvent(uri, payload, subId)
      : catalogue?.validatePayload(uri, payload)) ?? []
  );
}

function isAudienceOf(aud: unknown, stream: SetStream): boolean {
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  const allowed: readonly unknown[] = typeof stream.aud === 'string' ? [stream.aud] : stream.aud;
  return audiences.length > 0 && audiences.every((audience) => allowed.includes(audience));
}

function failed(checks: readonly (readonly [ok: boolean, member: string, message: string])[]): Problem[] {
  return checks.flatMap(([ok, member, message]) => (ok ? [] : [{ member, message }]));
}
