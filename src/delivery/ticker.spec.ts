import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ticker } from './ticker.js';

describe('Ticker', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function ticker(tick: () => Promise<void>): { ticker: Ticker; failures: unknown[]; ended: () => number } {
    const failures: unknown[] = [];
    let count = 0;
    const made = new Ticker({
      tick,
      failed: (error) => failures.push(error),
      ended: () => {
        count += 1;
      },
    });
    return { ticker: made, failures, ended: () => count };
  }

  it('ticks once for many wishes, at the earliest of them', async () => {
    const tick = vi.fn(async () => {});
    const { ticker: made } = ticker(tick);
    made.within(50);
    made.within(10);
    made.within(30);

    await vi.advanceTimersByTimeAsync(9);
    expect(tick).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(100);

    expect(tick).toHaveBeenCalledTimes(1);
  });

  it('never runs two ticks at once and serves a wish that fell into one after it', async () => {
    let release: () => void = () => {};
    let running = 0;
    let most = 0;
    const tick = vi.fn(async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      running -= 1;
    });
    const { ticker: made } = ticker(tick);

    made.within(0);
    await vi.advanceTimersByTimeAsync(1);
    made.within(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(tick).toHaveBeenCalledTimes(1);
    release();
    await vi.advanceTimersByTimeAsync(1);

    expect(tick).toHaveBeenCalledTimes(2);
    expect(most).toBe(1);
  });

  it('is late when what was asked fails for long, and never while nobody asks', async () => {
    let isAway = true;
    const { ticker: made } = ticker(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(made.lateMs).toBe(0);

    made.within(0);
    await vi.advanceTimersByTimeAsync(0);
    made.within(0);
    await vi.advanceTimersByTimeAsync(50);
    expect(made.lateMs).toBe(50);
    isAway = false;
    made.within(0);
    await made.stop();
  });

  it('is late when a tick hangs, and counts anew what was asked during one that ended', async () => {
    let release: () => void = () => {};
    const { ticker: made } = ticker(() => new Promise<void>((resolve) => (release = resolve)));

    made.within(0);
    await vi.advanceTimersByTimeAsync(40);
    expect(made.lateMs).toBe(40);
    made.within(10);
    release();
    await vi.advanceTimersByTimeAsync(5);
    expect(made.lateMs).toBe(5);
    await vi.advanceTimersByTimeAsync(5);
    release();
    await vi.advanceTimersByTimeAsync(100);

    expect(made.lateMs).toBe(0);
  });

  it('reports a tick that failed, and has ended only after the wait for the next try', async () => {
    const tick = vi.fn(() => Promise.reject(new Error('the database is away')));
    const { ticker: made, failures, ended } = ticker(tick);

    made.within(0);
    await vi.advanceTimersByTimeAsync(0);
    expect(failures).toHaveLength(1);

    expect(ended()).toBe(0);

    await made.stop();
    expect(ended()).toBe(1);
  });
});
