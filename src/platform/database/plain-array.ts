/**
 * A PostgreSQL array literal of values that need no quotes: UUIDs, numbers and keywords. pg quotes each element of
 * an array on its own, which for ids is most of what a large statement costs this process.
 *
 * @throws TypeError for a value that would need quotes
 */
export function plainArray<Item>(
  items: readonly Item[],
  pick: (item: Item) => string | number | undefined,
): string {
  const literal = items.map((item) => pick(item) ?? 'null').join(',');
  // one test of the whole: a comma inside of a value would make one element more
  if (!PLAIN.test(literal) || (items.length > 0 && literal.split(',').length !== items.length))
    throw new TypeError('a value of the array needs quotes');
  return `{${literal}}`;
}

const PLAIN = /^[\w.,-]*$/;
