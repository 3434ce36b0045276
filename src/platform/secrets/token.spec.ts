import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashToken, newToken, sameSecret } from './token.js';

describe('token', () => {
  it('is the prefix and 256 random bits', () => {
    const tokens = Array.from({ length: 200 }, () => newToken('ssf_rx_'));

    expect(new Set(tokens).size).toBe(200);
    for (const token of tokens) expect(token).toMatch(/^ssf_rx_[\w-]{43}$/);
  });

  it('is stored as its SHA-256', () => {
    expect(hashToken('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('compares like ===', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(sameSecret(a, b)).toBe(a === b);
        expect(sameSecret(a, a)).toBe(true);
      }),
    );
  });
});
