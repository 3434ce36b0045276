import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SsfError } from '../errors.js';
import { parsePollRequest } from './poll-request.js';

describe('parsePollRequest', () => {
  it('takes an empty object for a long poll without limit', () => {
    expect(parsePollRequest({})).toEqual({
      returnImmediately: false,
      ack: [],
      setErrs: new Map(),
      ackedAndFailed: [],
    });
  });

  it('takes every member, and ignores unknown ones', () => {
    const request = parsePollRequest({
      maxEvents: 0,
      returnImmediately: true,
      ack: ['a', 'b', 'a'],
      setErrs: {
        c: { err: 'invalid_audience', description: 'not for us', more: 1 },
        d: { err: 'invalid_key' },
      },
      x_acme: true,
    });

    expect(request).toEqual({
      maxEvents: 0,
      returnImmediately: true,
      ack: ['a', 'b'],
      setErrs: new Map([
        ['c', { err: 'invalid_audience', description: 'not for us' }],
        ['d', { err: 'invalid_key' }],
      ]),
      ackedAndFailed: [],
    });
  });

  it('takes the error for a SET that is both acknowledged and refused', () => {
    const request = parsePollRequest({ ack: ['a', 'b'], setErrs: { b: { err: 'invalid_key' } } });

    expect(request.ack).toEqual(['a']);
    expect([...request.setErrs.keys()]).toEqual(['b']);
    expect(request.ackedAndFailed).toEqual(['b']);
  });

  it('takes any name for a jti', () => {
    const request = parsePollRequest(JSON.parse('{"setErrs":{"__proto__":{"err":"invalid_key"}}}'));

    expect([...request.setErrs.keys()]).toEqual(['__proto__']);
  });

  it.each([
    [{ maxEvents: -1 }, 'maxEvents'],
    [{ maxEvents: 1.5 }, 'maxEvents'],
    [{ maxEvents: '10' }, 'maxEvents'],
    [{ maxEvents: null }, 'maxEvents'],
    [{ returnImmediately: 'true' }, 'returnImmediately'],
    [{ ack: 'a' }, 'ack'],
    [{ ack: ['a', 7] }, 'ack[1]'],
    [{ ack: ['a\0'] }, 'ack[0]'],
    [{ setErrs: [] }, 'setErrs'],
    [{ setErrs: { a: 'invalid_key' } }, 'setErrs.a'],
    [{ setErrs: { a: { description: 'x' } } }, 'setErrs.a'],
    [{ setErrs: { 'a\0': { err: 'invalid_key' } } }, 'setErrs'],
    [[], ''],
    ['{}', ''],
    [null, ''],
    [undefined, ''],
  ])('refuses %j, and names the member', (body, member) => {
    expect(problemOf(body)).toMatchObject({ code: 'invalid_request', problems: [{ member }] });
  });

  it('gives a request or invalid_request for any JSON, and never a SET in both lists', () => {
    const member = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { maxEvents: member, returnImmediately: member, ack: member, setErrs: member },
        { requiredKeys: [] },
      ),
    );

    fc.assert(
      fc.property(body, (value) => {
        const result = problemOf(value);
        if (result instanceof SsfError) return result.code === 'invalid_request';
        return result.ack.every((jti) => !result.setErrs.has(jti));
      }),
    );
  });
});

function problemOf(body: unknown) {
  try {
    return parsePollRequest(body);
  } catch (error) {
    if (error instanceof SsfError) return error;
    throw error;
  }
}
