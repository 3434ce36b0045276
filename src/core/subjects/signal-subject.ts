import { invalidRequest } from '../errors.js';
import { RISC } from '../events/event-uris.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import {
  ABSOLUTE_URI,
  ACCOUNT_URI,
  DID_URL,
  EMAIL,
  NON_EMPTY_STRING,
  PHONE_NUMBER,
  type IdentifierRule,
} from './identifier-rules.js';
import { principalOf } from './canonical-key.js';
import { parseSubject } from './parse-subject.js';
import type { SubjectIdentifier } from './subject-identifier.js';

/** The formats that an application can ask for its `sub_id`s. */
export const SUBJECT_FORMAT_CHOICES = [
  'iss_sub',
  'email',
  'opaque',
  'phone_number',
  'account',
  'did',
  'uri',
  'aliases',
  'complex',
] as const;

export type SubjectFormat = (typeof SUBJECT_FORMAT_CHOICES)[number];

/** Whom a signal is about, with every identifier that the identity provider knows, before a format is chosen. */
export interface SignalSubject {
  readonly user?: SignalUser;
  readonly session?: SignalPrincipal;
  readonly device?: SignalPrincipal;
  readonly application?: SignalPrincipal;
  readonly tenant?: SignalPrincipal;
  readonly orgUnit?: SignalPrincipal;
  readonly group?: SignalPrincipal;
  /** the Subject Identifier to send as it stands; excludes all others */
  readonly subId?: SubjectIdentifier;
}

export interface SignalPrincipal {
  readonly id: string;
}

export interface SignalUser {
  readonly id?: string;
  readonly email?: string;
  readonly phoneNumber?: string;
  readonly account?: string;
  readonly did?: string;
  readonly uri?: string;
  readonly groups?: readonly string[];
}

const USER_IDENTIFIERS = {
  id: NON_EMPTY_STRING,
  email: EMAIL,
  phoneNumber: PHONE_NUMBER,
  account: ACCOUNT_URI,
  did: DID_URL,
  uri: ABSOLUTE_URI,
} as const satisfies Record<string, IdentifierRule>;

const PRINCIPALS = ['session', 'device', 'application', 'tenant', 'orgUnit', 'group'] as const;

/**
 * Parses the `subject` of a signal strictly.
 *
 * @param member the path that errors name; default `subject`
 * @throws SsfError `invalid_request` for an unknown member, a value that its Subject Identifier format would not
 *   take, a user without an identifier, no principal at all, or `subId` beside others
 */
export function parseSignalSubject(value: unknown, member = 'subject'): SignalSubject {
  const subject = asObject(value, member, ['user', ...PRINCIPALS, 'subId']);
  if (subject.subId !== undefined) {
    const other = Object.keys(subject).find((name) => name !== 'subId' && subject[name] !== undefined);
    if (other !== undefined) {
      throw invalidRequest({ member: `${member}.${other}`, message: 'must not stand beside subId' });
    }
    return { subId: parseSubject(subject.subId, { member: `${member}.subId` }) };
  }
  const parsed: SignalSubject = {
    ...(subject.user !== undefined && { user: parseUser(subject.user, `${member}.user`) }),
    ...Object.fromEntries(
      PRINCIPALS.filter((name) => subject[name] !== undefined).map((name) => [
        name,
        parsePrincipal(subject[name], `${member}.${name}`),
      ]),
    ),
  };
  if (Object.keys(parsed).length === 0) {
    throw invalidRequest({ member, message: `needs one of user, ${PRINCIPALS.join(', ')} or subId` });
  }
  return parsed;
}

/**
 * Every identifier of the signal's user as a simple Subject Identifier, the most telling first. Of a `subId` it is
 * that identifier, or its `user` when it is complex, with `aliases` taken apart.
 *
 * @param issuer the provider's issuer, which is the `iss` of `iss_sub`
 */
export function userIdentifiers(subject: SignalSubject, issuer: string): SubjectIdentifier[] {
  if (subject.subId) return identifiersOfSubId(subject.subId);
  const { id, email, phoneNumber, account, did, uri } = subject.user ?? {};
  return [
    ...(id === undefined ? [] : [{ format: 'iss_sub', iss: issuer, sub: id }]),
    ...(email === undefined ? [] : [{ format: 'email', email }]),
    ...(phoneNumber === undefined ? [] : [{ format: 'phone_number', phone_number: phoneNumber }]),
    ...(account === undefined ? [] : [{ format: 'account', uri: account }]),
    ...(did === undefined ? [] : [{ format: 'did', url: did }]),
    ...(uri === undefined ? [] : [{ format: 'uri', uri }]),
    ...(id === undefined ? [] : [{ format: 'opaque', id }]),
  ];
}

/**
 * Whom a signal is about, by every identifier: of its user, or of its first other principal when it has none. An e-mail
 * address or phone number that the user had until now counts.
 *
 * @param formerValue `details.oldValue` of a signal, if it has one
 */
export function subjectIdentifiers(
  subject: SignalSubject,
  issuer: string,
  formerValue?: unknown,
): SubjectIdentifier[] {
  const former = typeof formerValue === 'string' ? emailOrPhone(formerValue) : undefined;
  const identifiers = [...userIdentifiers(subject, issuer), ...(former ? [former] : [])];
  return identifiers.length > 0
    ? identifiers
    : [principalOf(subject.subId ?? complexSubject(subject, issuer))];
}

export interface SubIdContext {
  /** the provider's issuer, which is the `iss` of `iss_sub` */
  readonly issuer: string;
  readonly eventType?: string;
  /** identifier-changed and identifier-recycled: the old value, when the signal names it */
  readonly identifier?: string;
  /** identifier-changed: the new value; an old value that the signal does not name is of the same kind */
  readonly newIdentifier?: string;
}

/**
 * The `sub_id` of a SET about this subject, in the format that the application asks for.
 *
 * A simple format is always about the user, and never replaced by another format: a receiver knows its users by
 * one identifier (SSF 1.0 section 10.1). `aliases` has all of the user's; whoever chooses it for an application says that
 * its receiver may know them to be linked (RFC 9493 section 6.1). A `subId` goes out as it stands, whatever the format.
 *
 * @returns the reason instead, when the subject lacks what the format needs
 */
export function buildSubId(
  subject: SignalSubject,
  format: SubjectFormat,
  context: SubIdContext,
): { subId: SubjectIdentifier } | { reason: 'no_subject_identifier' } {
  const subId = isAboutIdentifier(context.eventType)
    ? oldIdentifier(subject, context)
    : (subject.subId ?? inFormat(subject, format, context.issuer));
  return subId ? { subId } : { reason: 'no_subject_identifier' };
}

function inFormat(
  subject: SignalSubject,
  format: SubjectFormat,
  issuer: string,
): SubjectIdentifier | undefined {
  if (format === 'complex') return complexSubject(subject, issuer);
  const identifiers = userIdentifiers(subject, issuer);
  if (format !== 'aliases') return identifiers.find((identifier) => identifier.format === format);
  // RFC 9493 section 3.2.8: one or more
  return identifiers.length > 0 ? { format, identifiers } : undefined;
}

/** RISC 1.0 sections 2.5 and 2.6: the subject is the e-mail address or phone number that was changed or recycled. */
export function isAboutIdentifier(eventType: string | undefined): boolean {
  return eventType === RISC.identifierChanged || eventType === RISC.identifierRecycled;
}

function oldIdentifier(subject: SignalSubject, context: SubIdContext): SubjectIdentifier | undefined {
  const candidates = subject.subId
    ? [subject.subId]
    : context.identifier === undefined
      ? userIdentifiers(subject, context.issuer)
      : [emailOrPhone(context.identifier)];
  const newFormat =
    context.newIdentifier === undefined ? undefined : emailOrPhone(context.newIdentifier)?.format;
  return candidates.find(
    (candidate) =>
      candidate !== undefined &&
      (candidate.format === 'email' || candidate.format === 'phone_number') &&
      (newFormat === undefined || candidate.format === newFormat),
  );
}

/** The Subject Identifier of an e-mail address or phone number; undefined for any other text. */
export function emailOrPhone(value: string): SubjectIdentifier | undefined {
  if (EMAIL.accepts(value)) return { format: 'email', email: value };
  if (PHONE_NUMBER.accepts(value)) return { format: 'phone_number', phone_number: value };
  return undefined;
}

// SSF 1.0 section 3.3.
function complexSubject(subject: SignalSubject, issuer: string): SubjectIdentifier {
  const [user] = userIdentifiers(subject, issuer);
  const { session, device, application, tenant, orgUnit, group } = subject;
  return {
    format: 'complex',
    ...(user && { user }),
    ...opaqueMembers({ session, device, application, tenant, org_unit: orgUnit, group }),
  };
}

function opaqueMembers(
  principals: Record<string, SignalPrincipal | undefined>,
): Record<string, SubjectIdentifier> {
  return Object.fromEntries(
    Object.entries(principals).flatMap(([name, principal]) =>
      principal ? [[name, { format: 'opaque', id: principal.id }]] : [],
    ),
  );
}

function identifiersOfSubId(subId: SubjectIdentifier): SubjectIdentifier[] {
  const user = subId.format === 'complex' ? subId.user : subId;
  if (user === undefined) return [];
  const identifier = user as SubjectIdentifier;
  return identifier.format === 'aliases'
    ? [...(identifier.identifiers as SubjectIdentifier[])]
    : [identifier];
}

function parseUser(value: unknown, member: string): SignalUser {
  const names = Object.keys(USER_IDENTIFIERS);
  const user = asObject(value, member, [...names, 'groups']);
  const identifiers = Object.entries(USER_IDENTIFIERS).filter(([name]) => user[name] !== undefined);
  for (const [name, rule] of identifiers) {
    if (!rule.accepts(user[name]))
      throw invalidRequest({ member: `${member}.${name}`, message: rule.message });
  }
  if (identifiers.length === 0) throw invalidRequest({ member, message: `needs one of ${names.join(', ')}` });
  return {
    ...Object.fromEntries(identifiers.map(([name]) => [name, user[name]])),
    ...(user.groups !== undefined && { groups: parseGroups(user.groups, `${member}.groups`) }),
  };
}

function parseGroups(value: unknown, member: string): string[] {
  if (!Array.isArray(value)) throw invalidRequest({ member, message: 'must be an array of strings' });
  return value.map((group: unknown, index) => {
    if (!NON_EMPTY_STRING.accepts(group)) {
      throw invalidRequest({ member: `${member}[${index}]`, message: NON_EMPTY_STRING.message });
    }
    return group;
  });
}

function parsePrincipal(value: unknown, member: string): SignalPrincipal {
  const { id } = asObject(value, member, ['id']);
  if (!NON_EMPTY_STRING.accepts(id)) {
    throw invalidRequest({ member: `${member}.id`, message: NON_EMPTY_STRING.message });
  }
  return { id };
}

function asObject(value: unknown, member: string, known: readonly string[]): JsonObject {
  if (!isJsonObject(value)) throw invalidRequest({ member, message: 'must be an object' });
  const unknownName = Object.keys(value).find((name) => !known.includes(name));
  if (unknownName !== undefined) {
    throw invalidRequest({
      member: `${member}.${unknownName}`,
      message: `is not known; use ${known.join(', ')}`,
    });
  }
  return value;
}
