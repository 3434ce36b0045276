/**
 * Where a SET stands: `pending` waits to be sent, `held` waits because its stream is paused; the others are ends: the
 * receiver has it, refused it, failed on it again and again (and on no other), or it waited too long or was withdrawn.
 */
export const SET_STATUSES = ['pending', 'held', 'delivered', 'rejected', 'dead', 'dropped'] as const;
export type SetStatus = (typeof SET_STATUSES)[number];

/** The ends, of which a SET can be sent again. */
export const ENDED_STATUSES = ['delivered', 'rejected', 'dead', 'dropped'] as const satisfies SetStatus[];
export type EndedStatus = (typeof ENDED_STATUSES)[number];

/** The ends without the receiver's consent. */
export const UNHAPPY_STATUSES = ['rejected', 'dead', 'dropped'] as const satisfies EndedStatus[];
