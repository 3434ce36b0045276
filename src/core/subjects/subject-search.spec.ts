import { describe, expect, it } from 'vitest';
import type { SignalSubject } from './signal-subject.js';
import { searchHashes, subjectHashes } from './subject-search.js';
import type { SubjectIdentifier } from './subject-identifier.js';

const ISSUER = 'https://idp.acme.test';
const ANA: SignalSubject = {
  user: {
    id: 'u-31',
    email: 'Ana@acme.test',
    phoneNumber: '+15550100',
    account: 'acct:ana@acme.test',
    did: 'did:example:123',
    uri: 'https://acme.test/ana',
  },
  session: { id: 's-77' },
};

function finds(
  search: string | SubjectIdentifier,
  subject: SignalSubject,
  details: Readonly<Record<string, unknown>> = {},
): boolean {
  const stored = new Set(subjectHashes({ subject, details }));
  return searchHashes(search, [ISSUER]).some((hash) => stored.has(hash));
}

describe('a signal about a user is found by', () => {
  it.each<[string, string | SubjectIdentifier]>([
    ['the id', 'u-31'],
    ['the e-mail address', 'Ana@acme.test'],
    ['the e-mail address with another case of the domain', 'Ana@ACME.test'],
    ['the phone number', '+15550100'],
    ['the account', 'acct:ana@acme.test'],
    ['the DID', 'did:example:123'],
    ['the URI', 'https://acme.test/ana'],
    ['issuer and sub', { format: 'iss_sub', iss: ISSUER, sub: 'u-31' }],
    ['the opaque id', { format: 'opaque', id: 'u-31' }],
    ['an e-mail identifier', { format: 'email', email: 'Ana@acme.test' }],
    ['a complex subject with the user', { format: 'complex', user: { format: 'opaque', id: 'u-31' } }],
    [
      'aliases of which one is the user',
      {
        format: 'aliases',
        identifiers: [
          { format: 'opaque', id: 'x' },
          { format: 'email', email: 'Ana@acme.test' },
        ],
      },
    ],
  ])('%s', (_, search) => {
    expect(finds(search, ANA)).toBe(true);
  });

  it.each<[string, string | SubjectIdentifier]>([
    ['another id', 'u-3'],
    ['another case of the local part', 'ana@acme.test'],
    ['the session', 's-77'],
    ['the same sub of another issuer', { format: 'iss_sub', iss: 'https://other.test', sub: 'u-31' }],
    ['nothing', ''],
  ])('but not by %s', (_, search) => {
    expect(finds(search, ANA)).toBe(false);
  });
});

describe('a signal with a Subject Identifier of its own is found by', () => {
  it('the sub of the issuer, bare or with it', () => {
    const subject = { subId: { format: 'iss_sub', iss: ISSUER, sub: 'u-31' } };

    expect(finds('u-31', subject)).toBe(true);
    expect(finds({ format: 'opaque', id: 'u-31' }, subject)).toBe(true);
    expect(finds(subject.subId, subject)).toBe(true);
  });

  it('a sub of another issuer with that issuer only', () => {
    const subject = { subId: { format: 'iss_sub', iss: 'https://other.test', sub: 'u-31' } };

    expect(finds(subject.subId, subject)).toBe(true);
    expect(finds('u-31', subject)).toBe(false);
  });

  it('each of its aliases, and its user when it is complex', () => {
    const identifiers = [
      { format: 'email', email: 'ana@acme.test' },
      { format: 'phone_number', phone_number: '+15550100' },
    ];
    const aliases = { format: 'aliases', identifiers };
    const complex = { format: 'complex', user: aliases, tenant: { format: 'opaque', id: 't-1' } };

    for (const subId of [aliases, complex])
      for (const search of ['ana@acme.test', '+15550100']) expect(finds(search, { subId })).toBe(true);
    expect(finds('t-1', { subId: complex })).toBe(false);
  });
});

describe('a signal without a user is found by', () => {
  it('what it is about', () => {
    expect(finds('d-9', { device: { id: 'd-9' } })).toBe(true);
    const subId = { format: 'complex', device: { format: 'opaque', id: 'd-9' } };
    expect(finds('d-9', { subId })).toBe(true);
  });
});

describe('a change of an identifier is found by', () => {
  it('the old and the new one', () => {
    const details = { oldValue: 'ana@acme.test', newValue: 'ana.gil@acme.test', other: 'x@acme.test' };
    const subject = { user: { id: 'u-31' } };

    for (const search of ['ana@acme.test', 'ana.gil@acme.test', 'u-31'])
      expect(finds(search, subject, details)).toBe(true);
    expect(finds('x@acme.test', subject, details)).toBe(false);
  });
});

describe('what a signal is stored under', () => {
  it('has one entry per identifier', () => {
    expect(subjectHashes({ subject: ANA, details: {} })).toHaveLength(6);
    expect(subjectHashes({ subject: { user: { id: 'u-31' } }, details: {} })).toHaveLength(1);
  });
});
