const GIVEN = process.env.FAULT_SEED;

/** Random numbers that a failed run can be repeated with: `FAULT_SEED=... npm run test:faults`. */
export class SeededRandom {
  readonly seed = GIVEN === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(GIVEN);
  private state = this.seed;

  /** In [0, 1); mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  oneOf<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('one of nothing');
    return item;
  }
}
