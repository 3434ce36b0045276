import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** Random bytes for so many ids are drawn at once: drawing them is most of what an id costs. */
const POOL_SIZE = 512;
const BYTES = 16;

const pool = Buffer.alloc(POOL_SIZE * BYTES);
let position = pool.length;

/**
 * A UUIDv7 of a given instant, the `sequence`-th of it: ids of one batch sort in the batch's order. The instant is
 * the database's, so that ids of different processes sort by the one clock they share.
 */
export function eventId(at: Date, sequence = 0): string {
  return uuidv7({ msecs: at.getTime(), seq: sequence, random: random() });
}

let latest = 0;
let latestSequence = 0;

/** A UUIDv7 of this instant, which sorts behind all that this process made before. */
export function newId(): string {
  const now = Date.now();
  if (now > latest) {
    latest = now;
    // half of what there is, so that it takes two thousand million ids to get to its end
    latestSequence = random().readUInt32BE() >>> 1;
  } else latestSequence += 1;
  return uuidv7({ msecs: latest, seq: latestSequence, random: random() });
}

function random(): Buffer {
  if (position === pool.length) {
    randomFillSync(pool);
    position = 0;
  }
  position += BYTES;
  // no two ids share their bytes
  return pool.subarray(position - BYTES, position);
}

/** The instant of a UUIDv7, to the millisecond. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}

/** Before every UUIDv7 of this millisecond and later, after all earlier ones. */
export function idBefore(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
