import { SsfError } from '../../core/errors.js';
import type { SsfMetrics } from '../telemetry/metrics.js';

const REASONS = ['missing_token', 'invalid_token', 'too_many_requests'];

/** Counts it when nobody is authenticated. What is thrown is thrown on. */
export async function countingFailures<Result>(
  metrics: SsfMetrics,
  api: 'admin' | 'receiver' | 'source',
  authenticate: () => Promise<Result>,
): Promise<Result> {
  try {
    return await authenticate();
  } catch (error) {
    if (error instanceof SsfError && REASONS.includes(error.code))
      metrics.failedAuthentications.inc({ api, reason: error.code });
    throw error;
  }
}
