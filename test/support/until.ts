import { setTimeout as delay } from 'node:timers/promises';

export const DEADLINE_MS = 10_000;
const POLL_MS = 15;

/** Waits until `look` answers something; `what` names in the error what did not come true in time. */
export async function until<Value>(
  what: string,
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  deadlineMs = DEADLINE_MS,
): Promise<Value> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await delay(POLL_MS);
  }
}
