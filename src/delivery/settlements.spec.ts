import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Settlement } from '../queue/lease.service.js';
import { Settlements } from './settlements.js';

function settled(seq: string, outcome: Settlement['outcome'], httpStatus: number): Settlement {
  return { jti: `jti-${seq}`, streamId: 'stream', seq, outcome, method: 'push', httpStatus };
}

describe('settlements', () => {
  it('are one for each SET: the first end stands, and an end before another try', () => {
    const settlements = new Settlements();
    settlements.add(settled('1', 'delivered', 202));
    settlements.add(settled('1', 'delivered', 200));
    settlements.add(settled('1', 'retry', 503));
    settlements.add(settled('2', 'retry', 503));
    settlements.add(settled('2', 'rejected', 400));
    settlements.add(settled('3', 'retry', 503));

    expect(settlements.size).toBe(3);
    expect(settlements.take()).toEqual([
      settled('1', 'delivered', 202),
      settled('2', 'rejected', 400),
      settled('3', 'retry', 503),
    ]);
    expect(settlements.size).toBe(0);
  });

  it('that could not be written come before those since, still one for each SET', () => {
    const settlements = new Settlements();
    settlements.add(settled('1', 'delivered', 202));
    settlements.add(settled('2', 'retry', 503));
    const taken = settlements.take();
    settlements.add(settled('1', 'delivered', 200));
    settlements.add(settled('2', 'delivered', 202));
    settlements.add(settled('3', 'delivered', 202));

    settlements.giveBack(taken);

    expect([...settlements.seqs]).toEqual(['1', '2', '3']);
    expect(settlements.take().map(({ httpStatus }) => httpStatus)).toEqual([202, 202, 202]);
  });

  it('wait for others for 100 ms, or until they are 500, and know which streams they concern', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const settlements = new Settlements();
    expect(settlements.concern('stream')).toBe(false);

    settlements.add(settled('1', 'delivered', 202));
    vi.advanceTimersByTime(10);
    settlements.add(settled('2', 'delivered', 202));
    vi.advanceTimersByTime(5);

    expect(settlements.dueInMs).toBe(85);
    vi.advanceTimersByTime(86);
    expect(settlements.dueInMs).toBe(0);
    expect(settlements.concern('stream')).toBe(true);
    expect(settlements.concern('another')).toBe(false);
    settlements.take();
    expect(settlements.concern('stream')).toBe(false);

    for (let seq = 0; seq < 499; seq += 1) settlements.add(settled(String(seq), 'delivered', 202));
    expect(settlements.dueInMs).toBe(100);
    settlements.add(settled('499', 'delivered', 202));
    expect(settlements.dueInMs).toBe(0);
  });

  it('know the streams in which something is to be tried again', () => {
    const settlements = new Settlements();
    settlements.add(settled('1', 'delivered', 202));
    expect([...settlements.retried]).toEqual([]);

    settlements.add(settled('2', 'retry', 503));
    expect([...settlements.retried]).toEqual(['stream']);
  });
});
