import type { WaitingPoll } from './waiting-poll.js';

/** The polls that wait, a line per stream: who came first is served first. */
export class PollLines {
  private readonly lines = new Map<string, Set<WaitingPoll>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  get streamIds(): string[] {
    return [...this.lines.keys()];
  }

  join(poll: WaitingPoll): void {
    const line = this.lines.get(poll.streamId);
    if (line) line.add(poll);
    else this.lines.set(poll.streamId, new Set([poll]));
    this.count += 1;
  }

  leave(poll: WaitingPoll): void {
    const line = this.lines.get(poll.streamId);
    if (!line?.delete(poll)) return;
    this.count -= 1;
    if (line.size === 0) this.lines.delete(poll.streamId);
  }

  of(streamId: string): WaitingPoll[] {
    return [...(this.lines.get(streamId) ?? [])];
  }

  first(streamId: string): WaitingPoll | undefined {
    return this.lines.get(streamId)?.values().next().value;
  }

  all(): WaitingPoll[] {
    return this.streamIds.flatMap((streamId) => this.of(streamId));
  }

  /** The oldest one of the longest line that is not being served. */
  mostDispensable(): WaitingPoll | undefined {
    let longest: Set<WaitingPoll> | undefined;
    for (const line of this.lines.values()) if (line.size > (longest?.size ?? 0)) longest = line;
    return [...(longest ?? [])].find(({ isServed }) => !isServed);
  }
}
