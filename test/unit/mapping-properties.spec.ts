import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Application } from '../../src/applications/application.entity.js';
import { SsfError } from '../../src/core/errors.js';
import { parseEventCatalogue } from '../../src/core/events/custom-event-types.js';
import { type EventMapping, mappingRecipes, parseEventMapping } from '../../src/core/events/event-mapping.js';
import { SIGNAL_TYPES, type SignalType } from '../../src/core/events/signal-types.js';
import { validateSetEnvelope } from '../../src/core/set/validate-set.js';
import { SUBJECT_FORMAT_CHOICES } from '../../src/core/subjects/signal-subject.js';
import { fromRow, toRow } from '../../src/signals/signal-row.js';
import { batchClock, type Decision, decide, type FanOutPlan } from '../../src/signals/fan-out-plan.js';
import type { NewSignal } from '../../src/signals/signal.js';
import type { Stream } from '../../src/streams/stream.entity.js';
import { NOW, reason, signalOf } from './arbitrary-signals.js';

const ISSUER = 'https://idp.test';
const HEADER = { typ: 'secevent+jwt', alg: 'ES256', kid: 'k' };
const TYPES = (Object.keys(SIGNAL_TYPES) as SignalType[]).filter((type) => type !== 'event');

/** Event types that ask for something, each in its own way. */
const catalogue = parseEventCatalogue([
  { uri: 'urn:acme:anything', schema: { type: 'object' } },
  { uri: 'urn:acme:nothing', schema: { type: 'object', additionalProperties: false } },
  {
    uri: 'urn:acme:claims',
    schema: {
      type: 'object',
      properties: {
        event_timestamp: { type: 'integer' },
        initiating_entity: { enum: ['admin', 'user', 'policy', 'system', 'other'] },
        reason_admin: { type: 'object', additionalProperties: { type: 'string' } },
        reason_user: { type: 'object', maxProperties: 1 },
        reason: { type: 'string', enum: ['hijacking'] },
        credential_type: { type: 'string' },
        change_type: { type: 'string', maxLength: 6 },
        friendly_name: { type: 'string', minLength: 3 },
        amr: { type: 'array', items: { type: 'string' } },
        claims: { type: 'object' },
      },
      required: ['event_timestamp'],
      additionalProperties: false,
    },
  },
  {
    uri: 'urn:acme:credential',
    schema: {
      type: 'object',
      properties: { credential_type: { type: 'string' }, reason_user: { type: 'object' } },
      required: ['credential_type'],
    },
  },
  {
    uri: 'urn:acme:entity',
    schema: {
      type: 'object',
      properties: { initiating_entity: { type: 'string' } },
      required: ['initiating_entity'],
    },
  },
]);
const EVENTS = catalogue.list().map(({ uri }) => uri);

const event = fc.oneof(
  fc.constantFrom(...EVENTS),
  fc.constantFrom(...EVENTS.filter((uri) => uri.startsWith('urn:acme:'))),
);
const choice = fc.oneof(
  fc.record({ event }),
  fc.record({ event, reasonAdmin: reason, reasonUser: reason }, { requiredKeys: ['event'] }),
);

/** A mapping of one signal type: those of the choices that are taken there. */
function mappingOf(type: SignalType): fc.Arbitrary<EventMapping> {
  const isTaken = (each: object): boolean => accepts({ [type]: [each] });
  return fc
    .uniqueArray(choice, { maxLength: 25, selector: ({ event }) => event })
    .map((choices) => choices.filter(isTaken).slice(0, 10))
    .map((choices) => parseEventMapping({ [type]: choices }, catalogue));
}

function accepts(mapping: unknown): boolean {
  try {
    parseEventMapping(mapping, catalogue);
    return true;
  } catch (error) {
    if (error instanceof SsfError) return false;
    throw error;
  }
}

/** A stream for each subject format, one of the legacy profile among them, that wants everything. */
function planWith(mapping: EventMapping): FanOutPlan {
  const streams = SUBJECT_FORMAT_CHOICES.map((subjectFormat, index) => ({
    stream: { id: subjectFormat, status: 'enabled', audience: ['https://rx.test'] } as Stream,
    application: {
      id: subjectFormat,
      subjectFormat,
      legacyProfile: index === 0,
      allowedGroups: null,
      allowedTenants: null,
      clientId: null,
    } as Application,
    delivered: new Set(EVENTS),
  }));
  return {
    issuer: ISSUER,
    streams,
    mapping: mappingRecipes(mapping, catalogue, ({ message }) => {
      throw new Error(message);
    }),
  } as unknown as FanOutPlan;
}

function decided(mapping: EventMapping, signal: NewSignal): Decision[] {
  const id = 'signal-1';
  return decide(planWith(mapping), fromRow(toRow(signal, id)), batchClock(NOW));
}

function claimsOf(decisions: readonly Decision[]): Record<string, unknown>[] {
  return decisions.flatMap((decision) =>
    'set' in decision ? [JSON.parse(decision.set.claims) as Record<string, unknown>] : [],
  );
}

/** `brought`: members of the payload that are the signal's own affair. */
function problemsOf(claims: Record<string, unknown>, brought: readonly string[] = []): unknown[] {
  const [payload = {}] = Object.values(claims.events as Record<string, Record<string, unknown>>);
  const isEmpty = (value: unknown): boolean =>
    value === null || value === '' || JSON.stringify(value) === '{}';
  return [
    ...validateSetEnvelope(HEADER, claims, { iss: ISSUER, aud: 'https://rx.test' }, catalogue),
    ...['sub', 'exp'].filter((claim) => claim in claims),
    ...[claims, payload].flatMap((members) =>
      Object.keys(members).filter((claim) => isEmpty(members[claim]) && !brought.includes(claim)),
    ),
  ];
}

const caseOf = fc
  .constantFrom(...TYPES)
  .chain((type) => fc.record({ mapping: mappingOf(type), signal: signalOf(type, catalogue) }));

describe('any signal that is taken, with any mapping that is taken', () => {
  it('becomes only SETs that the catalogue takes, without sub, exp or an empty claim', () => {
    let made = 0;
    fc.assert(
      fc.property(caseOf, ({ mapping, signal }) => {
        const sets = claimsOf(decided(mapping, signal));
        made += sets.length;
        expect(sets.flatMap((claims) => problemsOf(claims))).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(made).toBeGreaterThan(1_000);
  });

  it('becomes such SETs also when it brings its event along', () => {
    let made = 0;
    fc.assert(
      fc.property(signalOf('event', catalogue), (signal) => {
        const sets = claimsOf(decided({}, signal));
        made += sets.length;
        const brought = Object.keys(signal.details.payload as object);
        expect(sets.flatMap((claims) => problemsOf(claims, brought))).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(made).toBeGreaterThan(500);
  });

  it('becomes one SET of each of its events, all of one txn', () => {
    fc.assert(
      fc.property(caseOf, ({ mapping, signal }) => {
        const decisions = decided(mapping, signal);
        const events = mapping[signal.type]?.map(({ event }) => event) ?? [];
        const claims = claimsOf(decisions);

        expect(new Set(claims.map(({ txn }) => txn)).size).toBeLessThan(2);
        expect(new Set(claims.map(({ jti }) => jti)).size).toBe(claims.length);
        for (const format of SUBJECT_FORMAT_CHOICES) {
          const own = decisions.filter(({ to }) => to.stream.id === format);
          expect(own.map(({ eventType }) => eventType)).toEqual(events.length > 0 ? events : [undefined]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('becomes the same by the default event, whether that is named or not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES).chain((type) => signalOf(type, catalogue)),
        (signal) => {
          const event = SIGNAL_TYPES[signal.type].eventType ?? '';
          const named = parseEventMapping({ [signal.type]: [{ event }] }, catalogue);
          const withoutIds = (mapping: EventMapping): unknown =>
            claimsOf(decided(mapping, signal)).map((claims) => ({ ...claims, jti: undefined }));

          expect(withoutIds(named)).toEqual(withoutIds({}));
        },
      ),
      { numRuns: 150 },
    );
  });
});
