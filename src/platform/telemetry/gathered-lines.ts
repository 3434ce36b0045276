/** What the lines go to: pino's destination. */
export interface TextSink {
  write(text: string): unknown;
  flushSync(): void;
}

/** Characters; lines of a moment are a few hundred each. */
const MAX_GATHERED = 16_384;
const MAX_WAIT_MS = 100;

/**
 * Hands lines on some together: a system call for each costs more than all else of it. pino's destination can gather
 * them too, but measures all that it holds with each line that comes, which took a fifth of all memory that delivery
 * allocates (docs/scaling.md).
 */
export class GatheredLines {
  readonly #sink: TextSink;
  #lines = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: TextSink) {
    this.#sink = sink;
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
    if (this.#lines === '') return;
    const lines = this.#lines;
    this.#lines = '';
    this.#sink.write(lines);
  }
}
