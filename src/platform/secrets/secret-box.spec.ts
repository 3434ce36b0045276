import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretBox, SecretBoxError } from './secret-box.js';

const [first, second] = [randomBytes(32), randomBytes(32)];
const box = new SecretBox([first]);
const AAD = 'stream|42|authorization_header';

describe('SecretBox', () => {
  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plaintext, aad) => {
        expect(box.open(box.seal(plaintext, aad), aad)).toBe(plaintext);
      }),
    );
  });

  it('has the documented layout', () => {
    const sealed = box.seal('abc', AAD);

    expect(sealed[0]).toBe(1);
    expect(sealed).toHaveLength(1 + 8 + 12 + 16 + 3);
    expect(sealed.subarray(1, 9)).toEqual(box.seal('other', AAD).subarray(1, 9));
    expect(sealed.includes('abc')).toBe(false);
    expect(sealed.subarray(1, 9).equals(first.subarray(0, 8))).toBe(false);
  });

  it('never uses an IV twice', () => {
    const ivs = new Set(
      Array.from({ length: 500 }, () => box.seal('x', AAD).subarray(9, 21).toString('hex')),
    );

    expect(ivs.size).toBe(500);
  });

  it('does not open a value in another place', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (plaintext, aad, other) => {
        fc.pre(aad !== other);
        const sealed = box.seal(plaintext, aad);

        expect(() => box.open(sealed, other)).toThrow(SecretBoxError);
      }),
    );
  });

  it('notices every flipped bit', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.integer({ min: 0, max: 7 }), (plaintext, position, bit) => {
        const sealed = box.seal(plaintext, AAD);
        const at = position % sealed.length;
        sealed.writeUInt8(sealed.readUInt8(at) ^ (1 << bit), at);

        expect(() => box.open(sealed, AAD)).toThrow(SecretBoxError);
      }),
    );
  });

  it('notices every truncation and extension', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (plaintext, length) => {
        const sealed = box.seal(plaintext, AAD);

        expect(() => box.open(sealed.subarray(0, length % sealed.length), AAD)).toThrow(SecretBoxError);
        expect(() => box.open(Buffer.concat([sealed, Buffer.of(0)]), AAD)).toThrow(SecretBoxError);
      }),
    );
  });

  it('rotates: the first key seals, all open, and the rest is reported', () => {
    const sealed = box.seal('secret', AAD);
    const rotated = new SecretBox([second, first]);

    expect(rotated.open(sealed, AAD)).toBe('secret');
    expect(rotated.needsReseal(sealed)).toBe(true);
    expect(rotated.needsReseal(rotated.seal('secret', AAD))).toBe(false);
    expect(() => box.open(rotated.seal('secret', AAD), AAD)).toThrow('a key that is not configured');
    expect(box.needsReseal(rotated.seal('secret', AAD))).toBe(true);
  });

  it('says nothing of the secret in its errors', () => {
    const sealed = box.seal('s3cret', AAD);

    for (const attempt of [
      () => box.open(sealed, 'elsewhere'),
      () => box.open(sealed.subarray(0, 20), AAD),
      () => new SecretBox([second]).open(sealed, AAD),
    ]) {
      expect(attempt).toThrow(expect.not.stringMatching(/s3cret|elsewhere|stream/) as string);
    }
  });

  it('refuses no key, a short key and the same key twice', () => {
    expect(() => new SecretBox([])).toThrow('at least one');
    expect(() => new SecretBox([first, randomBytes(16)])).toThrow('key 2 is not 32 bytes');
    expect(() => new SecretBox([first, Buffer.from(first)])).toThrow('given twice');
  });
});

describe('SecretBox.parseKeys', () => {
  it('reads base64 and base64url, with and without padding', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom('base64', 'base64url'),
        fc.boolean(),
        (keys, encoding, padded) => {
          const text = keys
            .map((key) => Buffer.from(key).toString(encoding as 'base64'))
            .map((key) => (padded ? key : key.replace(/=+$/, '')))
            .join(', ');

          expect(SecretBox.parseKeys(text)).toEqual(keys.map((key) => Buffer.from(key)));
        },
      ),
    );
  });

  it.each([
    '',
    'c2hvcnQ',
    'not base64 at all, but exactly as long as it',
    `${randomBytes(33).toString('base64')}`,
  ])('names the position of a wrong key and not its value: %j', (wrong) => {
    const value = `${first.toString('base64')},${wrong}`;

    expect(() => SecretBox.parseKeys(value)).toThrow(
      'encryption key 2 is not the base64 or base64url of exactly 32 bytes',
    );
  });

  it('does not skip characters that are not base64', () => {
    expect(() => SecretBox.parseKeys(`!${first.toString('base64')}`)).toThrow('encryption key 1');
  });
});
