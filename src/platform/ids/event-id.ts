import { v7 as uuidv7 } from 'uuid';

/**
 * A UUIDv7 of a given instant, the `position`-th of it: ids of one batch sort in the batch's order. The instant is
 * the database's, so that ids of different processes sort by the one clock they share.
 */
export function eventId(at: Date, position = 0): string {
  return uuidv7({ msecs: at.getTime(), seq: position });
}
