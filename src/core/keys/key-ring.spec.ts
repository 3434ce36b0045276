import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  after,
  isPublished,
  isRotationDue,
  JWKS_MAX_AGE_SECONDS,
  LAST_SEND_SECONDS,
  maySend,
  PUBLISHED_AHEAD_SECONDS,
  RETIRING_SECONDS,
  ringAt,
  type RingKey,
  switchedAtOnce,
  whyNeeded,
  WITHDRAWAL_SECONDS,
} from './key-ring.js';

const START = new Date('2026-11-22T10:00:00Z');

function key(kid: string, status: RingKey['status'], changesAt: Date | null = null): RingKey {
  return { kid, status, statusChangedAt: START, changesAt };
}

function statuses(keys: readonly RingKey[]): Record<string, string> {
  return Object.fromEntries(keys.map(({ kid, status }) => [kid, status]));
}

const activates = after(START, PUBLISHED_AHEAD_SECONDS);
const ROTATING = [key('b', 'next', activates), key('a', 'active')];

describe('a key ring', () => {
  it('switches to its next key when that was published for long enough, and not before', () => {
    expect(statuses(ringAt(ROTATING, after(activates, -0.001)))).toEqual({ b: 'next', a: 'active' });
    expect(ringAt(ROTATING, after(activates, 60))).toEqual([
      { ...key('b', 'active'), statusChangedAt: activates },
      { ...key('a', 'retiring', after(activates, RETIRING_SECONDS)), statusChangedAt: activates },
    ]);
  });

  it('retires a key when its time is over, even when nobody looked meanwhile', () => {
    const end = after(activates, RETIRING_SECONDS);

    expect(statuses(ringAt(ROTATING, after(end, -1)))).toEqual({ b: 'active', a: 'retiring' });
    expect(ringAt(ROTATING, after(end, 86_400))[1]).toEqual({ ...key('a', 'retired'), statusChangedAt: end });
  });

  it('withdraws all that have signed in a switch at once', () => {
    const retiring = key('z', 'retiring', after(START, 9_000));
    const leaving = key('y', 'retiring', after(START, 3));

    const ring = switchedAtOnce([...ROTATING, retiring, leaving], 'b', START);

    const withdrawn = after(START, WITHDRAWAL_SECONDS);
    expect(ring.map(({ kid, status, changesAt }) => [kid, status, changesAt])).toEqual([
      ['b', 'active', null],
      ['a', 'retiring', withdrawn],
      ['z', 'retiring', withdrawn],
      ['y', 'retiring', after(START, 3)],
    ]);
    expect(ring.filter((each) => maySend(each, START)).map(({ kid }) => kid)).toEqual(['b']);
  });

  it('leaves those alone that do not change', () => {
    const keys = [...ROTATING, key('z', 'retired')];

    ringAt(keys, START).forEach((each, index) => expect(each).toBe(keys[index]));
  });

  it.each([
    ['active', null, true],
    ['next', 9_000, false],
    ['retired', null, false],
    ['retiring', LAST_SEND_SECONDS + 1, true],
    ['retiring', LAST_SEND_SECONDS, false],
  ] as const)('sends what a key signed that is %s until %s: %s', (status, seconds, isSent) => {
    const changesAt = seconds === null ? null : after(START, seconds);

    expect(maySend(key('a', status, changesAt), START)).toBe(isSent);
  });

  it('tells why a key is needed, and until when', () => {
    expect(whyNeeded(key('a', 'active'))).toMatch(/signs/);
    expect(whyNeeded(key('a', 'retiring', activates))).toContain(activates.toISOString());
    expect(whyNeeded(key('a', 'next', activates))).toBeUndefined();
    expect(whyNeeded(key('a', 'retired'))).toBeUndefined();
  });

  it('is due to rotate when the next key can be published before the days are over', () => {
    const end = after(START, 86_400 - PUBLISHED_AHEAD_SECONDS);

    expect(isRotationDue(key('a', 'active'), 1, after(end, -1))).toBe(false);
    expect(isRotationDue(key('a', 'active'), 1, end)).toBe(true);
  });
});

type Command =
  { readonly name: 'pass'; readonly seconds: number } | { readonly name: 'rotate' | 'switch' | 'delete' };

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    name: fc.constant('pass' as const),
    seconds: fc.oneof(fc.nat(PUBLISHED_AHEAD_SECONDS), fc.nat(2 * RETIRING_SECONDS)),
  }),
  fc.record({ name: fc.constantFrom('rotate' as const, 'switch' as const, 'delete' as const) }),
);

/** What an observer remembers of a ring that is changed at will; nobody writes down what only time does. */
class Observed {
  keys: RingKey[] = [key('k0', 'active')];
  now = START;
  private count = 0;
  private readonly publishedSince = new Map<string, Date>([['k0', new Date(0)]]);
  private readonly lastActive = new Map<string, Date>();
  private readonly switchedTo = new Set<string>();

  apply(command: Command): void {
    if (command.name === 'pass') this.now = after(this.now, command.seconds);
    else {
      const ring = ringAt(this.keys, this.now);
      for (const { kid } of ring.filter(({ status }) => status === 'active'))
        this.lastActive.set(kid, this.now);
      this.keys = this.changed(ring, command.name);
    }
    this.check();
  }

  private changed(ring: RingKey[], name: 'rotate' | 'switch' | 'delete'): RingKey[] {
    if (name === 'delete') return ring.filter((each) => whyNeeded(each) !== undefined);
    const next = ring.find(({ status }) => status === 'next');
    if (name === 'rotate')
      return next ? ring : [this.made(after(this.now, PUBLISHED_AHEAD_SECONDS)), ...ring];
    const target = next ?? this.made(this.now);
    this.switchedTo.add(target.kid);
    return switchedAtOnce(next ? ring : [target, ...ring], target.kid, this.now);
  }

  private made(changesAt: Date): RingKey {
    const kid = `k${(this.count += 1)}`;
    this.publishedSince.set(kid, this.now);
    return key(kid, 'next', changesAt);
  }

  private check(): void {
    const ring = ringAt(this.keys, this.now);
    const [active, ...others] = ring.filter(({ status }) => status === 'active');
    expect(others).toEqual([]);
    if (!active) throw new Error('no key signs');
    expect(ring.filter(({ status }) => status === 'next').length).toBeLessThan(2);
    expect(ring.filter((each) => !isPublished(each) && each.status !== 'retired')).toEqual([]);
    for (const each of ring)
      expect(each.changesAt !== null).toBe(each.status === 'next' || each.status === 'retiring');
    if (!this.switchedTo.has(active.kid))
      expect(after(this.publishedSince.get(active.kid) ?? this.now, JWKS_MAX_AGE_SECONDS) <= this.now).toBe(
        true,
      );
    for (const [kid, at] of this.lastActive)
      if (after(at, WITHDRAWAL_SECONDS) > this.now) expect(this.isPublishedAt(kid, this.now)).toBe(true);
    for (const { kid } of ring.filter((each) => maySend(each, this.now)))
      expect(this.isPublishedAt(kid, after(this.now, LAST_SEND_SECONDS))).toBe(true);
  }

  private isPublishedAt(kid: string, time: Date): boolean {
    return ringAt(this.keys, time).some((each) => each.kid === kid && isPublished(each));
  }
}

describe('whatever happens to a key ring', () => {
  it('one key signs, which caches know, and what is sent can be verified when it arrives', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const observed = new Observed();
        for (const each of commands) observed.apply(each);
      }),
      { numRuns: 500 },
    );
  });

  it('it makes no difference when somebody writes it down', () => {
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 20 }),
        fc.nat(3 * RETIRING_SECONDS),
        fc.nat(3 * RETIRING_SECONDS),
        (commands, first, second) => {
          const observed = new Observed();
          for (const each of commands) observed.apply(each);
          const soon = after(observed.now, first);
          const later = after(soon, second);

          expect(ringAt(ringAt(observed.keys, soon), later)).toEqual(ringAt(observed.keys, later));
        },
      ),
      { numRuns: 500 },
    );
  });
});
