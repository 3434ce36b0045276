import { invalidRequest, SsfError } from '../../core/errors.js';

/** A row that counts its changes. */
export interface Versioned {
  readonly version: number;
}

/** What `If-Match` asks for: any of these tags, or whatever there is. */
export type IfMatch = '*' | readonly string[];

/**
 * RFC 9110 section 8.8.3, a strong one: changes of a row follow each other, each with a number of its own. (A time would
 * be that of the beginning of the transaction, which need not be in their order.)
 */
export function entityTag({ version }: Versioned): string {
  return `"${version}"`;
}

const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const TAGS = new RegExp(TAG, 'g');
const LIST = new RegExp(String.raw`^[ \t,]*${TAG}(?:[ \t]*,[ \t,]*${TAG})*[ \t,]*$`);

/** RFC 9110 section 13.1.1. Throws `invalid_request`, so that nobody overwrites for a quotation mark that was left out. */
export function parseIfMatch(header: string | undefined): IfMatch | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  if (!LIST.test(header))
    throw invalidRequest({
      member: 'If-Match',
      message: 'must be *, or ETags as they were answered, each in double quotes',
    });
  return header.match(TAGS) ?? [];
}

/**
 * Throws `precondition_failed` with the present tag when the row is not one that the request was made for. To be called
 * in the transaction of the change, with the row as it is under its lock. The comparison is the strong one, which a weak
 * tag (`W/"..."`) never passes.
 */
export function requireMatch(row: Versioned, ifMatch: IfMatch | undefined): void {
  const entityTagNow = entityTag(row);
  if (ifMatch === undefined || ifMatch === '*' || ifMatch.includes(entityTagNow)) return;
  throw new SsfError(
    'precondition_failed',
    `it was changed since it was read, and is ${entityTagNow} now: read it again, and repeat the request with that If-Match`,
    { entityTag: entityTagNow },
  );
}

/** RFC 9110 section 13.1.2: whether the caller has this already. */
export function isKnownTag(ifNoneMatch: string | undefined, tag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return tags.includes(tag) || tags.includes('*');
}
