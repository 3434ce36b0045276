import type { RetryPace } from './classify-push-response.js';

const MAX_DELAY_SECONDS = 3600;
const SCHEDULE_SECONDS = {
  quick: [5, 30, 120, 600, 1800, 3600],
  slow: [60, 300, 900, 1800, 3600],
} as const satisfies Record<RetryPace, readonly number[]>;
const JITTER = 0.2;

/**
 * How long to wait until a stream's next push, in seconds: the schedule with a jitter of 20 % either way, or the
 * receiver's Retry-After if that is longer, which is heeded up to an hour.
 *
 * @param input.failures how many pushes have failed in a row, from 1
 * @param input.random a random number in [0, 1)
 */
export function retryDelaySeconds(input: {
  readonly failures: number;
  readonly pace: RetryPace;
  readonly random: number;
  readonly retryAfterSeconds?: number;
}): number {
  const schedule = SCHEDULE_SECONDS[input.pace];
  const scheduled = schedule[Math.max(input.failures, 1) - 1] ?? MAX_DELAY_SECONDS;
  const delay = scheduled * (1 - JITTER + 2 * JITTER * input.random);
  if (input.retryAfterSeconds === undefined) return delay;
  return Math.min(Math.max(delay, input.retryAfterSeconds), MAX_DELAY_SECONDS);
}
