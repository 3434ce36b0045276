import { describe, expect, it } from 'vitest';
import { isExcludedBy, matchesAdded, matchesAddedUser } from './match-subject.js';

const email = { format: 'email', email: 'ana@acme.test' };
const issSub = { format: 'iss_sub', iss: 'https://idp.acme.test', sub: 'u-31' };
const phone = { format: 'phone_number', phone_number: '+15550100' };
const session = { format: 'opaque', id: 's-77' };
const device = { format: 'opaque', id: 'd-9' };

describe('matchesAdded', () => {
  it('compares the domain of e-mail addresses without regard to case', () => {
    expect(matchesAdded({ format: 'email', email: 'ana@ACME.test' }, email)).toBe(true);
  });

  it('matches aliases by any identifier', () => {
    const aliases = { format: 'aliases', identifiers: [phone, email] };

    expect(matchesAdded(aliases, email)).toBe(true);
    expect(matchesAdded(email, aliases)).toBe(true);
    expect(matchesAdded(aliases, { format: 'aliases', identifiers: [issSub, phone] })).toBe(true);
    expect(matchesAdded(aliases, issSub)).toBe(false);
    expect(matchesAdded({ format: 'complex', user: aliases }, { format: 'complex', user: email })).toBe(true);
  });

  it('does not take inherited members for members of the subject', () => {
    const added = JSON.parse(
      '{"format":"complex","toString":{"format":"opaque","id":"x"}}',
    ) as typeof session;

    expect(matchesAdded(added, { format: 'complex', user: email })).toBe(true);
  });
});

describe('matchesAddedUser', () => {
  it('matches a simple subject that is any identifier of the user', () => {
    expect(matchesAddedUser(email, issSub, [issSub, email])).toBe(true);
    expect(matchesAddedUser(email, { format: 'complex', user: issSub, session }, [issSub, email])).toBe(true);
  });

  it('matches aliases that contain an identifier of the user', () => {
    const aliases = { format: 'aliases', identifiers: [phone, email] };

    expect(matchesAddedUser(aliases, issSub, [issSub, email])).toBe(true);
  });

  it('does not match what is neither', () => {
    expect(matchesAddedUser(phone, issSub, [issSub, email])).toBe(false);
    expect(matchesAddedUser({ format: 'complex', user: email }, issSub, [issSub, email])).toBe(false);
  });
});

describe('isExcludedBy', () => {
  it('excludes an event that has every removed member', () => {
    const removed = { format: 'complex', user: email };

    expect(isExcludedBy(removed, { format: 'complex', user: email, session })).toBe(true);
  });

  it('does not exclude an event that lacks a removed member', () => {
    const removed = { format: 'complex', user: email, device };

    expect(isExcludedBy(removed, { format: 'complex', user: email })).toBe(false);
    expect(isExcludedBy(removed, email)).toBe(false);
  });

  it('does not exclude an event that differs in a removed member', () => {
    const removed = { format: 'complex', user: email, device };

    expect(isExcludedBy(removed, { format: 'complex', user: email, device: session })).toBe(false);
  });

  it('excludes the events of a user by any identifier', () => {
    expect(isExcludedBy(email, issSub, [issSub, email])).toBe(true);
    expect(isExcludedBy(email, { format: 'complex', user: issSub, session }, [issSub, email])).toBe(true);
    expect(isExcludedBy(email, email)).toBe(true);
    expect(isExcludedBy(phone, issSub, [issSub, email])).toBe(false);
  });
});
