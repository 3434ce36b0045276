/**
 * Whether a value is a string of Unicode characters. An unpaired surrogate or U+0000 is refused: the first has
 * no UTF-8 form (RFC 7493 section 2.1), the second cannot be stored.
 */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && !/[\0\p{Cs}]/u.test(value);
}

/** Whether a value is text of at least one character. */
export function isNonEmptyText(value: unknown): value is string {
  return isText(value) && value !== '';
}
