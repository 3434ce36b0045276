/** The value below which this share of the values lies, by nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const rank = Math.ceil(share * values.length) - 1;
  return at(sorted(values), Math.max(0, rank));
}

/** The mean of the two in the middle when their number is even. */
export function median(values: readonly number[]): number {
  const inOrder = sorted(values);
  const middle = (inOrder.length - 1) / 2;
  return (at(inOrder, Math.floor(middle)) + at(inOrder, Math.ceil(middle))) / 2;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** `median (smallest to largest)`. */
export function spread(values: readonly number[], unit = ''): string {
  return `${readable(median(values))}${unit} (${readable(Math.min(...values))} to ${readable(Math.max(...values))})`;
}

/** Three digits that mean something, thousands grouped. */
export function readable(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 4;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}
