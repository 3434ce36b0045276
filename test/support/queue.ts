import type { Transmitter } from './transmitter.js';
import { until } from './until.js';

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

/** What waits in a stream was enqueued so many days earlier than it was. */
export async function makeOlder({ database }: Transmitter, streamId: string, days: number): Promise<void> {
  await database.query(
    `update ssf.delivery set enqueued_at = enqueued_at - make_interval(days => $2),
            expires_at = expires_at - make_interval(days => $2) where stream_id = $1`,
    [streamId, days],
  );
}

/** Resolves when a round of housekeeping that began after the call has ended. */
export async function housekeepingRound({ database }: Transmitter, task: string): Promise<void> {
  const begun = async (): Promise<string | undefined> => {
    const [row] = await database.query<{ at: string }>(
      'select begun_at::text as at from ssf.periodic_task where name = $1',
      [task],
    );
    return row?.at;
  };
  // no process begins a round before the last one has ended
  for (const which of ['a round', 'the next one']) {
    const before = await begun();
    await until(`${which} of ${task}`, async () => (await begun()) !== before);
  }
}
