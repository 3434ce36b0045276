import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Application } from '../../src/applications/application.entity.js';
import { createEventCatalogue } from '../../src/core/events/event-catalogue.js';
import { SIGNAL_TYPES, type SignalType } from '../../src/core/events/signal-types.js';
import type { SetClaims } from '../../src/core/set/set-claims.js';
import { validateSetEnvelope } from '../../src/core/set/validate-set.js';
import { PAIRWISE_FORMATS, pairwiseSubjects } from '../../src/core/subjects/pairwise-subjects.js';
import type { SubjectFormat } from '../../src/core/subjects/signal-subject.js';
import { fromRow, toRow } from '../../src/signals/signal-row.js';
import { batchClock, decide, type FanOutPlan } from '../../src/signals/fan-out-plan.js';
import type { NewSignal } from '../../src/signals/signal.js';
import type { Stream } from '../../src/streams/stream.entity.js';
import { NOW, signalOf } from './arbitrary-signals.js';

const ISSUER = 'https://idp.test';
const AUDIENCE = 'https://rx.test';
const HEADER = { typ: 'secevent+jwt', alg: 'ES256', kid: 'k' };
const APPLICATIONS = ['mail', 'wiki'];
const catalogue = createEventCatalogue();
const TYPES = Object.keys(SIGNAL_TYPES) as SignalType[];

/** What others know a person by. */
const user = fc.record(
  {
    id: fc.constantFrom('user-1', 'user-2', 'user-3'),
    email: fc.constant('ana@acme.test'),
    phoneNumber: fc.constant('+15550100'),
    account: fc.constant('acct:ana@acme.test'),
    did: fc.constant('did:example:ana'),
    uri: fc.constant('https://acme.test/ana'),
  },
  { requiredKeys: ['email'] },
);
const others = {
  session: fc.constant({ id: 'session-1' }),
  tenant: fc.constant({ id: 'tenant-1' }),
  device: fc.constant({ id: 'device-1' }),
};
const subject = fc.oneof(
  fc.record({ user, ...others }, { requiredKeys: ['user'] }),
  fc.record(others, { requiredKeys: ['device'] }),
  user.map((each) => ({ subId: { format: 'email', email: each.email } })),
);
const signal = fc.constantFrom(...TYPES).chain((type) => signalOf(type, catalogue, subject));

/** What two applications may both be told. */
const SHARED = [ISSUER, 'session-1', 'tenant-1', 'complex', 'iss_sub', 'opaque', 'aliases'];

function planOf(subjectFormat: SubjectFormat): FanOutPlan {
  return {
    issuer: ISSUER,
    streams: APPLICATIONS.map((id) => ({
      stream: { id, status: 'enabled', audience: [AUDIENCE] } as Stream,
      application: {
        id,
        subjectFormat,
        allowedGroups: null,
        allowedTenants: null,
        clientId: null,
      } as Application,
      pairwise: pairwiseSubjects(`secret of ${id}`, id),
      delivered: new Set(catalogue.list().map(({ uri }) => uri)),
    })),
  } as unknown as FanOutPlan;
}

/** The claims of each application's SET, or the reason. */
function fannedOut(subjectFormat: SubjectFormat, about: NewSignal): (SetClaims | string)[] {
  const id = 'signal-1';
  const stored = fromRow(toRow(about, id));
  return decide(planOf(subjectFormat), stored, batchClock(NOW)).map((decision) =>
    'set' in decision ? (JSON.parse(decision.set.claims) as SetClaims) : decision.reason,
  );
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });

describe('pairwise subjects', () => {
  it('are another one for each application, user and secret, and always the same one', () => {
    const key = fc.tuple(anyText, anyText, anyText);
    const isSame = (a: readonly string[], b: readonly string[]): boolean =>
      JSON.stringify(a) === JSON.stringify(b);

    fc.assert(
      fc.property(fc.uniqueArray(key, { comparator: isSame, maxLength: 20 }), (keys) => {
        const subs = keys.map(([secret, id, userId]) => pairwiseSubjects(secret, id).sub(userId));

        expect(new Set(subs).size).toBe(keys.length);
        expect(keys.map(([secret, id, userId]) => pairwiseSubjects(secret, id).sub(userId))).toEqual(subs);
      }),
    );
  });

  it('are valid, and tell two applications nothing that they could compare, whatever the signal', () => {
    let made = 0;
    fc.assert(
      fc.property(signal, fc.constantFrom(...PAIRWISE_FORMATS), (about, format) => {
        const [mail, wiki] = fannedOut(format, about);
        if (typeof mail !== 'object' || typeof wiki !== 'object') {
          expect(mail).toMatch(/^(no_(pairwise|subject)_identifier|not_for_application)$/);
          expect(wiki).toBe(mail);
          return;
        }
        made += 1;
        for (const claims of [mail, wiki])
          expect(validateSetEnvelope(HEADER, claims, { iss: ISSUER, aud: AUDIENCE }, catalogue)).toEqual([]);
        const told = new Set([...textsOf(mail.sub_id), mail.txn]);
        const alike = [...textsOf(wiki.sub_id), wiki.txn].filter((each) => told.has(each));
        expect(alike.filter((each) => !SHARED.includes(each ?? ''))).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(made).toBeGreaterThan(30);
  });

  it('are not sent without a user, where the signal has one', () => {
    fc.assert(
      fc.property(signal, (about) => {
        const [mail] = fannedOut('complex', about);

        if (typeof mail === 'object') expect('user' in mail.sub_id).toBe(about.subject.user !== undefined);
      }),
      { numRuns: 200 },
    );
  });
});
