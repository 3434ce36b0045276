import { readFileSync } from 'node:fs';
import type { SetClaims, Signal } from './api-types.js';

/** What a signal becomes, to the letter. */
export interface GoldenSignal {
  readonly name: string;
  readonly signal: Partial<Signal> & Pick<Signal, 'type'>;
  /** members of the application */
  readonly application?: { readonly subjectFormat?: string; readonly pairwiseSubjects?: boolean };
  /** `eventMapping` of the provider */
  readonly mapping?: object;
  readonly claims: SetClaims;
}

/** The same for a call about a stream. */
export interface GoldenCall {
  readonly name: string;
  readonly call: {
    readonly verify?: { readonly state?: string };
    readonly update?: { readonly status: 'enabled' | 'paused' | 'disabled'; readonly reason?: string };
  };
  readonly claims: SetClaims;
}

export interface GoldenSets {
  readonly about: {
    readonly now: string;
    readonly issuer: string;
    readonly audience: string;
    readonly streamId: string;
    readonly applicationId: string;
    readonly pairwiseSecret: string;
  };
  readonly signals: readonly GoldenSignal[];
  readonly calls: readonly GoldenCall[];
}

export const goldenSets = JSON.parse(
  readFileSync(new URL('../vectors/golden-sets.json', import.meta.url), 'utf8'),
) as GoldenSets;

/** For an application that is nothing special: one of each type of signal. */
export const plainGoldenSignals = goldenSets.signals.filter(
  ({ application, mapping, signal, name }) => !application && !mapping && name === signal.type,
);
