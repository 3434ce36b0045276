/** One environment variable: docs/configuration.md is generated from these. */
export interface Setting<Value> {
  readonly name: string;
  readonly summary: string;
  /** the default in words, as the manual prints it */
  readonly defaultText: string;
  /** may also be given as a file by `<name>_FILE`; never printed */
  readonly isSecret?: true;
  parse(value: string): Value;
}
