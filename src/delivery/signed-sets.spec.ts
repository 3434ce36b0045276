import { expect, it } from 'vitest';
import { SignedSets } from './signed-sets.js';

const JWS = 'aGVhZGVy.Y2xhaW1z.c2lnbmF0dXJl';

it('gives back the same bytes, and keeps nothing of the buffer that they were a part of', () => {
  const slab = Buffer.from(`before${JWS}after`);
  const sets = new SignedSets();

  sets.put('jti-1', { kid: 'k1', token: slab.subarray(6, 6 + JWS.length) });
  slab.fill(0);

  expect(sets.find('jti-1')).toEqual({ kid: 'k1', token: Buffer.from(JWS) });
});

it('forgets what was delivered', () => {
  const sets = new SignedSets();
  sets.put('jti-1', { kid: 'k1', token: Buffer.from(JWS) });

  sets.forget('jti-1');

  expect(sets.find('jti-1')).toBeUndefined();
});
