import { describe, expect, it } from 'vitest';
import type { Application } from '../applications/application.entity.js';
import { CAEP } from '../core/events/event-uris.js';
import type { SetClaims } from '../core/set/set-claims.js';
import type { Stream } from '../streams/stream.entity.js';
import { type Decision, decide, type FannedSignal, type FanOutPlan } from './fan-out-plan.js';

const NOW = new Date('2026-11-21T17:00:00Z');

const signal: FannedSignal = {
  id: '019aa8f0-6e1c-7c3e-9c52-2f5d5b1b7a10',
  type: 'session.revoked',
  occurredAt: new Date('2026-11-21T16:59:50Z'),
  subject: { user: { id: 'u-31', email: 'ana@acme.test', groups: ['staff'] }, tenant: { id: 't-1' } },
  initiatingEntity: 'admin',
  reasonAdmin: { en: 'Offboarding' },
  reasonUser: undefined,
  txn: 'op-117',
  details: {},
};

interface Change {
  readonly stream?: Partial<Stream>;
  readonly application?: Partial<Application>;
  readonly delivered?: readonly string[];
  readonly plan?: Partial<FanOutPlan>;
}

function decideOne(change: Change = {}, about: Partial<FannedSignal> = {}): Decision | undefined {
  const stream = {
    id: 'stream-1',
    status: 'enabled',
    audience: ['https://rx.test'],
    ...change.stream,
  } as Stream;
  const application = {
    id: 'app-1',
    subjectFormat: 'iss_sub',
    allowedGroups: null,
    allowedTenants: null,
    ...change.application,
  } as Application;
  const plan: FanOutPlan = {
    providerId: 'p-1',
    provider: 'acme',
    version: '1',
    issuer: 'https://idp.test',
    retentionDays: 30,
    lists: { kind: 'removed', shapes: new Map() },
    clients: new Map(),
    hasOptOuts: false,
    subscribing: new Map(),
    streams: [{ stream, application, delivered: new Set(change.delivered ?? [CAEP.sessionRevoked]) }],
    ...change.plan,
  };
  let position = 0;
  return decide(plan, { ...signal, ...about }, { now: NOW, next: () => position++ })[0];
}

function claimsOf(decision: Decision | undefined): SetClaims {
  if (!decision || !('set' in decision)) throw new Error('there is no SET');
  return JSON.parse(decision.set.claims) as SetClaims;
}

describe('decide', () => {
  it('makes the SET of a stream, with claims that nothing changes later', () => {
    const decision = decideOne();

    expect(claimsOf(decision)).toEqual({
      iss: 'https://idp.test',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      iat: NOW.getTime() / 1000,
      aud: 'https://rx.test',
      txn: 'op-117',
      sub_id: { format: 'iss_sub', iss: 'https://idp.test', sub: 'u-31' },
      events: {
        [CAEP.sessionRevoked]: {
          event_timestamp: 1795280390,
          initiating_entity: 'admin',
          reason_admin: { en: 'Offboarding' },
        },
      },
    });
  });

  it('names several audiences as an array', () => {
    expect(claimsOf(decideOne({ stream: { audience: ['a', 'b'] } })).aud).toEqual(['a', 'b']);
  });

  it.each<[string, Change, Partial<FannedSignal>]>([
    ['status_disabled', { stream: { status: 'disabled' } }, {}],
    ['event_not_delivered', { delivered: [] }, {}],
    ['user_not_allowed', { application: { allowedGroups: ['admins'] } }, {}],
    [
      'user_not_allowed',
      { application: { allowedGroups: ['staff'] } },
      { subject: { user: { id: 'u-31' } } },
    ],
    ['user_not_allowed', { application: { allowedTenants: ['t-2'] } }, {}],
    ['user_not_allowed', { application: { allowedTenants: ['t-1'] } }, { subject: { user: { id: 'u-31' } } }],
    ['no_subject_identifier', { application: { subjectFormat: 'phone_number' } }, {}],
  ])('gives the reason %s', (reason, change, about) => {
    expect(decideOne(change, about)).toMatchObject({ reason });
  });

  it('holds nothing back from an application of the right group and tenant, nor from a paused stream', () => {
    const decision = decideOne({
      application: { allowedGroups: ['staff'], allowedTenants: ['t-1'] },
      stream: { status: 'paused' },
    });

    expect(decision).toHaveProperty('set');
  });

  it('gives SETs about one user the same subject hash however many aliases are known', () => {
    const aliases = { application: { subjectFormat: 'aliases' } } as const;
    const hashes = [{}, { email: 'ana@acme.test' }].map((more) => {
      const decision = decideOne(aliases, { subject: { user: { id: 'u-31', ...more } } });
      return decision && 'set' in decision ? decision.set.subjectHash : undefined;
    });

    expect(hashes[0]).toBeDefined();
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('gives SETs about one user the same subject hash whatever session they are about', () => {
    const complex = { application: { subjectFormat: 'complex' } } as const;
    const hashes = ['s-1', 's-2'].map((id) => {
      const decision = decideOne(complex, { subject: { user: { id: 'u-31' }, session: { id } } });
      return decision && 'set' in decision ? decision.set.subjectHash : undefined;
    });

    expect(hashes[0]).toBeDefined();
    expect(hashes[0]).toBe(hashes[1]);
  });
});
