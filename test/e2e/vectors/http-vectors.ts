import { readFileSync } from 'node:fs';

/** A request to the receiver API with what must come of it; `about` of the file explains placeholders and `auth`. */
export interface HttpVector {
  readonly id: string;
  readonly operation: string;
  readonly precondition: string;
  readonly request: {
    readonly query?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    /** a body that is sent as it stands */
    readonly raw?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly auth?: string;
  };
  readonly expect: { readonly status: number; readonly checks: readonly string[] };
  readonly level: string;
  readonly why: string;
}

export interface MatchingVector {
  readonly id: string;
  readonly name: string;
  readonly added: Readonly<Record<string, unknown>>;
  readonly event: Readonly<Record<string, unknown>>;
  readonly match: boolean;
}

interface Vectors {
  readonly http: readonly HttpVector[];
  readonly subject_matching: readonly MatchingVector[];
}

export const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/vectors.json', import.meta.url), 'utf8'),
) as Vectors;

/** The vectors of these operations. */
export function vectorsOf(...operations: string[]): HttpVector[] {
  return vectors.http.filter(({ operation }) => operations.includes(operation));
}

/**
 * What the product decided where the specifications are silent or leave a choice: every vector of such a level has
 * the requirement here whose decision it shows. None of them asks for anything else than was decided.
 */
export const DECIDED: Readonly<Record<string, string>> = {
  'ST-create-10': 'SSF-B-16: only https',
  'ST-put-03': 'SSF-B-53: a replacement without delivery is poll',
  'SS-get-03': 'SSF-C-01: the stream_id is required',
  'SB-rem-02': 'SSF-D-08: removing what was never added is 204',
  'SB-rem-03': "SSF-D-10: the stream's own subject cannot be removed, 403",
  'VE-07': 'SSF-E-07: the advertised interval is enforced',
  'VE-08': 'SSF-E-10: 204 whatever the status; a disabled stream drops the SET',
  'PO-11': 'SSF-C-12: a paused stream gives nothing that the receiver asked to be held',
  'PO-20': 'SSF-B-73: 404 after the deletion',
};
