import { readReceiverError, type ReceiverError } from './receiver-error.js';

/** What came of one push: the receiver's answer, or a failure of the network (timeouts and TLS among them). */
export type PushAnswer =
  | {
      readonly kind: 'response';
      readonly status: number;
      /** not judged: receivers forget it, and a body is only read when it is JSON */
      readonly contentType?: string;
      readonly body?: string;
      readonly retryAfterSeconds?: number;
    }
  /** `message` is for people */
  | { readonly kind: 'network'; readonly code: string; readonly message?: string };

export type PushOutcome =
  | { readonly outcome: 'delivered'; readonly nonConformant?: true }
  | { readonly outcome: 'rejected'; readonly err: string; readonly description?: string }
  | {
      readonly outcome: 'retry';
      readonly pace: RetryPace;
      readonly err: string;
      readonly description?: string;
      readonly retryAfterSeconds?: number;
      /** 429: it is too much, whatever is sent */
      readonly isThrottled?: true;
      readonly alert?: true;
    };

/** How a stream backs off: `quick` from seconds, for what passes by itself; `slow`, for what needs a person. */
export type RetryPace = 'quick' | 'slow';

/** RFC 8935 section 2.4: the codes that speak of the receiver's keys and of our credentials, not of this SET. */
const SLOW_CODES: readonly string[] = ['invalid_key', 'authentication_failed', 'access_denied'];
/** Timeout, too early and too many requests: they pass by themselves, as 5xx does. */
const QUICK_STATUSES: readonly number[] = [408, 425, 429];

const MAX_RETRY_AFTER_SECONDS = 3600;

/** RFC 9110 section 5.6.7: the three forms of a date; only the last has no zone, which is GMT then. */
const HTTP_DATE = /^(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? [\w :-]+$/i;

/**
 * What becomes of a SET after a push (RFC 8935 sections 2.2 to 2.4 and 4, SSF 1.0 section 11).
 *
 * - 2xx: delivered; not conformant unless it is 202
 * - 400, and 413: rejected, which is final for this SET, except for the codes that a change of keys or of
 *   credentials cures: those are retried slowly
 * - 408, 425, 429, 5xx and network failures: retried quickly
 * - all else, redirects included: retried slowly, with an alert, as someone has to repair the endpoint
 *
 * `err` is the receiver's code if it sent one, or else `http_{status}` or the code of the network failure.
 */
export function classifyPushResponse(answer: PushAnswer): PushOutcome {
  if (answer.kind === 'network') {
    const { code, message } = answer;
    return {
      outcome: 'retry',
      pace: 'quick',
      err: code,
      ...(message !== undefined && { description: message }),
    };
  }
  const { status, retryAfterSeconds } = answer;
  if (status >= 200 && status <= 299) {
    return status === 202 ? { outcome: 'delivered' } : { outcome: 'delivered', nonConformant: true };
  }
  const error = readBody(answer.body) ?? { err: `http_${status}` };
  if (status === 413 || (status === 400 && !SLOW_CODES.includes(error.err)))
    return { outcome: 'rejected', ...error };

  const isSlow = status >= 300 && status <= 499 && !QUICK_STATUSES.includes(status);
  return {
    outcome: 'retry',
    ...(isSlow ? { pace: 'slow', alert: true } : { pace: 'quick' }),
    ...error,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(status === 429 && { isThrottled: true }),
  };
}

/**
 * A Retry-After header (RFC 9110 section 10.2.3) in seconds from `now`: 0 for a date that is past, at most an hour,
 * `undefined` when it is absent or neither seconds nor a date.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  const value = header?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), MAX_RETRY_AFTER_SECONDS);
  if (!HTTP_DATE.test(value)) return undefined;
  const at = Date.parse(/GMT$/i.test(value) ? value : `${value} GMT`);
  if (Number.isNaN(at)) return undefined;
  return Math.min(Math.max(Math.ceil((at - now.getTime()) / 1000), 0), MAX_RETRY_AFTER_SECONDS);
}

function readBody(body: string | undefined): ReceiverError | undefined {
  try {
    return readReceiverError(JSON.parse(body ?? ''));
  } catch {
    return undefined; // a receiver may answer anything; the status alone decides then
  }
}
