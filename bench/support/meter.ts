import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, postgresCpuSeconds } from './process-usage.js';
import type { Transmitter } from './transmitter.js';

export interface Used {
  /** CPU time of the transmitter's process, in seconds */
  readonly transmitter: number;
  /** CPU time of its PostgreSQL */
  readonly postgres: number;
  /** how long it took */
  readonly seconds: number;
}

/** Begins to measure; the returned function tells what was used since. Reads /proc. */
export async function startMeter(transmitter: Transmitter): Promise<() => Promise<Used>> {
  const postmaster = await transmitter.postgresPid();
  const startedAt = performance.now();
  const own = await cpuSeconds(transmitter.pid);
  const postgres = await postgresCpuSeconds(postmaster);
  return async () => ({
    transmitter: (await cpuSeconds(transmitter.pid)) - own,
    postgres: (await postgresCpuSeconds(postmaster)) - postgres,
    seconds: (performance.now() - startedAt) / 1000,
  });
}

/** Of one core, in a second: what a transmitter that has caught up stays below. */
const QUIET_SHARE = 0.15;

/** Waits until the transmitter has done what it was asked to, which is not always to be seen from outside. */
export async function untilQuiet(transmitter: Transmitter, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const used = await startMeter(transmitter);
    await delay(1_000);
    const { transmitter: cpu, seconds } = await used();
    if (cpu / seconds < QUIET_SHARE) return;
    if (performance.now() > deadline)
      throw new Error(`the transmitter was not quiet within ${deadlineMs} ms`);
  }
}
