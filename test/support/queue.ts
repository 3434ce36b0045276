import type { Transmitter } from './transmitter.js';

/** The back-off of a stream ends now: the next sweep finds it. */
export async function makeDue({ database }: Transmitter, streamId: string): Promise<void> {
  await database.query(`update ssf.stream_queue set not_before = '-infinity' where stream_id = $1`, [
    streamId,
  ]);
}

/** What was handed out to polls may be handed out again now. */
export async function makeVisible({ database }: Transmitter, streamId: string): Promise<void> {
  await database.query(`update ssf.delivery set next_at = null where stream_id = $1`, [streamId]);
}
