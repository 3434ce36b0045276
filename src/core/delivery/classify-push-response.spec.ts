import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyPushResponse, parseRetryAfter } from './classify-push-response.js';

describe('classifyPushResponse', () => {
  it('takes 202 as delivered', () => {
    expect(respond(202)).toEqual({ outcome: 'delivered' });
  });

  it.each([200, 201, 204, 299])('takes %i as delivered by a receiver that does not conform', (status) => {
    expect(respond(status)).toEqual({ outcome: 'delivered', nonConformant: true });
  });

  it.each(['invalid_request', 'invalid_issuer', 'invalid_audience', 'invalid_state', 'acme_custom'])(
    'rejects the SET at a 400 with %s',
    (err) => {
      expect(respond(400, { err, description: 'No.' })).toEqual({
        outcome: 'rejected',
        err,
        description: 'No.',
      });
    },
  );

  it.each([
    ['', 'no body'],
    ['<html>', 'HTML'],
    ['null', 'null'],
    ['[]', 'an array'],
    ['{"err":7}', 'a code that is no string'],
    ['{"err":""}', 'an empty code'],
  ])('rejects the SET at a 400 with the body %j: %s', (body) => {
    expect(classifyPushResponse({ kind: 'response', status: 400, body })).toEqual({
      outcome: 'rejected',
      err: 'http_400',
    });
  });

  it('rejects a SET that is too large for the receiver', () => {
    expect(respond(413)).toEqual({ outcome: 'rejected', err: 'http_413' });
    expect(respond(413, { err: 'invalid_key' })).toEqual({ outcome: 'rejected', err: 'invalid_key' });
  });

  it.each(['invalid_key', 'authentication_failed', 'access_denied'])(
    'retries slowly at a 400 with %s',
    (err) => {
      expect(respond(400, { err })).toEqual({ outcome: 'retry', pace: 'slow', alert: true, err });
    },
  );

  it.each([301, 302, 307, 308, 401, 403, 404, 410, 405, 418, 451])(
    'retries slowly, and alerts, at %i',
    (status) => {
      expect(respond(status)).toEqual({ outcome: 'retry', pace: 'slow', alert: true, err: `http_${status}` });
    },
  );

  it.each([408, 425, 500, 502, 503, 504, 599])('retries quickly at %i', (status) => {
    expect(respond(status)).toEqual({ outcome: 'retry', pace: 'quick', err: `http_${status}` });
  });

  it('retries quickly at 429, and notes that it is too much', () => {
    expect(respond(429)).toEqual({ outcome: 'retry', pace: 'quick', err: 'http_429', isThrottled: true });
  });

  it('retries quickly after a failure of the network, and keeps what it was', () => {
    expect(classifyPushResponse({ kind: 'network', code: 'tls_failure', message: 'TLS failed' })).toEqual({
      outcome: 'retry',
      pace: 'quick',
      err: 'tls_failure',
      description: 'TLS failed',
    });
  });

  it('passes on how long the receiver asks to wait', () => {
    const outcome = classifyPushResponse({ kind: 'response', status: 503, retryAfterSeconds: 0 });

    expect(outcome).toMatchObject({ outcome: 'retry', retryAfterSeconds: 0 });
  });

  it('keeps what a receiver writes short and printable', () => {
    const outcome = respond(400, {
      err: `a\0b${'c'.repeat(500)}`,
      description: `\ud800 x\n${'y'.repeat(5000)}`,
    });

    if (outcome.outcome !== 'rejected') throw new Error('expected a rejection');
    expect(outcome.err).toMatch(/^a b/);
    expect(outcome.err.length).toBeLessThanOrEqual(100);
    expect(outcome.description).toMatch(/^x y/);
    expect(outcome.description?.length).toBeLessThanOrEqual(1000);
  });

  it('judges any status and any body', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 999 }), fc.oneof(fc.string(), fc.json()), (status, body) => {
        const { outcome } = classifyPushResponse({ kind: 'response', status, body });

        expect(outcome === 'delivered').toBe(status >= 200 && status <= 299);
        if (outcome === 'rejected') expect([400, 413]).toContain(status);
      }),
    );
  });
});

describe('parseRetryAfter', () => {
  const now = new Date('1994-11-06T08:49:30.500Z');

  it.each([
    ['120', 120],
    ['0', 0],
    [' 7 ', 7],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 7],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 7],
    ['Sun Nov  6 08:49:37 1994', 7],
  ])('reads %j as %i seconds', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });

  it('is 0 for a date that is past', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:00 GMT', now)).toBe(0);
  });

  it.each(['99999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])('caps %j at an hour', (header) => {
    expect(parseRetryAfter(header, now)).toBe(3600);
  });

  it.each([undefined, '', '-5', '1.5', 'soon', 'Sunday', '1994-11-06', '7 seconds'])(
    'ignores %j',
    (header) => {
      expect(parseRetryAfter(header, now)).toBeUndefined();
    },
  );
});

function respond(status: number, body?: object) {
  return classifyPushResponse({ kind: 'response', status, body: body && JSON.stringify(body) });
}
