import { VaultFailure } from './vault-failure.js';

/** So long after a failure nothing is asked. */
const REST_MS = 500;

interface Turns {
  /** the first failure after a success */
  began(error: VaultFailure): void;
  /** the first success after a failure */
  ended(): void;
}

/**
 * Keeps thousands of SETs from waiting, each for its whole time, for a vault that does not answer: after a failure all
 * that is asked fails at once, until one that goes first has succeeded.
 */
export class Patience {
  private failure: { readonly error: VaultFailure; readonly at: number } | undefined;
  private isTrying = false;

  constructor(private readonly turns: Turns) {}

  async try<Value>(work: () => Promise<Value>): Promise<Value> {
    const { failure } = this;
    if (!failure) return this.watch(work);
    if (this.isTrying || performance.now() - failure.at < REST_MS) throw failure.error;
    this.isTrying = true;
    try {
      return await this.watch(work);
    } finally {
      this.isTrying = false;
    }
  }

  private async watch<Value>(work: () => Promise<Value>): Promise<Value> {
    const before = this.failure;
    try {
      const value = await work();
      // one that was under way when another failed says nothing about now
      if (before && this.failure === before) {
        this.failure = undefined;
        this.turns.ended();
      }
      return value;
    } catch (error) {
      if (error instanceof VaultFailure) {
        if (!this.failure) this.turns.began(error);
        this.failure = { error, at: performance.now() };
      }
      throw error;
    }
  }
}
