import { describe, expect, it } from 'vitest';
import { createEventCatalogue } from './event-catalogue.js';
import { CAEP, RISC, SSF } from './event-uris.js';
import {
  mapSignal,
  SIGNAL_TYPES,
  validateReason,
  validateSignalDetails,
  type MappableSignal,
  type SignalType,
} from './signal-types.js';

const occurredAt = new Date('2026-11-21T17:00:00.900Z');
const seconds = 1795280400;
const catalogue = createEventCatalogue();

/** Details with every member, where a type needs some. */
const DETAILS: Partial<Record<SignalType, Record<string, unknown>>> = {
  'session.established': {
    acr: '2',
    amr: ['pwd'],
    userAgentFingerprint: 'c0ffee',
    externalId: 'x',
    clientId: 'crm',
  },
  'session.presented': { acr: '2', amr: ['pwd'], userAgentFingerprint: 'c0ffee', externalId: 'x' },
  'mfa.removed': { credentialType: 'fido2-roaming', friendlyName: 'Blue key', fido2Aaguid: '2fc0579f' },
  'credential.compromised': { credentialType: 'password' },
  'token-claims.changed': { claims: { dept: 'finance' } },
  'assurance-level.changed': {
    namespace: 'NIST-AAL',
    currentLevel: '3',
    previousLevel: '2',
    changeDirection: 'increase',
  },
  'device.compliance-changed': { previousStatus: 'compliant', currentStatus: 'not-compliant' },
  'risk-level.changed': {
    principal: 'USER',
    currentLevel: 'HIGH',
    previousLevel: 'LOW',
    riskReason: 'TRAVEL',
  },
  'account.disabled': { reason: 'hijacking' },
  'identifier.changed': { oldValue: 'ana@acme.test', newValue: 'ana.gil@acme.test' },
  event: { eventType: CAEP.sessionPresented, payload: { fp_ua: 'c0ffee' } },
};
const types = Object.keys(SIGNAL_TYPES) as SignalType[];

describe('every signal type', () => {
  it.each(types)('%s becomes an event that the profile takes, from details that it takes', (type) => {
    const details = DETAILS[type] ?? {};
    const identifier = { format: 'email', email: 'ana@acme.test' };

    const event = mapSignal({ type, occurredAt, details });

    expect(validateSignalDetails(type, details)).toEqual([]);
    expect(catalogue.validateEvent(event.eventType, event.payload, identifier, 'iop')).toEqual([]);
  });

  it.each(types)('%s refuses a detail that it does not know by name', (type) => {
    const problems = validateSignalDetails(type, { ...DETAILS[type], shoeSize: 9 });

    expect(problems).toEqual([{ member: 'details.shoeSize', message: 'is not known' }]);
  });
});

describe('validateSignalDetails', () => {
  it('takes absent details where none are needed', () => {
    expect(validateSignalDetails('logout', undefined)).toEqual([]);
  });

  it.each<[SignalType, unknown, string]>([
    ['credential.compromised', {}, 'details.credentialType'],
    ['token-claims.changed', { claims: {} }, 'details.claims'],
    ['device.compliance-changed', { currentStatus: 'compliant' }, 'details.previousStatus'],
    ['account.disabled', { reason: { en: 'hijacking' } }, 'details.reason'],
    ['mfa.added', { changeType: 'changed' }, 'details.changeType'],
    ['session.established', { amr: 'otp' }, 'details.amr'],
    ['event', {}, 'details.eventType'],
    ['event', { eventType: SSF.verification }, 'details.eventType'],
    ['logout', [], 'details'],
  ])('names what is wrong in the details of %s', (type, details, member) => {
    const problems = validateSignalDetails(type, details);

    expect(problems.map((problem) => problem.member)).toEqual([member]);
  });
});

describe('validateReason', () => {
  it('takes texts by language tag', () => {
    expect(validateReason({ en: 'Offboarding', 'es-419': 'Baja' }, 'reasonAdmin')).toEqual([]);
  });

  it.each([
    ['Offboarding'],
    [{}],
    [{ en: '' }],
    [{ en: 7 }],
    [{ 'not a tag': 'x' }],
    [{ en: 'a\0' }],
    [null],
  ])('refuses %j', (value) => {
    const problems = validateReason(value, 'reasonAdmin');

    expect(problems[0]?.member).toMatch(/^reasonAdmin/);
  });
});

describe('mapSignal', () => {
  it('makes session-revoked by the user of a logout', () => {
    expect(map({ type: 'logout' })).toEqual({
      eventType: CAEP.sessionRevoked,
      payload: {
        event_timestamp: seconds,
        initiating_entity: 'user',
        reason_admin: { en: 'The user signed out.' },
      },
    });
  });

  it('passes on what the signal says of entity and reasons', () => {
    const signal = {
      type: 'logout',
      initiatingEntity: 'admin',
      reasonAdmin: { en: 'Offboarding' },
      reasonUser: { en: 'You were signed out.' },
    } as const;

    expect(map(signal).payload).toEqual({
      event_timestamp: seconds,
      initiating_entity: 'admin',
      reason_admin: { en: 'Offboarding' },
      reason_user: { en: 'You were signed out.' },
    });
  });

  it('names no initiating entity that nobody gave', () => {
    expect(map({ type: 'session.revoked' }).payload).not.toHaveProperty('initiating_entity');
  });

  it.each([
    ['password.changed', 'password', 'update'],
    ['mfa.added', 'app', 'create'],
    ['mfa.removed', 'app', 'delete'],
    ['mfa.updated', 'app', 'update'],
  ] as const)('makes credential-change of %s', (type, credentialType, changeType) => {
    const event = map({ type });

    expect(event.eventType).toBe(CAEP.credentialChange);
    expect(event.payload).toMatchObject({ credential_type: credentialType, change_type: changeType });
    expect(event.payload.reason_admin).toEqual({ en: expect.stringMatching(/./) as string });
  });

  it('lets the details say more exactly what changed', () => {
    const details = { credentialType: 'fido-u2f', changeType: 'revoke', x509Issuer: 'CN=Acme' };

    expect(map({ type: 'mfa.removed', details }).payload).toMatchObject({
      credential_type: 'fido-u2f',
      change_type: 'revoke',
      x509_issuer: 'CN=Acme',
    });
  });

  it('keeps RISC payloads to the claims of the event', () => {
    const common = { initiatingEntity: 'admin', reasonAdmin: { en: 'x' }, reasonUser: { en: 'y' } } as const;

    expect(map({ type: 'account.purged', ...common }).payload).toEqual({});
    expect(map({ type: 'account.disabled', ...common, details: { reason: 'hijacking' } }).payload).toEqual({
      reason: 'hijacking',
    });
    expect(
      map({ type: 'credential.compromised', ...common, details: { credentialType: 'pin' } }).payload,
    ).toEqual({
      event_timestamp: seconds,
      reason_admin: { en: 'x' },
      reason_user: { en: 'y' },
      credential_type: 'pin',
    });
  });

  it('sends the new value of an identifier with a hyphen, and never the old one', () => {
    const details = { oldValue: 'ana@acme.test', newValue: 'ana.gil@acme.test' };

    expect(map({ type: 'identifier.changed', details })).toEqual({
      eventType: RISC.identifierChanged,
      payload: { 'new-value': 'ana.gil@acme.test' },
    });
  });

  it('keeps the client of an established session to itself', () => {
    const details = { clientId: 'crm', userAgentFingerprint: 'c0ffee' };

    expect(map({ type: 'session.established', details }).payload).toEqual({
      event_timestamp: seconds,
      fp_ua: 'c0ffee',
    });
  });

  it('leaves the payload of an event as it is, and adds the common claims that it lacks', () => {
    const payload = { event_timestamp: 1, credential_type: 'pin', change_type: 'update', x_acme: true };

    expect(map({ type: 'event', details: { eventType: CAEP.credentialChange, payload } }).payload).toEqual({
      ...payload,
      reason_admin: { en: 'A credential was changed.' },
    });
    expect(map({ type: 'event', details: { eventType: 'urn:acme:badge-lost', payload } }).payload).toEqual(
      payload,
    );
    expect(map({ type: 'event', details: { eventType: RISC.optIn } }).payload).toEqual({});
  });
});

function map(signal: Omit<MappableSignal, 'occurredAt'>) {
  return mapSignal({ occurredAt, ...signal });
}
