import type { Resources } from './support/resources.js';
import type { TransmitterOptions } from './support/transmitter.js';

/** What a value has to be for its target to be met. */
export type Limit = { readonly atLeast: number } | { readonly atMost: number } | { readonly below: number };

/** `ratio` is against a baseline of the same run. */
export type Unit = 'ratio' | 'ms' | '%' | 'MB' | 'kB' | 'bytes' | 'count' | 'per s';

/** One line of the table. */
export interface Measurement {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
  /** undefined: reported, not judged */
  readonly limit?: Limit | undefined;
  /** what the value is made of: medians and their spread */
  readonly details?: string;
}

export interface FigureContext {
  /** small sizes, to see that everything works; the values mean little */
  readonly isQuick: boolean;
  /** what is put here ends with the figure, however it ends */
  readonly resources: Resources;
  /** how every transmitter of the run is started */
  readonly transmitter: TransmitterOptions;
  size<Value>(sizes: { readonly quick: Value; readonly full: Value }): Value;
  /** as `size`, for a number of rounds: the command line can ask for another */
  rounds(numbers: { readonly quick: number; readonly full: number }): number;
  log(line: string): void;
}

/** A benchmark of its own, selected by its name on the command line. */
export interface Figure {
  readonly name: string;
  /** one line: what is measured */
  readonly about: string;
  /** reads the kernel's figures of processes in /proc */
  readonly needsLinux?: true;
  run(context: FigureContext): Promise<Measurement[]>;
}
