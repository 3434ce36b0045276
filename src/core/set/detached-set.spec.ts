import { generateKeyPairSync } from 'node:crypto';
import { compactVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { attachClaims, detachClaims, kidOf } from './detached-set.js';
import { nativeSigner } from './sign-set.js';

const CLAIMS = JSON.stringify({
  iss: 'https://idp.acme.test',
  sub_id: { format: 'opaque', id: '漢字 $& ..' },
});

describe('a SET whose claims were detached', () => {
  it('is the same bytes again, and still verifies', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signed = String(await nativeSigner(privateKey, { alg: 'ES256', kid: 'k1' })(CLAIMS));

    const detached = detachClaims(signed);
    const again = attachClaims(detached, CLAIMS);

    expect(detached).toMatch(/^[\w-]+\.\.[\w-]+$/);
    expect(again).toBe(signed);
    expect(kidOf(detached)).toBe('k1');
    expect(new TextDecoder().decode((await compactVerify(again, publicKey)).payload)).toBe(CLAIMS);
  });

  it.each(['', '..', 'x..y', `${Buffer.from('{"kid":7}').toString('base64url')}..y`])(
    'has no key when its header names none: %s',
    (detached) => {
      expect(kidOf(detached)).toBeUndefined();
    },
  );
});
