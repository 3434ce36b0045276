import { validate } from 'uuid';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventId, idBefore, newId, timeOfId } from './event-id.js';

const AT = new Date('2026-11-21T17:00:00.123Z');

describe('the id of an event', () => {
  it('tells its instant', () => {
    expect(timeOfId(eventId(AT, 5))).toEqual(AT);
  });

  it('stands after what is before its millisecond, and before what is after it', () => {
    const id = eventId(AT);

    expect(idBefore(AT) < id).toBe(true);
    expect(idBefore(new Date(AT.getTime() + 1)) > id).toBe(true);
    expect(timeOfId(idBefore(AT))).toEqual(AT);
  });

  it('has nothing before it in a time before 1970', () => {
    expect(idBefore(new Date('1960-01-01T00:00:00Z'))).toBe('00000000-0000-0000-0000-000000000000');
  });
});

describe('a new id', () => {
  afterEach(() => vi.useRealTimers());

  it('stands behind those before it, within a millisecond and when the clock is put back', () => {
    vi.useFakeTimers({ now: AT });
    const ids = Array.from({ length: 2_000 }, newId);
    vi.setSystemTime(AT.getTime() - 60_000);
    ids.push(...Array.from({ length: 2_000 }, newId));
    vi.setSystemTime(AT.getTime() + 1);
    ids.push(newId());

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.every(validate)).toBe(true);
    expect(timeOfId(ids.at(-1) ?? '')).toEqual(new Date(AT.getTime() + 1));
  });
});
