/**
 * The life of a signing key: `next` is published before its first use, `active` signs, `retiring` is still published
 * for SETs that are under way, `retired` is not.
 */
export const SIGNING_KEY_STATUSES = ['next', 'active', 'retiring', 'retired'] as const;
export type SigningKeyStatus = (typeof SIGNING_KEY_STATUSES)[number];

/** How long receivers and caches may keep a JWK Set (`max-age` of `jwks.json`). */
export const JWKS_MAX_AGE_SECONDS = 300;
/** A key is published so long before it signs: the time of the caches, and a minute for its own way to the JWK Set. */
export const PUBLISHED_AHEAD_SECONDS = JWKS_MAX_AGE_SECONDS + 60;
/** A key that has signed is published so long after: what it signed is sent again with the same bytes meanwhile. */
export const RETIRING_SECONDS = 30 * 86_400;
/**
 * What it signed is sent for the last time so long before it retires: time for the send, for the receiver to verify,
 * and for every process to notice.
 */
export const LAST_SEND_SECONDS = 300;
/** A withdrawn key is published until every process has noticed, and what it was sending by then has arrived. */
export const WITHDRAWAL_SECONDS = 30;

/** What decides over a key of a provider's ring; times are the database's. */
export interface RingKey {
  readonly kid: string;
  readonly status: SigningKeyStatus;
  /** since when it has its status */
  readonly statusChangedAt: Date;
  /** when `next` becomes active, and `retiring` retired; null: not by itself */
  readonly changesAt: Date | null;
}

/**
 * The ring as it stands at `now`, whatever was written down of it: a `next` key whose time has come takes the place of
 * the active one, and a `retiring` key whose time is over is retired. So all processes switch at one moment, and it does
 * not matter when somebody writes it down.
 */
export function ringAt<Key extends RingKey>(keys: readonly Key[], now: Date): Key[] {
  const due = keys.find((key) => key.status === 'next' && isDue(key, now));
  const switched = due ? replaceActive(keys, due.kid, due.changesAt ?? now) : [...keys];
  return switched.map((key) =>
    key.status === 'retiring' && isDue(key, now) ? moved(key, 'retired', key.changesAt ?? now, null) : key,
  );
}

/**
 * The ring after a switch at once, to a key of it: for keys that others may know. Everything else that has signed is
 * withdrawn: it leaves the JWK Set within the minute, and what it signed is signed anew.
 */
export function switchedAtOnce<Key extends RingKey>(keys: readonly Key[], kid: string, now: Date): Key[] {
  const withdrawn = after(now, WITHDRAWAL_SECONDS);
  return replaceActive(keys, kid, now).map((key) =>
    key.status === 'retiring' && key.changesAt !== null && key.changesAt > withdrawn
      ? { ...key, changesAt: withdrawn }
      : key,
  );
}

/** Whether the JWK Set has it. */
export function isPublished({ status }: RingKey): boolean {
  return status !== 'retired';
}

/** Whether what it signed may be sent, for the first time or again: the receiver still finds the key (SSF-F-14). */
export function maySend({ status, changesAt }: RingKey, now: Date): boolean {
  if (status === 'retiring') return changesAt !== null && changesAt > after(now, LAST_SEND_SECONDS);
  return status === 'active';
}

/** Whether an active key has signed for so many days, when its successor will have been published for long enough. */
export function isRotationDue({ statusChangedAt }: RingKey, days: number, now: Date): boolean {
  return after(statusChangedAt, days * 86_400) <= after(now, PUBLISHED_AHEAD_SECONDS);
}

/** Why a key cannot be deleted, and when it can; undefined when it can. */
export function whyNeeded({ status, changesAt }: RingKey): string | undefined {
  switch (status) {
    case 'active':
      return 'the key signs: rotate first; it can be deleted when it has retired';
    case 'retiring':
      return `SETs that the key signed may be under way: it can be deleted after ${changesAt?.toISOString()}`;
    case 'next':
    case 'retired':
      return undefined;
  }
}

export function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000);
}

function replaceActive<Key extends RingKey>(keys: readonly Key[], kid: string, at: Date): Key[] {
  return keys.map((key) => {
    if (key.kid === kid) return moved(key, 'active', at, null);
    return key.status === 'active' ? moved(key, 'retiring', at, after(at, RETIRING_SECONDS)) : key;
  });
}

function moved<Key extends RingKey>(
  key: Key,
  status: SigningKeyStatus,
  statusChangedAt: Date,
  changesAt: Date | null,
): Key {
  return { ...key, status, statusChangedAt, changesAt };
}

function isDue({ changesAt }: RingKey, now: Date): boolean {
  return changesAt !== null && changesAt <= now;
}
