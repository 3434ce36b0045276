import type { LeasedStream } from './leased-stream.js';

/** The streams that this process has leased, and whose turn it is: one send per stream and turn. */
export class LeaseTable {
  private readonly streams = new Map<string, LeasedStream>();
  private readonly ready = new Set<LeasedStream>();

  get size(): number {
    return this.streams.size;
  }

  get(streamId: string): LeasedStream | undefined {
    return this.streams.get(streamId);
  }

  all(): IterableIterator<LeasedStream> {
    return this.streams.values();
  }

  add(stream: LeasedStream): void {
    this.streams.set(stream.streamId, stream);
  }

  remove(stream: LeasedStream): void {
    if (this.streams.get(stream.streamId) === stream) this.streams.delete(stream.streamId);
    this.ready.delete(stream);
  }

  /** The stream may have something to send. */
  markReady(stream: LeasedStream): void {
    if (this.streams.get(stream.streamId) === stream) this.ready.add(stream);
  }

  /** Calls `send` once for each ready stream in turn, round after round, until none has more or `send` says stop. */
  takeTurns(send: (stream: LeasedStream) => 'sent' | 'nothing' | 'stop'): void {
    for (const stream of this.ready) {
      const result = send(stream);
      if (result === 'stop') return;
      this.ready.delete(stream);
      // goes to the end of the line: a Set iterates in the order of insertion
      if (result === 'sent') this.ready.add(stream);
    }
  }
}
