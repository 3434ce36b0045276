/** How long a SET is set aside each time; after the last it is given up. */
const ASIDE_SECONDS = [60, 900, 3600] as const;
/** SETs of one stream that may be aside at a time: when more fail, it is the receiver that does. */
const MAX_ASIDE = 16;

/** Failures before the request was sent: they are the receiver's, or the network's, whatever the SET. */
const NEVER_SENT: readonly string[] = [
  'blocked_address',
  'dns_failure',
  'connect_timeout',
  'connection_refused',
  'tls_failure',
];

interface PushFailure {
  readonly err: string;
  readonly isThrottled?: boolean;
  readonly retryAfterSeconds?: number;
}

/** What is known of a SET that failed before. */
export interface PastFailures {
  /** how often it failed while others passed */
  readonly strikes: number;
  /** whether others of its stream were delivered since it failed last */
  readonly othersPassed: boolean;
}

/** A failure that is the SET's own: it waits by itself, or is given up. */
export type LoneFailure =
  | { readonly outcome: 'retry'; readonly strikes: number; readonly asideSeconds: number }
  | { readonly outcome: 'dead' };

/**
 * Whether a push that failed speaks against its SET rather than against the receiver. A SET that fails again although
 * others of its stream pass is set aside, so that it does not stand for the receiver and stop the stream: for a
 * minute, a quarter of an hour, an hour, and is then given up. Each time counts only when others were delivered since
 * the last, so that nothing is given up because a receiver is down. Undefined: the receiver fails, for all.
 *
 * @param set what is known of its failures before this one; undefined: there were none
 * @param stream.hasPassed whether something was delivered since the stream last backed off
 * @param stream.asideCount how many of its SETs are aside
 */
export function judgeFailure(
  failure: PushFailure,
  set: PastFailures | undefined,
  stream: { readonly hasPassed: boolean; readonly asideCount: number },
): LoneFailure | undefined {
  if (!set || !mayBeTheSets(failure)) return undefined;
  if (set.strikes === 0) return stream.hasPassed && stream.asideCount < MAX_ASIDE ? aside(1) : undefined;
  return aside(set.othersPassed ? set.strikes + 1 : set.strikes);
}

/** Whether a failure can be the SET's own: it was sent, and the receiver did not ask for less or for time. */
export function mayBeTheSets({ err, isThrottled, retryAfterSeconds }: PushFailure): boolean {
  return !isThrottled && retryAfterSeconds === undefined && !NEVER_SENT.includes(err);
}

function aside(strikes: number): LoneFailure {
  const asideSeconds = ASIDE_SECONDS[strikes - 1];
  return asideSeconds === undefined ? { outcome: 'dead' } : { outcome: 'retry', strikes, asideSeconds };
}
