import { describe, expect, it } from 'vitest';
import { RISC } from '../events/event-uris.js';
import { parseSubject } from './parse-subject.js';
import {
  buildSubId,
  parseSignalSubject,
  SUBJECT_FORMAT_CHOICES,
  userIdentifiers,
  type SignalSubject,
} from './signal-subject.js';

const issuer = 'https://idp.acme.test';
const user = {
  id: 'u-31',
  email: 'ana@acme.test',
  phoneNumber: '+15550100',
  account: 'acct:ana@acme.test',
  did: 'did:example:31',
  uri: 'https://acme.test/u/31',
};
const noIdentifier = { reason: 'no_subject_identifier' };

describe('parseSignalSubject', () => {
  it('takes every principal that there is', () => {
    const subject = {
      user: { ...user, groups: ['staff'] },
      session: { id: 's-77' },
      device: { id: 'd-9' },
      application: { id: 'a-1' },
      tenant: { id: 't-1' },
      orgUnit: { id: 'o-1' },
      group: { id: 'g-1' },
    };

    expect(parseSignalSubject(subject)).toEqual(subject);
  });

  it('takes a Subject Identifier instead', () => {
    const subId = { format: 'complex', device: { format: 'opaque', id: 'd-9' } };

    expect(parseSignalSubject({ subId })).toEqual({ subId });
  });

  it.each([
    [{}, 'subject:'],
    [null, 'subject:'],
    [[], 'subject:'],
    [{ user: {} }, 'subject.user:'],
    [{ user: { groups: ['staff'] } }, 'subject.user:'],
    [{ user: { id: 'u', name: 'Ana' } }, 'subject.user.name:'],
    [{ user: { id: '' } }, 'subject.user.id:'],
    [{ user: { id: 31 } }, 'subject.user.id:'],
    [{ user: { email: 'Ana <ana@acme.test>' } }, 'subject.user.email:'],
    [{ user: { phoneNumber: '555-0100' } }, 'subject.user.phoneNumber:'],
    [{ user: { account: 'ana@acme.test' } }, 'subject.user.account:'],
    [{ user: { did: 'example:1' } }, 'subject.user.did:'],
    [{ user: { uri: '/u/31' } }, 'subject.user.uri:'],
    [{ user: { id: 'u', groups: 'staff' } }, 'subject.user.groups:'],
    [{ user: { id: 'u', groups: ['staff', ''] } }, 'subject.user.groups[1]:'],
    [{ session: 's-77' }, 'subject.session:'],
    [{ session: {} }, 'subject.session.id:'],
    [{ session: { id: 's', ip: '::1' } }, 'subject.session.ip:'],
    [{ person: { id: 'u' } }, 'subject.person:'],
    [{ subId: { format: 'email', email: 'ana' } }, 'subject.subId.email:'],
    [{ subId: { format: 'opaque', id: 'x' }, session: { id: 's' } }, 'subject.session:'],
  ])('names the member that is wrong in %j', (value, message) => {
    expect(() => parseSignalSubject(value)).toThrow(message);
  });
});

describe('userIdentifiers', () => {
  it('lists every identifier of the user', () => {
    expect(userIdentifiers({ user }, issuer)).toEqual([
      { format: 'iss_sub', iss: issuer, sub: 'u-31' },
      { format: 'email', email: 'ana@acme.test' },
      { format: 'phone_number', phone_number: '+15550100' },
      { format: 'account', uri: 'acct:ana@acme.test' },
      { format: 'did', url: 'did:example:31' },
      { format: 'uri', uri: 'https://acme.test/u/31' },
      { format: 'opaque', id: 'u-31' },
    ]);
  });

  it('lists what a subId says of the user', () => {
    const email = { format: 'email', email: 'ana@acme.test' };
    const phone = { format: 'phone_number', phone_number: '+15550100' };
    const session = { format: 'opaque', id: 's' };

    expect(userIdentifiers({ subId: email }, issuer)).toEqual([email]);
    expect(userIdentifiers({ subId: { format: 'complex', user: email, session } }, issuer)).toEqual([email]);
    expect(userIdentifiers({ subId: { format: 'aliases', identifiers: [email, phone] } }, issuer)).toEqual([
      email,
      phone,
    ]);
    expect(userIdentifiers({ subId: { format: 'complex', session } }, issuer)).toEqual([]);
  });

  it('lists nothing without a user', () => {
    expect(userIdentifiers({ device: { id: 'd-9' } }, issuer)).toEqual([]);
  });
});

describe('buildSubId', () => {
  it.each(SUBJECT_FORMAT_CHOICES)('builds %s from a user with every identifier', (format) => {
    const built = buildSubId({ user }, format, { issuer });

    expect(built).toEqual({ subId: expect.objectContaining({ format }) as unknown });
    expect('subId' in built && parseSubject(built.subId)).toBeTruthy();
  });

  it.each(SUBJECT_FORMAT_CHOICES.filter((format) => format !== 'complex'))(
    'gives a reason, and no other format, when the user has nothing for %s',
    (format) => {
      const without: SignalSubject = { user: { groups: ['staff'] }, session: { id: 's-77' } };

      expect(buildSubId(without, format, { issuer })).toEqual(noIdentifier);
    },
  );

  it('puts every principal of the signal into a complex subject', () => {
    const subject = {
      user,
      session: { id: 's' },
      device: { id: 'd' },
      application: { id: 'a' },
      tenant: { id: 't' },
      orgUnit: { id: 'o' },
      group: { id: 'g' },
    };

    expect(buildSubId(subject, 'complex', { issuer })).toEqual({
      subId: {
        format: 'complex',
        user: { format: 'iss_sub', iss: issuer, sub: 'u-31' },
        session: { format: 'opaque', id: 's' },
        device: { format: 'opaque', id: 'd' },
        application: { format: 'opaque', id: 'a' },
        tenant: { format: 'opaque', id: 't' },
        org_unit: { format: 'opaque', id: 'o' },
        group: { format: 'opaque', id: 'g' },
      },
    });
  });

  it('takes the first identifier of a user without an id for a complex subject', () => {
    const subject = { user: { phoneNumber: '+15550100', uri: 'https://acme.test/u/31' } };

    expect(buildSubId(subject, 'complex', { issuer })).toEqual({
      subId: { format: 'complex', user: { format: 'phone_number', phone_number: '+15550100' } },
    });
  });

  it('puts every identifier of the user into aliases', () => {
    const subject = { user: { id: 'u-31', email: 'ana@acme.test' }, session: { id: 's' } };

    expect(buildSubId(subject, 'aliases', { issuer })).toEqual({
      subId: {
        format: 'aliases',
        identifiers: [
          { format: 'iss_sub', iss: issuer, sub: 'u-31' },
          { format: 'email', email: 'ana@acme.test' },
          { format: 'opaque', id: 'u-31' },
        ],
      },
    });
  });

  it('sends a subId as it stands whatever the format', () => {
    const subId = { format: 'did', url: 'did:example:31' };

    expect(buildSubId({ subId }, 'email', { issuer })).toEqual({ subId });
  });
});

describe('buildSubId for identifier events', () => {
  const email = { format: 'email', email: 'ana@acme.test' };
  const phone = { format: 'phone_number', phone_number: '+15550100' };
  const changed = { issuer, eventType: RISC.identifierChanged };

  it('is the old value that the signal names', () => {
    const context = { ...changed, identifier: 'old@acme.test' };

    expect(buildSubId({ user }, 'iss_sub', context)).toEqual({
      subId: { format: 'email', email: 'old@acme.test' },
    });
    expect(buildSubId({ user }, 'iss_sub', { ...changed, identifier: '+15550199' })).toEqual({
      subId: { format: 'phone_number', phone_number: '+15550199' },
    });
  });

  it("is the user's e-mail address, or else the phone number", () => {
    const recycled = { issuer, eventType: RISC.identifierRecycled };

    expect(buildSubId({ user }, 'complex', recycled)).toEqual({ subId: email });
    expect(buildSubId({ user: { phoneNumber: '+15550100' } }, 'complex', recycled)).toEqual({ subId: phone });
  });

  it('is of the kind of the new value', () => {
    const context = { ...changed, newIdentifier: '+15550199' };

    expect(buildSubId({ user }, 'iss_sub', context)).toEqual({ subId: phone });
  });

  it('is nothing without an e-mail address or a phone number', () => {
    expect(buildSubId({ user: { id: 'u-31' } }, 'iss_sub', changed)).toEqual(noIdentifier);
    expect(buildSubId({ user }, 'iss_sub', { ...changed, identifier: 'ana' })).toEqual(noIdentifier);
    expect(buildSubId({ subId: { format: 'opaque', id: 'u' } }, 'iss_sub', changed)).toEqual(noIdentifier);
  });
});
