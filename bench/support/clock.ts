/**
 * Milliseconds of the machine's monotonic clock: the same in every process, unlike performance.now(), which begins
 * with the process.
 */
export function machineMs(): number {
  return performance.now() + OFFSET_MS;
}

const OFFSET_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();
