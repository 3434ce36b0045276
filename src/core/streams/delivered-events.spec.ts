import { describe, expect, it } from 'vitest';
import { deliveredEvents } from './delivered-events.js';

describe('deliveredEvents', () => {
  it('is everything supported when nothing is requested in particular', () => {
    expect(deliveredEvents(['a', 'b'], undefined)).toEqual(['a', 'b']);
  });

  it('is nothing when nothing is requested', () => {
    expect(deliveredEvents(['a', 'b'], [])).toEqual([]);
  });

  it('is what is both supported and requested, once, in the order of what is supported', () => {
    expect(deliveredEvents(['a', 'b', 'c', 'a'], ['c', 'x', 'a', 'c'])).toEqual(['a', 'c']);
  });
});
