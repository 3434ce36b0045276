import { describe, expect, it } from 'vitest';
import { type Problem, SsfError } from '../errors.js';
import { parseEventCatalogue } from './custom-event-types.js';
import { followRecipe, mappingRecipes, mostEvents, parseEventMapping } from './event-mapping.js';
import { CAEP, RISC } from './event-uris.js';
import type { MappableSignal, MappedEvent } from './signal-types.js';

const occurredAt = new Date('2026-11-21T17:00:00.900Z');
const seconds = 1795280400;
const text = { type: 'string', minLength: 1 };

const LOCKED = 'https://acme.test/events/locked';
const catalogue = parseEventCatalogue([
  {
    uri: LOCKED,
    schema: {
      type: 'object',
      properties: {
        event_timestamp: { type: 'number' },
        reason_admin: { type: 'object' },
        reason: { type: 'string' },
        initiating_entity: { enum: ['admin'] },
      },
      required: ['event_timestamp'],
      additionalProperties: false,
    },
  },
  { uri: 'urn:acme:needs-entity', schema: needing('initiating_entity', { type: 'string' }) },
  { uri: 'urn:acme:needs-reason', schema: needing('reason_user', { type: 'object' }) },
  { uri: 'urn:acme:narrow', schema: needing('credential_type', { enum: ['password'] }) },
  { uri: 'urn:acme:unread', schema: { type: 'object', minProperties: 1 } },
]);

function needing(claim: string, schema: object): Record<string, unknown> {
  return { type: 'object', properties: { [claim]: schema }, required: [claim] };
}

function mapped(mapping: unknown, signal: Omit<MappableSignal, 'occurredAt'>): MappedEvent[] | undefined {
  const recipes = mappingRecipes(parseEventMapping(mapping, catalogue), catalogue, ({ message }) => {
    throw new Error(message);
  });
  return recipes?.get(signal.type)?.map((recipe) => followRecipe(recipe, { occurredAt, ...signal }));
}

function problemsOf(mapping: unknown): readonly Problem[] {
  try {
    parseEventMapping(mapping, catalogue);
  } catch (error) {
    if (error instanceof SsfError) return error.problems;
    throw error;
  }
  return [];
}

describe('a mapping', () => {
  it('makes several events of a signal, in its order, by name or URI', () => {
    const mapping = { 'account.disabled': [{ event: 'session-revoked' }, { event: RISC.accountDisabled }] };

    expect(mapped(mapping, { type: 'account.disabled', details: { reason: 'hijacking' } })).toEqual([
      {
        eventType: CAEP.sessionRevoked,
        payload: { event_timestamp: seconds, reason_admin: { en: 'The session was revoked.' } },
      },
      { eventType: RISC.accountDisabled, payload: { reason: 'hijacking' } },
    ]);
  });

  it('says nothing of other signals', () => {
    expect(mapped({ logout: [] }, { type: 'session.revoked' })).toBeUndefined();
    expect(mapped({ logout: [] }, { type: 'logout' })).toEqual([]);
    expect(mappingRecipes({}, catalogue, () => undefined)).toBeUndefined();
  });

  it('has reasons for signals without one', () => {
    const mapping = {
      'session.revoked': [
        { event: 'session-revoked', reasonAdmin: { de: 'Beendet' }, reasonUser: { en: 'Sign in again.' } },
      ],
    };
    const payloads = (signal: object): unknown =>
      mapped(mapping, { type: 'session.revoked', ...signal })?.map(({ payload }) => payload);

    expect(payloads({})).toMatchObject([
      { reason_admin: { de: 'Beendet' }, reason_user: { en: 'Sign in again.' } },
    ]);
    expect(payloads({ reasonAdmin: { en: 'Offboarding' } })).toMatchObject([
      { reason_admin: { en: 'Offboarding' }, reason_user: { en: 'Sign in again.' } },
    ]);
  });

  it('gives an event of the deployment the claims that it describes, and takes whatever their value', () => {
    const signal = { type: 'account.disabled', initiatingEntity: 'admin' } as const;

    expect(
      mapped(
        { 'account.disabled': [{ event: LOCKED, reasonAdmin: { en: 'Locked' } }] },
        { ...signal, reasonUser: { en: 'Locked' }, details: { reason: 'hijacking' } },
      ),
    ).toEqual([
      {
        eventType: LOCKED,
        payload: { event_timestamp: seconds, reason_admin: { en: 'Locked' }, reason: 'hijacking' },
      },
    ]);
  });

  it('fills what is needed by the defaults of the signal type and by its own', () => {
    expect(problemsOf({ logout: [{ event: 'urn:acme:needs-entity' }] })).toEqual([]);
    expect(problemsOf({ 'mfa.added': [{ event: 'credential-compromise' }] })).toEqual([]);
    expect(problemsOf({ logout: [{ event: 'urn:acme:needs-reason', reasonUser: { en: 'Bye' } }] })).toEqual(
      [],
    );
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no object', [], 'eventMapping', /object/],
    ['an unknown signal', { 'session.lost': [] }, 'eventMapping.session.lost', /signal type/],
    ['signals that name their own', { event: [] }, 'eventMapping.event', /signal type/],
    ['no array', { logout: 'session-revoked' }, 'eventMapping.logout', /array/],
    ['no event', { logout: [{}] }, 'eventMapping.logout[0].event', /URI or the name/],
    ['too many', { logout: Array.from({ length: 11 }, () => ({})) }, 'eventMapping.logout', /at most 10/],
    ['an unknown event', { logout: [{ event: 'lunch' }] }, 'eventMapping.logout[0].event', /not an event/],
    [
      'an event about the stream',
      { logout: [{ event: 'verification' }] },
      'eventMapping.logout[0].event',
      /not an event/,
    ],
    [
      'a deprecated event',
      { logout: [{ event: 'sessions-revoked' }] },
      'eventMapping.logout[0].event',
      /not an event/,
    ],
    [
      'an event twice',
      { logout: [{ event: 'session-revoked' }, { event: CAEP.sessionRevoked }] },
      'eventMapping.logout[1].event',
      /twice/,
    ],
    [
      'an event that needs more',
      { logout: [{ event: 'credential-change' }] },
      'eventMapping.logout[0].event',
      /needs credential_type, change_type, which logout/,
    ],
    [
      'a claim that is not always there',
      { 'session.revoked': [{ event: 'urn:acme:needs-entity' }] },
      'eventMapping.session.revoked[0].event',
      /needs initiating_entity/,
    ],
    [
      'a claim that may have another value',
      { 'password.changed': [{ event: 'urn:acme:narrow' }] },
      'eventMapping.password.changed[0].event',
      /needs credential_type/,
    ],
    [
      'a schema that cannot be read',
      { logout: [{ event: 'urn:acme:unread' }] },
      'eventMapping.logout[0].event',
      /"minProperties"/,
    ],
    [
      'opting out by another signal',
      { 'account.purged': [{ event: 'opt-out-effective' }] },
      'eventMapping.account.purged[0].event',
      /opting out/,
    ],
    [
      'a reason that the event has not',
      { 'account.enabled': [{ event: 'account-enabled', reasonAdmin: { en: 'x' } }] },
      'eventMapping.account.enabled[0].reasonAdmin',
      /no reason_admin/,
    ],
    [
      'a reason that is none',
      { logout: [{ event: 'session-revoked', reasonUser: 'Bye' }] },
      'eventMapping.logout[0].reasonUser',
      /./,
    ],
    [
      'an unknown member',
      { logout: [{ event: 'session-revoked', reason: 'Bye' }] },
      'eventMapping.logout[0].reason',
      /not known/,
    ],
  ])('is refused for %s', (_, mapping, member, message) => {
    expect(problemsOf(mapping)).toEqual([{ member, message: expect.stringMatching(message) as string }]);
  });

  it('says how many SETs a signal may become', () => {
    const recipes = (mapping: object) =>
      mappingRecipes(parseEventMapping(mapping, catalogue), catalogue, () => undefined);

    expect(mostEvents(undefined)).toBe(1);
    expect(mostEvents(recipes({ logout: [] }))).toBe(1);
    expect(mostEvents(recipes({ logout: [{ event: 'session-revoked' }, { event: LOCKED }] }))).toBe(2);
  });
});

describe('a mapping whose event types have changed since', () => {
  it('goes without those that do not suit any more, and tells', () => {
    const mapping = parseEventMapping(
      { logout: [{ event: LOCKED }, { event: 'session-revoked' }] },
      catalogue,
    );
    const told: Problem[] = [];

    const gone = mappingRecipes(mapping, parseEventCatalogue([]), (problem) => told.push(problem));
    const changed = mappingRecipes(
      mapping,
      parseEventCatalogue([{ uri: LOCKED, schema: needing('place', text) }]),
      (problem) => told.push(problem),
    );

    for (const recipes of [gone, changed])
      expect(recipes?.get('logout')?.map(({ eventType }) => eventType)).toEqual([CAEP.sessionRevoked]);
    expect(told.map(({ member }) => member)).toEqual(['eventMapping.logout', 'eventMapping.logout']);
  });
});
