import type { LeasedStream } from './leased-stream.js';

/** The streams that this process has leased, and whose turn it is: one send per stream and turn. */
export class LeaseTable {
  private readonly streams = new Map<string, LeasedStream>();
  /** the first is next */
  private readonly line: LeasedStream[] = [];

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
    if (!stream.isInLine) return;
    stream.isInLine = false;
    this.line.splice(this.line.indexOf(stream), 1);
  }

  /** The stream may have something to send. */
  markReady(stream: LeasedStream): void {
    if (stream.isInLine || this.streams.get(stream.streamId) !== stream) return;
    stream.isInLine = true;
    this.line.push(stream);
  }

  /** Calls `send` once for each ready stream in turn, round after round, until none has more or `send` says stop. */
  takeTurns(send: (stream: LeasedStream) => 'sent' | 'nothing' | 'stop'): void {
    for (let stream = this.line[0]; stream; stream = this.line[0]) {
      const result = send(stream);
      if (result === 'stop') return;
      // removed while it sent, and out of the line with that
      if (!stream.isInLine) continue;
      this.line.shift();
      if (result === 'sent') this.line.push(stream);
      else stream.isInLine = false;
    }
  }
}
