import { describe, expect, it } from 'vitest';
import { LeaseTable } from './lease-table.js';
import { LeasedStream } from './leased-stream.js';

function table(...streamIds: string[]): LeaseTable {
  const leases = new LeaseTable();
  for (const streamId of streamIds) {
    const target = {
      streamId,
      providerId: 'p-1',
      endpointUrl: 'https://rx.test',
      authorizationHeader: undefined,
    };
    const stream = new LeasedStream(target, { version: '1', failures: 0, cap: 8, now: 0 });
    leases.add(stream);
    leases.markReady(stream);
  }
  return leases;
}

describe('LeaseTable', () => {
  it('gives each stream one send a turn', () => {
    const left: Record<string, number> = { a: 3, b: 1, c: 2 };
    const sent: string[] = [];

    table('a', 'b', 'c').takeTurns(({ streamId }) => {
      if ((left[streamId] ?? 0) === 0) return 'nothing';
      left[streamId] = (left[streamId] ?? 0) - 1;
      sent.push(streamId);
      return 'sent';
    });

    expect(sent).toEqual(['a', 'b', 'c', 'a', 'c', 'a']);
  });

  it('goes on after a stop with the stream whose turn it was', () => {
    const leases = table('a', 'b');
    const asked: string[] = [];
    leases.takeTurns(({ streamId }) => {
      asked.push(streamId);
      return streamId === 'a' ? 'sent' : 'stop';
    });
    leases.takeTurns(({ streamId }) => {
      asked.push(streamId);
      return 'nothing';
    });

    expect(asked).toEqual(['a', 'b', 'b', 'a']);
  });

  it('asks a stream once, however often it may have something', () => {
    const leases = table('a', 'b');
    const a = leases.get('a');
    if (a) leases.markReady(a);
    const asked: string[] = [];

    for (const turns of ['first', 'second'])
      leases.takeTurns(({ streamId }) => {
        asked.push(`${turns} ${streamId}`);
        return 'nothing';
      });

    expect(asked).toEqual(['first a', 'first b']);
  });

  it('passes over nobody when a stream is removed while it sends', () => {
    const leases = table('a', 'b');
    for (const stream of leases.all()) leases.markReady(stream);
    const asked: string[] = [];

    leases.takeTurns((stream) => {
      asked.push(stream.streamId);
      if (asked.length > 2) return 'stop';
      if (stream.streamId === 'b') return 'nothing';
      leases.remove(stream);
      return 'sent';
    });

    expect(asked).toEqual(['a', 'b']);
  });

  it('asks a stream that was removed no more', () => {
    const leases = table('a', 'b');
    const a = leases.get('a');
    if (a) leases.remove(a);
    const asked: string[] = [];

    leases.takeTurns(({ streamId }) => {
      asked.push(streamId);
      return 'nothing';
    });

    expect(asked).toEqual(['b']);
  });
});
