import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeFailure, type LoneFailure, type PastFailures } from './poison-policy.js';

const FAILURE = { err: 'http_500' };
const BUSY = { hasPassed: true, asideCount: 0 };
const DOWN = { hasPassed: false, asideCount: 0 };

/** What comes of failures in a row, of which each says whether others passed before it. */
function fail(othersPassed: readonly boolean[]): (LoneFailure | undefined)[] {
  let past: PastFailures | undefined;
  return othersPassed.map((passed) => {
    const verdict = judgeFailure(FAILURE, past && { ...past, othersPassed: passed }, {
      hasPassed: passed,
      asideCount: 0,
    });
    past = {
      strikes: verdict && 'strikes' in verdict ? verdict.strikes : (past?.strikes ?? 0),
      othersPassed: false,
    };
    return verdict;
  });
}

describe('judgeFailure', () => {
  it('holds a first failure against the receiver', () => {
    expect(judgeFailure(FAILURE, undefined, BUSY)).toBeUndefined();
  });

  it('holds a further one against the receiver, too, while nothing passes', () => {
    expect(judgeFailure(FAILURE, { strikes: 0, othersPassed: false }, DOWN)).toBeUndefined();
  });

  it('sets a SET aside that fails while others pass, ever longer, and then gives it up', () => {
    expect(fail([true, true, true, true, true])).toEqual([
      undefined,
      { outcome: 'retry', strikes: 1, asideSeconds: 60 },
      { outcome: 'retry', strikes: 2, asideSeconds: 900 },
      { outcome: 'retry', strikes: 3, asideSeconds: 3600 },
      { outcome: 'dead' },
    ]);
  });

  it('lets what is aside wait again when nothing passed since, and counts nothing', () => {
    expect(fail([true, true, false, false]).slice(1)).toEqual(
      Array(3).fill({ outcome: 'retry', strikes: 1, asideSeconds: 60 }),
    );
  });

  it('never gives up while a receiver is down, however often it fails', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (othersPassed) => {
        const deaths = fail(othersPassed).filter((verdict) => verdict?.outcome === 'dead');

        if (othersPassed.filter(Boolean).length < 4) expect(deaths).toEqual([]);
      }),
    );
  });

  it.each([
    ['a connection that is refused', { err: 'connection_refused' }],
    ['a name without an address', { err: 'dns_failure' }],
    ['a certificate', { err: 'tls_failure' }],
    ['too many requests', { err: 'http_429', isThrottled: true }],
    ['a receiver that asks to wait', { err: 'http_503', retryAfterSeconds: 0 }],
  ])('holds %s against the receiver, whatever the SET has done', (_what, failure) => {
    expect(judgeFailure(failure, { strikes: 3, othersPassed: true }, BUSY)).toBeUndefined();
  });

  it('holds failures against the receiver when many SETs fail', () => {
    const past = { strikes: 0, othersPassed: true };

    expect(judgeFailure(FAILURE, past, { hasPassed: true, asideCount: 15 })).toBeDefined();
    expect(judgeFailure(FAILURE, past, { hasPassed: true, asideCount: 16 })).toBeUndefined();
  });
});
