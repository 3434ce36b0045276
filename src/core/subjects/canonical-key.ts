import { hash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../json-object.js';
import type { SubjectIdentifier } from './subject-identifier.js';

/**
 * A string that is equal for two subjects exactly when they are identical (SSF 1.0 section 8.1.3.1): JSON with
 * sorted members, and with the domain of e-mail addresses in lower case.
 */
export function canonicalKey(subject: SubjectIdentifier): string {
  return JSON.stringify(canonicalValue(subject));
}

/** The first eight bytes of a key's SHA-256 as a signed 64-bit integer, which is what a `bigint` column holds. */
export function subjectHash(key: string): bigint {
  return hash('sha256', key, 'buffer').readBigInt64BE();
}

const COMPLEX_MEMBERS = ['user', 'device', 'session', 'application', 'tenant', 'org_unit', 'group'] as const;

/**
 * The principal that a subject is about, by which events are kept in order: the `user` of a complex subject, or
 * else the first of device, session, application, tenant, org_unit and group (SSF 1.0 section 3.3); a simple
 * subject, and a complex one with other members only, itself.
 */
export function principalOf(subject: SubjectIdentifier): SubjectIdentifier {
  if (subject.format !== 'complex') return subject;
  const name = COMPLEX_MEMBERS.find((member) => isJsonObject(subject[member]));
  return name === undefined ? subject : (subject[name] as SubjectIdentifier);
}

function canonicalValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonicalValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [
        name,
        isEmailOf(value, name) ? withLowerCaseDomain(value[name]) : canonicalValue(value[name]),
      ]),
  );
}

function isEmailOf(value: JsonObject, name: string): boolean {
  return name === 'email' && value.format === 'email';
}

// RFC 9493 section 3.2.2 asks to canonicalise. Only the domain is known to be case-insensitive (RFC 5321 section 2.4).
function withLowerCaseDomain(email: unknown): unknown {
  if (typeof email !== 'string') return canonicalValue(email);
  const at = email.lastIndexOf('@');
  return email.slice(0, at) + email.slice(at).toLowerCase();
}
