import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventCatalogue } from '../../core/events/event-catalogue.js';
import { applyProfile } from '../../core/sources/apply-profile.js';
import { PRODUCT_PROFILES } from '../../core/sources/source-profiles.js';
import { parseSignalItem, type Parsed } from '../parse-signal.js';
import * as samples from './source-samples.fixture.js';

const { authentik, keycloak, logto } = PRODUCT_PROFILES;
const context = { catalogue: createEventCatalogue(), now: new Date('2026-11-22T00:00:00Z') };

type Product = keyof typeof PRODUCT_PROFILES;

/** What becomes of an event: its signal as it would be recorded, or why there is none. */
function outcome(product: Product, event: unknown): Parsed['signal'] | string {
  const applied = applyProfile(PRODUCT_PROFILES[product], event);
  if ('reason' in applied) return applied.reason;
  const value = { ...applied.signal, provider: 'acme' };
  const { signal, problems } = parseSignalItem({ value, pathOf: (member) => member }, context);
  return signal ?? problems.map(({ member, message }) => `${member}: ${message}`).join();
}

const { AUTHENTIK_LOGIN, KEYCLOAK_LOGOUT, KEYCLOAK_USER_DISABLED, LOGTO_SIGN_IN, LOGTO_SUSPENDED } = samples;
const ADMIN_ACTION = { ...KEYCLOAK_USER_DISABLED, type: 'admin.USER-ACTION' };
const CREDENTIAL = { ...KEYCLOAK_LOGOUT, type: 'access.UPDATE_CREDENTIAL' };
const MANAGED = '396664b6-40c5-4d45-bedf-2d8dd0f2af0e';
const ANA = { id: 'u3xk1', email: 'ana@acme.test' };

describe('an event becomes a signal', () => {
  it.each<[Product, string, unknown, object]>([
    [
      'authentik',
      'login, whose address is none',
      AUTHENTIK_LOGIN,
      {
        type: 'session.established',
        externalId: AUTHENTIK_LOGIN.pk,
        occurredAt: new Date('2023-02-15T15:33:42.771Z'),
        subject: { user: { id: '1' } },
      },
    ],
    [
      'authentik',
      'logout',
      { ...AUTHENTIK_LOGIN, action: 'logout', user: { pk: 31, email: 'ana@acme.test' } },
      { type: 'logout', subject: { user: { id: '31', email: 'ana@acme.test' } } },
    ],
    [
      'authentik',
      'password_set',
      { ...AUTHENTIK_LOGIN, action: 'password_set' },
      { type: 'password.changed' },
    ],
    [
      'authentik',
      'a deleted user, not the one who deleted',
      samples.AUTHENTIK_USER_DELETED,
      { type: 'account.purged', subject: { user: { id: '31' } } },
    ],
    [
      'keycloak',
      'LOGOUT',
      KEYCLOAK_LOGOUT,
      {
        type: 'logout',
        externalId: KEYCLOAK_LOGOUT.id,
        occurredAt: new Date(KEYCLOAK_LOGOUT.time),
        subject: {
          user: { id: KEYCLOAK_LOGOUT.authDetails.userId },
          session: { id: KEYCLOAK_LOGOUT.authDetails.sessionId },
        },
      },
    ],
    [
      'keycloak',
      'LOGIN',
      { ...KEYCLOAK_LOGOUT, type: 'access.LOGIN' },
      { type: 'session.established', details: { clientId: 'account' } },
    ],
    [
      'keycloak',
      'a new password',
      { ...CREDENTIAL, details: { credential_type: 'password' } },
      { type: 'password.changed', initiatingEntity: 'user' },
    ],
    ['keycloak', 'a new OTP', { ...CREDENTIAL, details: { credential_type: 'otp' } }, { type: 'mfa.added' }],
    [
      'keycloak',
      'a removed OTP',
      { ...CREDENTIAL, type: 'access.REMOVE_CREDENTIAL', details: { credential_type: 'otp' } },
      { type: 'mfa.removed' },
    ],
    [
      'keycloak',
      'another e-mail address',
      {
        ...KEYCLOAK_LOGOUT,
        type: 'access.UPDATE_EMAIL',
        details: { previous_email: 'old@acme.test', updated_email: 'new@acme.test' },
      },
      {
        type: 'identifier.changed',
        subject: { user: { id: KEYCLOAK_LOGOUT.authDetails.userId, email: 'old@acme.test' } },
        details: { newValue: 'new@acme.test' },
      },
    ],
    [
      'keycloak',
      'a user whom an administrator disabled',
      KEYCLOAK_USER_DISABLED,
      {
        type: 'account.disabled',
        externalId: KEYCLOAK_USER_DISABLED.uid,
        subject: { user: { id: MANAGED } },
      },
    ],
    [
      'keycloak',
      'a password that an administrator set',
      { ...ADMIN_ACTION, resourcePath: `users/${MANAGED}/reset-password` },
      { type: 'password.changed', subject: { user: { id: MANAGED } }, initiatingEntity: 'admin' },
    ],
    [
      'keycloak',
      'sessions that an administrator ended',
      { ...ADMIN_ACTION, resourcePath: `users/${MANAGED}/logout` },
      { type: 'session.revoked', subject: { user: { id: MANAGED } } },
    ],
    [
      'keycloak',
      'a deleted user',
      { ...KEYCLOAK_USER_DISABLED, type: 'admin.USER-DELETE', representation: undefined },
      { type: 'account.purged', subject: { user: { id: MANAGED } } },
    ],
    [
      'logto',
      'PostSignIn',
      LOGTO_SIGN_IN,
      {
        type: 'session.established',
        externalId: 'hook-1 PostSignIn 2026-11-20T17:00:00.000Z u3xk1',
        occurredAt: new Date(LOGTO_SIGN_IN.createdAt),
        subject: { user: ANA, session: { id: 'session-77' } },
        details: { clientId: 'app-1' },
      },
    ],
    ['logto', 'a suspension', LOGTO_SUSPENDED, { type: 'account.disabled', subject: { user: ANA } }],
    [
      'logto',
      'its end, of a user in the path alone',
      { ...LOGTO_SUSPENDED, data: { isSuspended: false } },
      { type: 'account.enabled', subject: { user: { id: 'u3xk1' } } },
    ],
    ['logto', 'a deleted user', { ...LOGTO_SUSPENDED, event: 'User.Deleted' }, { type: 'account.purged' }],
    [
      'logto',
      'a password that an administrator set',
      { ...LOGTO_SUSPENDED, event: 'User.Data.Updated', matchedRoute: '/users/:userId/password' },
      { type: 'password.changed', initiatingEntity: 'admin' },
    ],
    [
      'logto',
      'a password reset',
      { ...LOGTO_SIGN_IN, event: 'PostResetPassword' },
      { type: 'password.changed', subject: { user: ANA } },
    ],
  ])('%s: %s', (product, _what, event, signal) => {
    expect(outcome(product, event)).toMatchObject(signal);
  });
});

describe('an event becomes none', () => {
  it.each<[Product, string, unknown, RegExp]>([
    ['authentik', 'the default body', samples.AUTHENTIK_DEFAULT_BODY, /no action: .*body mapping/],
    ['authentik', 'a failed login', { ...AUTHENTIK_LOGIN, action: 'login_failed' }, /maps no login_failed/],
    ['authentik', 'a user without id', { ...AUTHENTIK_LOGIN, user: { pk: '' } }, /^user.pk: is required/],
    ['authentik', 'no id', { ...AUTHENTIK_LOGIN, pk: undefined }, /^pk: is required/],
    ['authentik', 'no time', { ...AUTHENTIK_LOGIN, created: 7 }, /^created/],
    ['authentik', 'a day as time', { ...AUTHENTIK_LOGIN, created: '2023-02-15' }, /^occurredAt/],
    [
      'keycloak',
      'an enabled user',
      { ...KEYCLOAK_USER_DISABLED, representation: '{"enabled":true}' },
      /maps no admin.USER-UPDATE of this kind/,
    ],
    ['keycloak', 'no JSON', { ...KEYCLOAK_USER_DISABLED, representation: '{' }, /maps no/],
    [
      'keycloak',
      'a password as it was told before',
      { ...CREDENTIAL, type: 'access.UPDATE_PASSWORD' },
      /maps no/,
    ],
    ['keycloak', 'a time in words', { ...KEYCLOAK_LOGOUT, time: 'now' }, /^time/],
    ['logto', 'another change', { ...LOGTO_SUSPENDED, event: 'User.Data.Updated' }, /maps no/],
    ['logto', 'no object', [LOGTO_SIGN_IN], /no event/],
  ])('%s: %s', (product, _what, event, reason) => {
    expect(outcome(product, event)).toMatch(reason);
  });
});

// What a token holder may send: what the profiles look at, with anything in its place.
const anything = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }));
function resembling(sample: object): fc.Arbitrary<unknown> {
  const members = Object.entries(sample).map(([name, value]) => [
    name,
    fc.oneof({ weight: 4, arbitrary: fc.constant(value as unknown) }, anything),
  ]);
  return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [],
  });
}

it.each<[Product, object[]]>([
  ['authentik', [AUTHENTIK_LOGIN, samples.AUTHENTIK_USER_DELETED]],
  ['keycloak', [KEYCLOAK_LOGOUT, KEYCLOAK_USER_DISABLED]],
  ['logto', [LOGTO_SIGN_IN, LOGTO_SUSPENDED]],
])('whatever comes to %s becomes a valid signal or has a reason', (product, likeThese) => {
  let signals = 0;
  fc.assert(
    fc.property(fc.oneof(anything, ...likeThese.map(resembling)), (event) => {
      const became = outcome(product, event);
      if (typeof became === 'string') expect(became).not.toBe('');
      else signals += 1;
    }),
    { numRuns: 1000 },
  );
  expect(signals).toBeGreaterThan(0);
});

it('names of members that every object has lead nowhere', () => {
  const event = JSON.parse(
    '{"action":"login","pk":"1","created":"2026-01-01T00:00:00Z","user":{}}',
  ) as object;
  const profile = {
    ...authentik,
    rules: [{ match: {}, signal: { type: 'logout', user: { id: 'user.constructor.name' } } }],
  } as const;

  expect(applyProfile(profile, event)).toMatchObject({
    reason: expect.stringContaining('is required') as string,
  });
  expect([keycloak.signatureHeader, logto.signatureHeader]).toEqual([
    'x-keycloak-signature',
    'logto-signature-sha-256',
  ]);
});
