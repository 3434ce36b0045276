import type { Readable } from 'node:stream';
import { chunksOf } from './chunks.js';

export const NDJSON_TYPE = 'application/x-ndjson';
/** A line is read as a whole; a signal is far smaller. */
export const MAX_LINE_BYTES = 256 * 1024;

const NEWLINE = 10;

export function isNdjson(contentType: string | undefined): boolean {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() === NDJSON_TYPE;
}

/** Whether an `Accept` header names it: whoever takes anything gets no lines. */
export function takesNdjson(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some(isNdjson);
}

export interface Line {
  /** from 1 */
  readonly number: number;
  /** undefined: it is longer than a line may be */
  readonly text: string | undefined;
  readonly bytes: number;
}

/** The lines of a body one by one, as they are asked for; of what is too long nothing is kept. Empty ones are left out. */
export async function* readLines(body: Readable): AsyncGenerator<Line, void, undefined> {
  let [number, bytes, kept] = [1, 0, [] as Buffer[]];
  const line = (): Line => ({
    number,
    bytes,
    text: bytes > MAX_LINE_BYTES ? undefined : Buffer.concat(kept).toString('utf8').trim(),
  });
  const take = (part: Buffer): void => {
    bytes += part.length;
    if (bytes <= MAX_LINE_BYTES) kept.push(part);
    else kept = [];
  };
  for await (const chunk of chunksOf(body)) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, end));
      const whole = line();
      if (whole.text !== '') yield whole;
      [number, bytes, kept, from] = [number + 1, 0, [], end + 1];
    }
    take(chunk.subarray(from));
  }
  const last = line();
  if (last.text !== '') yield last;
}
