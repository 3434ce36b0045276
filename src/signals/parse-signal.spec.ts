import { describe, expect, it } from 'vitest';
import { SsfError } from '../core/errors.js';
import { createEventCatalogue } from '../core/events/event-catalogue.js';
import { CAEP } from '../core/events/event-uris.js';
import { MAX_SIGNALS, parseSignals } from './parse-signal.js';

const NOW = new Date('2026-11-21T17:00:00Z');
const context = { catalogue: createEventCatalogue(), now: NOW };
const logout = { provider: 'acme', type: 'logout', subject: { user: { id: 'u-31' } } };

function problemsOf(body: unknown): string[] {
  try {
    parseSignals(body, context);
  } catch (error) {
    if (error instanceof SsfError) return error.problems.map(({ member }) => member);
    throw error;
  }
  return [];
}

describe('parseSignals', () => {
  it('takes one signal, with now as its time', () => {
    const [signal] = parseSignals(logout, context);

    expect(signal).toMatchObject({ provider: 'acme', type: 'logout', occurredAt: NOW, details: {} });
  });

  it('takes a Date and an RFC 3339 time with any zone', () => {
    const times = [NOW, '2026-11-21T17:00:00Z', '2026-11-21T18:00:00.000+01:00'];

    const signals = parseSignals(
      times.map((occurredAt) => ({ ...logout, occurredAt })),
      context,
    );

    expect(signals.map(({ occurredAt }) => occurredAt.getTime())).toEqual(times.map(() => NOW.getTime()));
  });

  it('names every problem of every item by its path', () => {
    const problems = problemsOf([
      logout,
      { ...logout, type: 'log-out' },
      { ...logout, subject: { user: { email: 'nobody' } }, extra: 1 },
      7,
    ]);

    expect(problems).toEqual(['[1].type', '[2].extra', '[2].subject.user.email', '[3]']);
  });

  it.each([
    ['provider', { ...logout, provider: undefined }],
    ['id', { ...logout, id: '' }],
    ['id', { ...logout, id: 'x'.repeat(256) }],
    ['txn', { ...logout, txn: 4 }],
    ['subject', { ...logout, subject: undefined }],
    ['occurredAt', { ...logout, occurredAt: '2026-11-21' }],
    ['occurredAt', { ...logout, occurredAt: '2026-11-21T17:00:00' }],
    ['occurredAt', { ...logout, occurredAt: '2026-11-21T17:05:01Z' }],
    ['occurredAt', { ...logout, occurredAt: '1969-12-31T23:59:59Z' }],
    ['initiatingEntity', { ...logout, initiatingEntity: 'robot' }],
    ['reasonAdmin', { ...logout, reasonAdmin: 'Offboarding' }],
    ['details.bogus', { ...logout, details: { bogus: 1 } }],
    ['details.eventType', { ...logout, type: 'event', details: { eventType: 'https://nobody.test/x' } }],
    [
      'details.payload',
      { ...logout, type: 'event', details: { eventType: CAEP.credentialChange, payload: {} } },
    ],
    ['subject.user.id', { ...logout, subject: { user: { id: 'a\u0000b' } } }],
  ])('names %s', (member, body) => {
    const [problem] = problemsOf(body);

    expect(problem?.startsWith(member)).toBe(true);
  });

  it('takes 1 to 1,000 signals', () => {
    const many = Array.from({ length: MAX_SIGNALS }, () => logout);

    expect(parseSignals(many, context)).toHaveLength(MAX_SIGNALS);
    expect(problemsOf([...many, logout])).toEqual(['']);
    expect(problemsOf([])).toEqual(['']);
  });
});
