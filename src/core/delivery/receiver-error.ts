import { isJsonObject } from '../json-object.js';

/** What a receiver says is wrong with a SET (RFC 8935 section 2.3, RFC 8936 section 2.6), safe to store and to show. */
export interface ReceiverError {
  readonly err: string;
  readonly description?: string;
}

const MAX_CODE_LENGTH = 100;
const MAX_DESCRIPTION_LENGTH = 1000;

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
