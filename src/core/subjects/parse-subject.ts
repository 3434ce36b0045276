import { invalidRequest, type SsfError } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { isNonEmptyText } from '../text.js';
import {
  ABSOLUTE_URI,
  ACCOUNT_URI,
  DID_URL,
  EMAIL,
  IP_ADDRESS,
  ISSUER,
  NON_EMPTY_STRING,
  PHONE_NUMBER,
  type IdentifierRule,
} from './identifier-rules.js';
import { SUBJECT_FORMATS, type SubjectIdentifier } from './subject-identifier.js';

export interface ParseSubjectOptions {
  /** the path that errors name; default `subject` */
  readonly member?: string;
  /** accept the unregistered format `phone` of older receivers, and make `phone_number` of it */
  readonly legacyPhone?: boolean;
}

/** The formats whose members are all plain strings: format -> member -> rule. */
const STRING_FORMATS = new Map<string, Readonly<Record<string, IdentifierRule>>>([
  ['account', { uri: ACCOUNT_URI }], // RFC 9493 section 3.2.1
  ['email', { email: EMAIL }], // RFC 9493 section 3.2.2
  ['iss_sub', { iss: ISSUER, sub: NON_EMPTY_STRING }], // RFC 9493 section 3.2.3
  ['opaque', { id: NON_EMPTY_STRING }], // RFC 9493 section 3.2.4
  ['phone_number', { phone_number: PHONE_NUMBER }], // RFC 9493 section 3.2.5
  ['did', { url: DID_URL }], // RFC 9493 section 3.2.6
  ['uri', { uri: ABSOLUTE_URI }], // RFC 9493 section 3.2.7
  ['jwt_id', { iss: ISSUER, jti: NON_EMPTY_STRING }], // SSF 1.0 section 3.5.1
  ['saml_assertion_id', { issuer: NON_EMPTY_STRING, assertion_id: NON_EMPTY_STRING }], // SSF 1.0 section 3.5.2
]);

/**
 * Parses a Subject Identifier, simple or complex, strictly: the format must be a known one, with every member of
 * that format and no other (RFC 9493 section 3, SSF 1.0 section 3).
 *
 * @returns a copy; under `legacyPhone` with `phone` normalised to `phone_number`
 * @throws SsfError `invalid_request`, naming the member's path, such as `subject.user.email`
 */
export function parseSubject(value: unknown, options: ParseSubjectOptions = {}): SubjectIdentifier {
  const member = options.member ?? 'subject';
  const subject = asIdentifier(value, member);
  return subject.format === 'complex'
    ? parseComplex(subject, member, options)
    : parseSimple(subject, member, options);
}

function parseSimple(
  subject: SubjectIdentifier,
  member: string,
  { legacyPhone = false }: ParseSubjectOptions,
): SubjectIdentifier {
  const identifier = legacyPhone && subject.format === 'phone' ? fromLegacyPhone(subject, member) : subject;
  if (identifier.format === 'aliases') return parseAliases(identifier, member, { legacyPhone });
  if (identifier.format === 'ip-addresses') return parseIpAddresses(identifier, member);

  const rules = STRING_FORMATS.get(identifier.format);
  if (!rules) throw unknownFormat(member);
  refuseOtherMembers(identifier, Object.keys(rules), member);
  for (const [name, rule] of Object.entries(rules)) {
    if (!rule.accepts(identifier[name])) {
      throw invalidRequest({ member: `${member}.${name}`, message: rule.message });
    }
  }
  return { ...identifier };
}

// SSF 1.0 section 3.3: one or more members, each a simple Subject Identifier; names beyond the listed ones are allowed.
function parseComplex(
  subject: SubjectIdentifier,
  member: string,
  options: ParseSubjectOptions,
): SubjectIdentifier {
  const members = Object.entries(subject).filter(([name]) => name !== 'format');
  if (members.length === 0) {
    throw invalidRequest({ member, message: 'a complex subject needs at least one member, such as user' });
  }
  const parsed = members.map(([name, value]) => {
    const path = `${member}.${name}`;
    if (!isNonEmptyText(name))
      throw invalidRequest({ member, message: 'has a member without a usable name' });
    const identifier = asIdentifier(value, path);
    if (identifier.format === 'complex') {
      throw invalidRequest({
        member: path,
        message: 'must be a simple Subject Identifier, not a complex one',
      });
    }
    return [name, parseSimple(identifier, path, options)] as const;
  });
  return { format: 'complex', ...Object.fromEntries(parsed) };
}

// RFC 9493 section 3.2.8: one or more identifiers, none of which is `aliases` again.
function parseAliases(
  subject: SubjectIdentifier,
  member: string,
  options: ParseSubjectOptions,
): SubjectIdentifier {
  refuseOtherMembers(subject, ['identifiers'], member);
  const path = `${member}.identifiers`;
  const identifiers = asNonEmptyArray(subject.identifiers, path, 'Subject Identifiers').map((item, index) => {
    const itemPath = `${path}[${index}]`;
    const identifier = asIdentifier(item, itemPath);
    if (identifier.format === 'aliases' || identifier.format === 'complex') {
      throw invalidRequest({ member: itemPath, message: `must not be of the format ${identifier.format}` });
    }
    return parseSimple(identifier, itemPath, options);
  });
  return { format: 'aliases', identifiers };
}

// SSF 1.0 section 3.5.3: the format and its member are spelled with a hyphen.
function parseIpAddresses(subject: SubjectIdentifier, member: string): SubjectIdentifier {
  refuseOtherMembers(subject, ['ip-addresses'], member);
  const path = `${member}.ip-addresses`;
  const addresses = asNonEmptyArray(subject['ip-addresses'], path, 'IP addresses');
  addresses.forEach((address, index) => {
    if (!IP_ADDRESS.accepts(address)) {
      throw invalidRequest({ member: `${path}[${index}]`, message: IP_ADDRESS.message });
    }
  });
  return { format: 'ip-addresses', 'ip-addresses': [...addresses] };
}

// RISC 1.0 writes `phone`; the registered name is `phone_number` (RFC 9493 section 3.2.5).
function fromLegacyPhone(subject: SubjectIdentifier, member: string): SubjectIdentifier {
  const { phone, ...others } = subject;
  if (phone === undefined) return { ...others, format: 'phone_number' };
  if ('phone_number' in others) {
    throw invalidRequest({ member: `${member}.phone`, message: 'must not stand beside phone_number' });
  }
  return { ...others, format: 'phone_number', phone_number: phone };
}

function asIdentifier(value: unknown, member: string): SubjectIdentifier {
  if (!isJsonObject(value)) {
    throw invalidRequest({ member, message: 'must be a Subject Identifier: a JSON object with a format' });
  }
  if (!hasFormat(value)) {
    throw invalidRequest({
      member: `${member}.format`,
      message: `must be one of ${SUBJECT_FORMATS.join(', ')}`,
    });
  }
  return value;
}

function hasFormat(value: JsonObject): value is SubjectIdentifier {
  return typeof value.format === 'string';
}

function unknownFormat(member: string): SsfError {
  const message = `is not a known Subject Identifier format; use one of ${SUBJECT_FORMATS.join(', ')}`;
  return invalidRequest({ member: `${member}.format`, message });
}

// RFC 9493 section 3: members that the format does not describe must not appear.
function refuseOtherMembers(subject: SubjectIdentifier, known: readonly string[], member: string): void {
  const other = Object.keys(subject).find((name) => name !== 'format' && !known.includes(name));
  if (other !== undefined) {
    throw invalidRequest({
      member: `${member}.${other}`,
      message: `is not a member of the format ${subject.format}, which has ${known.join(' and ')}`,
    });
  }
}

function asNonEmptyArray(value: unknown, member: string, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw invalidRequest({ member, message: `must be an array of at least one of ${what}` });
  }
  return value;
}

const stringFormatSchemas = [...STRING_FORMATS].map(([format, rules]) =>
  objectSchema(format, Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, rule.schema]))),
);

const simpleSubjectSchemas = [
  ...stringFormatSchemas,
  objectSchema('ip-addresses', { 'ip-addresses': { type: 'array', minItems: 1, items: IP_ADDRESS.schema } }),
  objectSchema('aliases', {
    identifiers: { type: 'array', minItems: 1, items: { oneOf: stringFormatSchemas } },
  }),
];

/** The JSON Schema (2020-12) of what `parseSubject` takes, for API descriptions. */
export const subjectIdentifierSchema = {
  description: 'A Subject Identifier (RFC 9493, SSF 1.0 section 3)',
  oneOf: [
    ...simpleSubjectSchemas,
    {
      type: 'object',
      description:
        'A complex subject: one or more simple Subject Identifiers by the name of what they identify',
      properties: { format: { type: 'string', const: 'complex' } },
      required: ['format'],
      minProperties: 2,
      additionalProperties: { oneOf: simpleSubjectSchemas },
    },
  ],
};

function objectSchema(format: string, members: Record<string, unknown>) {
  return {
    type: 'object',
    properties: { format: { type: 'string', const: format }, ...members },
    required: ['format', ...Object.keys(members)],
    additionalProperties: false,
  };
}
