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
