import { describe, expect, it } from 'vitest';
import { SsfError } from '../errors.js';
import { parseSubject } from './parse-subject.js';

describe('parseSubject', () => {
  it.each([
    [{ format: 'email', email: 'Ana <ana@acme.test>' }, 'subject.email'],
    [{ format: 'email', email: 'ana@acme.test', name: 'Ana' }, 'subject.name'],
    [{ format: 'email' }, 'subject.email'],
    [{ format: 'email', email: null }, 'subject.email'],
    [{ format: 'opaque', id: '' }, 'subject.id'],
    [{ format: 'opaque', id: 'a\0b' }, 'subject.id'],
    [{ format: 'opaque', id: 'a\ud800b' }, 'subject.id'],
    [{ format: 'constructor', id: 'u' }, 'subject.format'],
    [{ format: 'proprietary', id: 'u' }, 'subject.format'],
    [{ id: 'u' }, 'subject.format'],
    [{ format: 'iss_sub', iss: 'not a: URI', sub: 'u' }, 'subject.iss'],
    [{ format: 'aliases', identifiers: [{ format: 'opaque', id: 'u' }, 7] }, 'subject.identifiers[1]'],
    [{ format: 'aliases', identifiers: [{ format: 'aliases', identifiers: [] }] }, 'subject.identifiers[0]'],
    [{ format: 'ip-addresses', 'ip-addresses': ['192.0.2.7', '1.2.3'] }, 'subject.ip-addresses[1]'],
    [{ format: 'complex' }, 'subject'],
    [{ format: 'complex', user: { format: 'email', email: 'ana' } }, 'subject.user.email'],
    [{ format: 'complex', user: { format: 'complex', user: { format: 'opaque', id: 'u' } } }, 'subject.user'],
    [null, 'subject'],
    ['ana@acme.test', 'subject'],
    [[], 'subject'],
  ])('names the member that is wrong in %j', (value, member) => {
    const error = errorOf(() => parseSubject(value));

    expect(error.problems.map((problem) => problem.member)).toEqual([member]);
  });

  it.each([
    ['email', 'email', ['ana@acme.test', '"odd @name"@acme.test', "o'neil+x@[192.0.2.1]", 'ña@españa.test']],
    ['phone_number', 'phone_number', ['+15550100', '+123456789012345']],
    ['account', 'uri', ['acct:ana@acme.test', 'acct:ana%40home@acme.test']],
    ['did', 'url', ['did:example:123', 'did:web:acme.test:u:31', 'did:example:1/path?service=a#key-1']],
    [
      'uri',
      'uri',
      ['https://acme.test/u/31', 'urn:uuid:0b0f2a52-7a0e-4c0f-9b9e-3d5b0a7c1f11', 'tag:acme.test,2026:x'],
    ],
  ])('takes well-formed values of %s', (format, member, values) => {
    for (const value of values)
      expect(parseSubject({ format, [member]: value })).toEqual({ format, [member]: value });
  });

  it.each([
    [
      'email',
      'email',
      ['ana', 'ana@', '@acme.test', 'a b@acme.test', 'ana@acme.test.', 'a..b@acme.test', 'a@b@c'],
    ],
    ['phone_number', 'phone_number', ['15550100', '+0555', '+1 555 0100', '+1234567890123456', '+1']],
    [
      'account',
      'uri',
      ['acct:ana', 'acct:@acme.test', 'mailto:ana@acme.test', 'acct:a b@acme.test', 'acct:ana@acme.test:1'],
    ],
    [
      'did',
      'url',
      ['did:example:', 'did:Example:1', 'did:', 'https://acme.test', 'did:example:1 2', 'did:example:1#a#b'],
    ],
    ['uri', 'uri', ['/relative', 'acme.test', 'https://acme.test/a b', 'https://acme.test/%zz']],
  ])('refuses malformed values of %s', (format, member, values) => {
    for (const value of values) {
      const error = errorOf(() => parseSubject({ format, [member]: value }));

      expect(error.problems[0]?.member, value).toBe(`subject.${member}`);
    }
  });

  it('names members below the path that it is given', () => {
    const error = errorOf(() => parseSubject({ format: 'opaque' }, { member: 'body.sub_id' }));

    expect(error.message).toBe('body.sub_id.id: must be a non-empty string');
  });

  it('answers a long hostile value at once', () => {
    const values = [`${'a.'.repeat(20_000)}@`, `"${'\\a'.repeat(20_000)}`, `did:a:${'%41:'.repeat(10_000)}`];

    const started = performance.now();
    for (const value of values) {
      errorOf(() => parseSubject({ format: 'email', email: value }));
      errorOf(() => parseSubject({ format: 'did', url: value }));
      errorOf(() => parseSubject({ format: 'account', uri: value }));
      errorOf(() => parseSubject({ format: 'uri', uri: `${value} ` }));
    }

    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('parseSubject for older receivers', () => {
  it.each([
    [{ format: 'phone', phone: '+15550100' }],
    [{ format: 'phone', phone_number: '+15550100' }],
    [{ format: 'phone_number', phone_number: '+15550100' }],
  ])('makes phone_number of %j', (value) => {
    const subject = parseSubject(value, { legacyPhone: true });

    expect(subject).toEqual({ format: 'phone_number', phone_number: '+15550100' });
  });

  it('normalises inside a complex subject', () => {
    const subject = parseSubject(
      { format: 'complex', user: { format: 'phone', phone: '+15550100' } },
      { legacyPhone: true },
    );

    expect(subject).toEqual({
      format: 'complex',
      user: { format: 'phone_number', phone_number: '+15550100' },
    });
  });

  it('refuses phone beside phone_number', () => {
    const value = { format: 'phone', phone: '+15550100', phone_number: '+15550101' };

    const error = errorOf(() => parseSubject(value, { legacyPhone: true }));

    expect(error.problems[0]?.member).toBe('subject.phone');
  });

  it('refuses the format phone otherwise', () => {
    const error = errorOf(() => parseSubject({ format: 'phone', phone_number: '+15550100' }));

    expect(error.problems[0]?.member).toBe('subject.format');
  });
});

function errorOf(run: () => unknown): SsfError {
  try {
    run();
  } catch (error) {
    if (error instanceof SsfError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
