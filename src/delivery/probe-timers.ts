/** Timers do not fire early by a hair. */
const MARGIN_MS = 5;

/**
 * When to probe the streams that back off, to the millisecond. It is memory only: if this process is gone by then,
 * the sweep of another finds the stream.
 */
export class ProbeTimers {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(private readonly probe: (streamId: string) => void) {}

  after(delaySeconds: number, streamId: string): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        this.probe(streamId);
      },
      delaySeconds * 1000 + MARGIN_MS,
    ).unref();
    this.timers.add(timer);
  }

  clear(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
