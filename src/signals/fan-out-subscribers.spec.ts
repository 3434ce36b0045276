import { describe, expect, it } from 'vitest';
import type { Application } from '../applications/application.entity.js';
import type { SubjectFormat } from '../core/subjects/signal-subject.js';
import type { Stream } from '../streams/stream.entity.js';
import type { FannedSignal, FanOutPlan } from './fan-out-plan.js';
import { subscribersOf } from './fan-out-subscribers.js';

const issuer = 'https://idp.test';
const established = {
  id: 'signal-1',
  type: 'session.established',
  subject: { user: { id: 'u-31', email: 'ana@acme.test' }, session: { id: 's-77' } },
  details: { clientId: 'mail' },
} as unknown as FannedSignal;

function subscribers(signal: Partial<FannedSignal>, subjectFormat: SubjectFormat = 'iss_sub'): unknown[] {
  const planned = {
    stream: { id: 'stream-1' } as Stream,
    application: { id: 'app-1', subjectFormat } as Application,
    delivered: new Set<string>(),
  };
  const plan = { issuer, subscribing: new Map([['mail', [planned]]]) } as unknown as FanOutPlan;
  return subscribersOf(plan, [{ ...established, ...signal }]);
}

describe('a session', () => {
  it.each<[SubjectFormat, object]>([
    ['iss_sub', { format: 'iss_sub', iss: issuer, sub: 'u-31' }],
    ['email', { format: 'email', email: 'ana@acme.test' }],
    ['aliases', { format: 'iss_sub', iss: issuer, sub: 'u-31' }],
    ['complex', { format: 'iss_sub', iss: issuer, sub: 'u-31' }],
  ])('makes its user a subject as an application with the format %s knows it', (format, subject) => {
    expect(subscribers({}, format)).toEqual([{ signalId: 'signal-1', streamId: 'stream-1', subject }]);
  });

  it.each<[string, Partial<FannedSignal>, SubjectFormat?]>([
    ['names no client', { details: {} }],
    ['is of another client', { details: { clientId: 'wiki' } }],
    ['is only presented', { type: 'session.presented' }],
    ['has no user', { subject: { session: { id: 's-77' } } }, 'complex'],
    ['has no user that the application would know', {}, 'phone_number'],
    [
      'is told of by a complex subject without a user',
      { subject: { subId: { format: 'complex', session: { format: 'opaque', id: 's' } } } },
    ],
  ])('that %s makes nobody one', (_, signal, format) => {
    expect(subscribers(signal, format)).toEqual([]);
  });
});
