import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalKey, principalOf, subjectHash } from './canonical-key.js';

describe('canonicalKey', () => {
  it('lowers the domain of an e-mail address wherever it stands, and leaves the local part', () => {
    const shouting = { format: 'email', email: 'Ana@ACME.Test' };
    const calm = { format: 'email', email: 'Ana@acme.test' };

    expect(canonicalKey(shouting)).toBe(canonicalKey(calm));
    expect(canonicalKey({ format: 'complex', user: shouting })).toBe(
      canonicalKey({ format: 'complex', user: calm }),
    );
    expect(canonicalKey({ format: 'aliases', identifiers: [shouting] })).toBe(
      canonicalKey({ format: 'aliases', identifiers: [calm] }),
    );
    expect(canonicalKey({ format: 'email', email: 'ana@acme.test' })).not.toBe(canonicalKey(calm));
  });

  it('leaves other members that look like an e-mail address', () => {
    const upper = canonicalKey({ format: 'opaque', id: 'a@ACME.test' });

    expect(upper).not.toBe(canonicalKey({ format: 'opaque', id: 'a@acme.test' }));
  });
});

describe('subjectHash', () => {
  it('is the first eight bytes of SHA-256, signed', () => {
    // SHA-256 of the empty string begins with e3b0c44298fc1c14
    expect(subjectHash('')).toBe(BigInt.asIntN(64, 0xe3b0c44298fc1c14n));
  });

  it('fits a signed 64-bit integer', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const hash = subjectHash(key);

        expect(BigInt.asIntN(64, hash)).toBe(hash);
      }),
    );
  });
});

describe('principalOf', () => {
  const user = { format: 'opaque', id: 'u' };
  const session = { format: 'opaque', id: 's' };

  it('is the user of a complex subject', () => {
    expect(principalOf({ format: 'complex', session, user })).toBe(user);
  });

  it('is the next member when there is no user', () => {
    expect(principalOf({ format: 'complex', tenant: user, session })).toBe(session);
  });

  it('is the subject itself when it is simple, or has members of other names only', () => {
    const custom = { format: 'complex', x_badge: user };

    expect(principalOf(user)).toBe(user);
    expect(principalOf(custom)).toBe(custom);
  });
});
