/**
 * The internal events, each a doorbell: it says that rows have changed, so that somebody looks at once instead
 * of at the next sweep. Payloads carry ids, never claims or personal data. `isRemote` marks an event that
 * another process relayed.
 */
export interface SsfEventMap {
  /** signals were committed and wait for their fan-out */
  'signal.recorded': { readonly providerIds: readonly string[]; readonly isRemote?: true };
  /** SETs were committed to the queues of these streams */
  'set.queued': { readonly streamIds: readonly string[]; readonly isRemote?: true };
  /** a stream was created, changed or deleted: whoever works on its queue reads it anew */
  'stream.changed': { readonly streamIds: readonly string[]; readonly isRemote?: true };
  /** the signing keys of these providers were changed: whoever signs reads them anew */
  'signing_keys.changed': { readonly providerIds: readonly string[]; readonly isRemote?: true };
  /** a SET came to its end */
  'set.delivered': { readonly jti: string; readonly streamId: string };
  'set.rejected': { readonly jti: string; readonly streamId: string; readonly err: string };
  /** given up: it failed again and again while others of its stream were delivered */
  'set.dead': { readonly jti: string; readonly streamId: string; readonly err: string };
  'set.dropped': { readonly jti: string; readonly streamId: string; readonly reason: string };
  /** a stream's receiver cannot be reached or refuses every SET; `retryInSeconds` until the next probe */
  'stream.failing': { readonly streamId: string; readonly err: string; readonly retryInSeconds: number };
  /** a recovery was asked for and waits to be worked on */
  'recovery.requested': { readonly recoveryId: string };
  /**
   * all pushes of a stream have failed since `failingSince`: it has had 50, 70, 90 or 100 `percent` of the time after
   * which it is paused. Once for each of them, in one of the processes; times are ISO 8601
   */
  'stream.failure_alert': {
    readonly streamId: string;
    readonly percent: number;
    readonly err: string;
    readonly failingSince: string;
    readonly pausesAt: string;
  };
  'stream.status_changed': { readonly streamId: string; readonly status: string };
}

export type SsfEventName = keyof SsfEventMap;

/** The events that other processes want to hear of too. */
export const RELAYED_EVENTS = [
  'signal.recorded',
  'set.queued',
  'stream.changed',
  'signing_keys.changed',
] as const;
export type RelayedEventName = (typeof RELAYED_EVENTS)[number];
