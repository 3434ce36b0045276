import { isJsonObject } from '../json-object.js';
import { canonicalKey, principalOf, subjectHash } from './canonical-key.js';
import { emailOrPhone, type SignalSubject, userIdentifiers } from './signal-subject.js';
import type { SubjectIdentifier } from './subject-identifier.js';

// How signals are found by their subject: each is stored under a hash per identifier of its user, and a search asks
// for the hashes of all that its text may stand for. An id of the identity provider is stored as it is; that it is the
// `sub` of the provider's issuer, too, is known to the search, so that it takes one entry and not two.

const ISSUER_LEFT_OUT = '';

export interface FindableSignal {
  readonly subject: SignalSubject;
  /** of `identifier.changed` and `identifier.recycled`: the e-mail addresses or phone numbers that it is about */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a signal is stored under, as signed 64-bit integers in decimal. */
export function subjectHashes(signal: FindableSignal): string[] {
  return hashesOf([...identifiersOf(signal.subject), ...namedIn(signal.details)]);
}

/**
 * What to look for to find a subject: an id, e-mail address, phone number, account, DID or URI as it was recorded, or
 * a Subject Identifier.
 *
 * @param issuers whose `iss_sub` may be meant
 */
export function searchHashes(subject: string | SubjectIdentifier, issuers: readonly string[]): string[] {
  return hashesOf(searchIdentifiers(subject, issuers));
}

/** The same before it is hashed: the simple Subject Identifiers that may be meant. */
export function searchIdentifiers(
  subject: string | SubjectIdentifier,
  issuers: readonly string[],
): SubjectIdentifier[] {
  return typeof subject === 'string'
    ? textIdentifiers(subject, issuers)
    : alternatives(principalOf(subject)).flatMap((identifier) => [
        identifier,
        ...equivalents(identifier, issuers),
      ]);
}

function hashesOf(identifiers: readonly SubjectIdentifier[]): string[] {
  return [...new Set(identifiers.map((identifier) => subjectHash(canonicalKey(identifier)).toString()))];
}

function identifiersOf(subject: SignalSubject): SubjectIdentifier[] {
  const { subId, session, device, application, tenant, orgUnit, group } = subject;
  const ofUser = userIdentifiers(subject, ISSUER_LEFT_OUT).filter(({ iss }) => iss !== ISSUER_LEFT_OUT);
  if (ofUser.length > 0) return ofUser;
  if (subId) return [...alternatives(principalOf(subId))];
  return [session, device, application, tenant, orgUnit, group].flatMap((principal) =>
    principal ? [{ format: 'opaque', id: principal.id }] : [],
  );
}

// RISC 1.0 sections 2.5 and 2.6: the subject of the SET is the old value, which the user may not have any more.
function namedIn({ oldValue, newValue }: FindableSignal['details']): SubjectIdentifier[] {
  return [oldValue, newValue].flatMap((value) => {
    const identifier = typeof value === 'string' ? emailOrPhone(value) : undefined;
    return identifier ? [identifier] : [];
  });
}

function textIdentifiers(text: string, issuers: readonly string[]): SubjectIdentifier[] {
  return [
    { format: 'opaque', id: text },
    { format: 'email', email: text },
    { format: 'phone_number', phone_number: text },
    { format: 'account', uri: text },
    { format: 'did', url: text },
    { format: 'uri', uri: text },
    ...issuers.map((iss) => ({ format: 'iss_sub', iss, sub: text })),
  ];
}

/** The provider's own id of a user, bare and with its issuer. */
function equivalents(identifier: SubjectIdentifier, issuers: readonly string[]): SubjectIdentifier[] {
  const { format, iss, sub, id } = identifier;
  if (format === 'iss_sub') return issuers.includes(String(iss)) ? [{ format: 'opaque', id: sub }] : [];
  return format === 'opaque' ? issuers.map((issuer) => ({ format: 'iss_sub', iss: issuer, sub: id })) : [];
}

// RFC 9493 section 3.2.8: any identifier of `aliases` will do.
function alternatives(subject: SubjectIdentifier): readonly SubjectIdentifier[] {
  if (subject.format !== 'aliases' || !Array.isArray(subject.identifiers)) return [subject];
  return subject.identifiers.filter(isJsonObject) as SubjectIdentifier[];
}
