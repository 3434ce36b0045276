/** What the demo tells the receiver, and the receiver the demo, over the channel between parent and child process. */

export type Command =
  | {
      readonly do: 'subscribe';
      readonly issuer: string;
      readonly token: string;
      readonly events: readonly string[];
    }
  /** answers 503 until it is told to accept */
  | { readonly do: 'refuse' }
  | { readonly do: 'accept' };

export type Report =
  | { readonly is: 'listening'; readonly endpointUrl: string }
  /** a request of the receiver to the transmitter, and its answer */
  | {
      readonly is: 'answered';
      readonly request: string;
      readonly status: number;
      readonly note: string;
    }
  /** `at`: milliseconds since the epoch */
  | { readonly is: 'verifying'; readonly streamId: string; readonly state: string; readonly at: number }
  | { readonly is: 'refusing' }
  | { readonly is: 'accepting' }
  | { readonly is: 'received'; readonly set: ReceivedSet }
  /** answered 503 */
  | { readonly is: 'refused'; readonly jti: string }
  /** something is wrong with a SET, or with the transmitter */
  | { readonly is: 'failed'; readonly reason: string };

/** A SET that is verified and not a duplicate. */
export interface ReceivedSet {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>> & SetClaims;
  /** milliseconds since the epoch, when its last byte was read */
  readonly receivedAt: number;
}

export interface SetClaims {
  readonly jti: string;
  readonly txn?: string;
  readonly events: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Comparable between processes of one machine, finer than Date.now(). */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
