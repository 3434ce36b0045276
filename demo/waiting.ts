import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;

/** How long to wait for what, and the signal that ends the demo, whose reason every wait then fails with. */
export interface Patience {
  readonly what: string;
  readonly seconds: number;
  readonly ending: AbortSignal;
}

/** What ends the demo early; the message is the one line that is printed. */
export class DemoError extends Error {}

/** Looks until there is something to see. */
export async function until<Value>(
  look: (signal: AbortSignal) => Promise<Value | undefined>,
  patience: Patience,
): Promise<Value> {
  return withinDeadline(patience, async (signal) => {
    for (;;) {
      const value = await look(signal);
      if (value !== undefined) return value;
      await delay(POLL_MS, undefined, { signal });
    }
  });
}

/** Rejects with a DemoError that names what did not come in time, or with the reason that the demo ends for. */
export async function withinDeadline<Value>(
  { what, seconds, ending }: Patience,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  try {
    return await work(AbortSignal.any([ending, deadline]));
  } catch (error) {
    if (ending.aborted) throw ending.reason;
    if (deadline.aborted) throw new DemoError(`no sign of ${what} within ${seconds} s`);
    throw error;
  }
}
