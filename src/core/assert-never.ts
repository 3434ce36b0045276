/** The `default` of an exhaustive `switch`: a compile error when a case is missing, a throw when types lied. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
