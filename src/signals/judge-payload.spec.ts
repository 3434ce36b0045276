import { describe, expect, it } from 'vitest';
import { judgePayload, type PayloadState } from './judge-payload.js';

const ENDED_BY = new Date('2026-11-21T12:00:00Z');
const ended: PayloadState = {
  isGone: false,
  isFannedOut: true,
  hasWaiting: false,
  lastAt: new Date('2026-11-21T11:00:00Z'),
};
const LATER = new Date('2026-11-21T12:00:00.001Z');

describe('judgePayload', () => {
  it.each<[string, Partial<PayloadState>]>([
    ['ended before', {}],
    ['ended at that very time', { lastAt: ENDED_BY }],
    ['became no SET, or none of which anything is known', { lastAt: undefined }],
  ])('lets go what %s', (_, state) => {
    expect(judgePayload({ ...ended, ...state }, ENDED_BY)).toBe('goes');
  });

  it.each<[string, Partial<PayloadState>]>([
    ['has a SET that waits', { hasWaiting: true }],
    ['has a SET that waits, whatever became of another', { hasWaiting: true, lastAt: LATER }],
    ['waits for its fan-out', { isFannedOut: false, lastAt: undefined }],
  ])('keeps what %s', (_, state) => {
    expect(judgePayload({ ...ended, ...state }, ENDED_BY)).toBe('waits');
  });

  it('keeps what ended later', () => {
    expect(judgePayload({ ...ended, lastAt: LATER }, ENDED_BY)).toBe('recent');
  });

  it('has nothing to do where the payload is gone, whatever waits', () => {
    expect(judgePayload({ ...ended, isGone: true, hasWaiting: true }, ENDED_BY)).toBe('gone');
  });
});
