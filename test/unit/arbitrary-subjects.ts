import fc from 'fast-check';
import type { SubjectIdentifier } from '../../src/core/subjects/subject-identifier.js';

const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => !/[\0\p{Cs}]/u.test(value));
const email = fc.tuple(word, word).map(([local, domain]) => `${local}@${domain}.test`);
const phone = fc.stringMatching(/^\+[1-9]\d{1,14}$/);

/** A Subject Identifier of any format whose members are plain strings. */
export const plainSubject: fc.Arbitrary<SubjectIdentifier> = fc.oneof(
  word.map((name) => ({ format: 'account', uri: `acct:${name}@example.com` })),
  email.map((address) => ({ format: 'email', email: address })),
  fc.tuple(word, text).map(([host, sub]) => ({ format: 'iss_sub', iss: `https://${host}.test`, sub })),
  text.map((id) => ({ format: 'opaque', id })),
  phone.map((number) => ({ format: 'phone_number', phone_number: number })),
  word.map((id) => ({ format: 'did', url: `did:example:${id}` })),
  word.map((path) => ({ format: 'uri', uri: `https://example.com/${path}` })),
  fc.tuple(word, text).map(([host, jti]) => ({ format: 'jwt_id', iss: `https://${host}.test`, jti })),
  fc.tuple(text, text).map(([issuer, id]) => ({ format: 'saml_assertion_id', issuer, assertion_id: id })),
);

export const simpleSubject: fc.Arbitrary<SubjectIdentifier> = fc.oneof(
  plainSubject,
  fc
    .array(plainSubject, { minLength: 1, maxLength: 3 })
    .map((identifiers) => ({ format: 'aliases', identifiers })),
  fc
    .array(fc.oneof(fc.ipV4(), fc.ipV6()), { minLength: 1, maxLength: 3 })
    .map((addresses) => ({ format: 'ip-addresses', 'ip-addresses': addresses })),
);

const memberName = fc.oneof(
  fc.constantFrom('user', 'device', 'session', 'application', 'tenant', 'org_unit', 'group'),
  fc.constantFrom('0', '__proto__', 'constructor', 'x_custom'),
);

export const complexSubject: fc.Arbitrary<SubjectIdentifier> = fc
  .uniqueArray(fc.tuple(memberName, simpleSubject), {
    minLength: 1,
    maxLength: 4,
    selector: ([name]) => name,
  })
  .map((members) => ({ format: 'complex', ...Object.fromEntries(members) }));

export const anySubject = fc.oneof(simpleSubject, complexSubject);
