/** What the lines go to: pino's destination. */
export interface TextSink {
  /** What it has no room for it refuses with the event `drop`, before this returns. */
  write(text: string): unknown;
  flushSync(): void;
  on(event: 'drop' | 'drain', listener: () => void): unknown;
}

/** Characters; lines of a moment are a few hundred each. */
const MAX_GATHERED = 16_384;
const MAX_WAIT_MS = 100;

/**
 * Hands lines on some together: a system call for each costs more than all else of it. pino's destination can gather
 * them too, but measures all that it holds with each line that comes, which took a fifth of all memory that delivery
 * allocates (docs/scaling.md).
 *
 * When whoever reads the log has stalled, and there is no room for more, lines are lost rather than the process: how many
 * is the next line that can be written.
 */
export class GatheredLines {
  readonly #sink: TextSink;
  readonly #tellLost: (count: number) => string;
  #lines = '';
  #lost = 0;
  #isRefused = false;
  #timer: NodeJS.Timeout | undefined;

  /** `tellLost` writes the line that says how many were lost. */
  constructor(sink: TextSink, tellLost: (count: number) => string) {
    this.#sink = sink;
    this.#tellLost = tellLost;
    sink.on('drop', () => (this.#isRefused = true));
    sink.on('drain', () => {
      if (this.#lost > 0) this.#handOn();
    });
  }

  write(line: string): void {
    this.#lines += line;
    if (this.#lines.length >= MAX_GATHERED) this.#handOn();
    // whoever ends the process flushes
    else this.#timer ??= setTimeout(() => this.#handOn(), MAX_WAIT_MS).unref();
  }

  /** Writes all that is left before it returns. */
  flushSync(): void {
    this.#handOn();
    this.#sink.flushSync();
  }

  #handOn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines === '' && this.#lost === 0) return;
    const lines = this.#lines;
    this.#lines = '';
    this.#isRefused = false;
    this.#sink.write(this.#lost > 0 ? this.#tellLost(this.#lost) + lines : lines);
    this.#lost = this.#isRefused ? this.#lost + lines.split('\n').length - 1 : 0;
  }
}
