import { describe, expect, it } from 'vitest';
import { parseIssuer, wellKnownUrl } from './well-known.js';

describe('wellKnownUrl', () => {
  it.each([
    ['https://h.test', 'https://h.test/.well-known/ssf-configuration'],
    ['https://h.test/', 'https://h.test/.well-known/ssf-configuration'],
    ['https://h.test/a/b', 'https://h.test/.well-known/ssf-configuration/a/b'],
    ['https://h.test/a/', 'https://h.test/.well-known/ssf-configuration/a'],
    ['http://localhost:3000/ssf/acme', 'http://localhost:3000/.well-known/ssf-configuration/ssf/acme'],
  ])('of %s is %s', (issuer, url) => {
    expect(wellKnownUrl(issuer)).toBe(url);
  });

  it('takes another suffix', () => {
    expect(wellKnownUrl('https://h.test/a', 'oauth-protected-resource')).toBe(
      'https://h.test/.well-known/oauth-protected-resource/a',
    );
  });
});

describe('parseIssuer', () => {
  const strict = { allowHttpLoopback: false };

  it.each(['https://h.test', 'https://h.test/', 'https://h.test/a/b/', 'https://h.test:8443/a'])(
    'returns %s as it stands',
    (issuer) => {
      expect(parseIssuer(issuer, 'issuer', strict)).toBe(issuer);
    },
  );

  it.each([
    [undefined, 'absolute URL'],
    ['h.test', 'absolute URL'],
    ['http://h.test', 'https'],
    ['http://localhost:3000', 'https'],
    ['https://h.test?x=1', 'query'],
    ['https://h.test/?', 'query'],
    ['https://h.test/#a', 'fragment'],
    ['https://user@h.test', 'credentials'],
    ['https://H.test', 'https://h.test/'],
    ['https://h.test:443/a', 'https://h.test/a'],
    ['https://h.test/a/../b', 'https://h.test/b'],
    [' https://h.test', 'https://h.test/'],
  ])('refuses %j, and tells what is wrong', (value, message) => {
    expect(() => parseIssuer(value, 'issuer', strict)).toThrow(message);
    expect(() => parseIssuer(value, 'issuer', strict)).toThrow(/^issuer: /);
  });

  it.each([
    'http://localhost:3000/ssf/acme',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'http://idp.localhost',
  ])('takes %s where http on a loopback host is allowed', (issuer) => {
    expect(parseIssuer(issuer, 'issuer', { allowHttpLoopback: true })).toBe(issuer);
  });

  it.each(['http://h.test', 'http://127.0.0.1.h.test', 'http://localhost.h.test', 'ftp://localhost'])(
    'refuses %s even there',
    (issuer) => {
      expect(() => parseIssuer(issuer, 'issuer', { allowHttpLoopback: true })).toThrow('https');
    },
  );
});
