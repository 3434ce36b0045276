import { isJsonObject } from '../json-object.js';

/** What a receiver says is wrong with a SET (RFC 8935 section 2.3, RFC 8936 section 2.6), safe to store and to show. */
export interface ReceiverError {
  readonly err: string;
  readonly description?: string;
}

const MAX_CODE_LENGTH = 100;
const MAX_DESCRIPTION_LENGTH = 1000;

/** RFC 8935 section 2.4 and its IANA registry, which RFC 8936 shares. */
const REGISTERED_CODES: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed',
  'access_denied',
]);

/** A code for statistics: of what receivers make up themselves there is no end. */
export function knownErrorCode(err: string | null): string {
  return err !== null && REGISTERED_CODES.has(err) ? err : 'other';
}

/** The error in a parsed JSON value; `undefined` when there is no `err` to be read. */
export function readReceiverError(value: unknown): ReceiverError | undefined {
  if (!isJsonObject(value) || typeof value.err !== 'string') return undefined;
  const err = printable(value.err, MAX_CODE_LENGTH);
  if (err === '') return undefined;
  const description =
    typeof value.description === 'string' ? printable(value.description, MAX_DESCRIPTION_LENGTH) : '';
  return { err, ...(description !== '' && { description }) };
}

function printable(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength)
    .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
    .trim();
}
