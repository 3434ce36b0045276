import { describe, expect, it } from 'vitest';
import { LEGACY_POLL, LEGACY_PUSH, normaliseDeliveryMethod, POLL, PUSH } from './delivery-method.js';

describe('normaliseDeliveryMethod', () => {
  it('knows push and poll', () => {
    expect(normaliseDeliveryMethod(PUSH, { legacy: false })).toBe('push');
    expect(normaliseDeliveryMethod(POLL, { legacy: false })).toBe('poll');
  });

  it('knows the methods of the RISC drafts for older receivers only', () => {
    expect(normaliseDeliveryMethod(LEGACY_PUSH, { legacy: true })).toBe('push');
    expect(normaliseDeliveryMethod(LEGACY_POLL, { legacy: true })).toBe('poll');
    expect(normaliseDeliveryMethod(LEGACY_PUSH, { legacy: false })).toBeUndefined();
    expect(normaliseDeliveryMethod(LEGACY_POLL, { legacy: false })).toBeUndefined();
  });

  it('knows nothing else', () => {
    expect(normaliseDeliveryMethod('push', { legacy: true })).toBeUndefined();
    expect(normaliseDeliveryMethod(undefined, { legacy: true })).toBeUndefined();
  });
});
