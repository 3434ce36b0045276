import { describe, expect, it } from 'vitest';
import { RISC } from './event-uris.js';
import {
  type FoldableSignal,
  foldingFamily,
  foldingFingerprint,
  isRepeat,
  type LastSignal,
} from './fold-repeats.js';
import { SIGNAL_TYPES, type SignalType } from './signal-types.js';

const AT = new Date('2026-11-21T17:00:00Z');

function signal(members: Partial<FoldableSignal> = {}): FoldableSignal {
  return { type: 'mfa.updated', occurredAt: AT, subject: { user: { id: 'u-31' } }, details: {}, ...members };
}

const after = (seconds: number): Date => new Date(AT.getTime() + seconds * 1000);
const last = (members: Partial<LastSignal> = {}): LastSignal => ({
  signalId: 's-1',
  fingerprint: 'same',
  occurredAt: AT,
  ...members,
});

describe('what a signal says', () => {
  it.each<[string, Partial<FoldableSignal>, boolean]>([
    ['at another time', { occurredAt: after(9) }, true],
    ['with members in another order', { details: { x509Serial: '7', friendlyName: 'Phone' } }, false],
    ['of another type', { type: 'mfa.added' }, false],
    ['of another subject', { subject: { user: { id: 'u-32' } } }, false],
    [
      'of the same user with one more identifier',
      { subject: { user: { id: 'u-31', email: 'a@b.test' } } },
      false,
    ],
    ['of another session', { subject: { user: { id: 'u-31' }, session: { id: 's' } } }, false],
    ['by somebody else', { initiatingEntity: 'admin' }, false],
    ['for another reason', { reasonAdmin: { en: 'Why' } }, false],
  ])('%s', (_, members, isSame) => {
    expect(foldingFingerprint(signal(members)) === foldingFingerprint(signal())).toBe(isSame);
  });

  it('does not depend on the order of members', () => {
    const one = signal({ details: { friendlyName: 'Phone', x509Serial: '7' } });
    const other = signal({ details: { x509Serial: '7', friendlyName: 'Phone' } });

    expect(foldingFingerprint(one)).toBe(foldingFingerprint(other));
  });

  it('is the same whatever ignored details say, also in the payload of an event', () => {
    const named = (friendlyName: string): string =>
      foldingFingerprint(signal({ details: { friendlyName } }), ['friendlyName']);
    const used = (lastUsed: number): string =>
      foldingFingerprint(signal({ type: 'event', details: { eventType: 'urn:x', payload: { lastUsed } } }), [
        'lastUsed',
      ]);

    expect(named('a')).toBe(named('b'));
    expect(used(1)).toBe(used(2));
    expect(foldingFingerprint(signal({ details: { friendlyName: 'a' } }))).not.toBe(named('a'));
  });
});

describe('families', () => {
  it('hold together what reverses each other', () => {
    const families = (...types: SignalType[]): Set<unknown> =>
      new Set(types.map((type) => foldingFamily({ type, details: {} })));

    expect(families('account.enabled', 'account.disabled', 'account.purged').size).toBe(1);
    expect(families('logout', 'session.revoked', 'session.established', 'session.presented').size).toBe(1);
    expect(families('mfa.added', 'mfa.removed', 'mfa.updated', 'password.changed').size).toBe(1);
  });

  it('are those of the event, however it is recorded', () => {
    const disabled = foldingFamily({ type: 'event', details: { eventType: RISC.accountDisabled } });

    expect(disabled).toBe(foldingFamily({ type: 'account.enabled', details: {} }));
    expect(foldingFamily({ type: 'event', details: { eventType: RISC.optIn } })).toBeUndefined();
    expect(foldingFamily({ type: 'event', details: { eventType: 'urn:one' } })).toBe(
      foldingFamily({ type: 'event', details: { eventType: 'urn:other' } }),
    );
  });

  it('are known for every type but those about opting out', () => {
    const without = Object.keys(SIGNAL_TYPES).filter(
      (type) => foldingFamily({ type: type as SignalType, details: {} }) === undefined,
    );

    expect(without).toEqual(['opt-in', 'opt-out.initiated', 'opt-out.cancelled', 'opt-out.effective']);
  });
});

describe('a repeat', () => {
  it.each<[string, readonly (LastSignal | undefined)[], number, boolean]>([
    ['says the same at once', [last()], 0, true],
    ['says the same at the end of the window', [last()], 60, true],
    ['comes not after the window', [last()], 60.001, false],
    ['may have occurred a little before', [last()], -60, true],
    ['did not occur long before', [last()], -60.001, false],
    ['says nothing else', [last({ fingerprint: 'other' })], 1, false],
    ['has something before it', [undefined], 1, false],
    ['has an identifier at all', [], 1, false],
    ['follows on all identifiers', [last(), last({ signalId: 's-2' })], 1, false],
    ['was known by all identifiers', [last(), undefined], 1, false],
    ['of two identifiers', [last(), last()], 1, true],
  ])('%s', (_, lasts, seconds, expected) => {
    expect(isRepeat('same', after(seconds), lasts, 60) !== undefined).toBe(expected);
  });
});
