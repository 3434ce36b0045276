import { invalidRequest } from '../../core/errors.js';

/** One page of a list. `nextCursor` is null on the last one. */
export interface Page<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 250, default 50 */
  readonly limit?: number;
  /** `nextCursor` of the page before */
  readonly cursor?: string;
}

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 250;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** The id behind a cursor: lists are ordered by their UUIDv7, so the last id is all a page needs. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  return decoded(cursor, isUuid);
}

/** The same for a list that has one item per day: `2026-11-21`. */
export function decodeDayCursor(cursor: string | undefined): string | undefined {
  return decoded(cursor, (day) => /^\d{4}-\d{2}-\d{2}$/.test(day));
}

function decoded(cursor: string | undefined, isKey: (key: string) => boolean): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!isKey(key)) throw invalidRequest({ member: 'cursor', message: 'is not a cursor that this list gave' });
  return key;
}

export function encodeCursor(id: string): string {
  return Buffer.from(id, 'latin1').toString('base64url');
}

export function pageSize(request: PageRequest): number {
  return request.limit ?? DEFAULT_PAGE_SIZE;
}

/** Turns `limit + 1` rows into a page: the extra row only tells that there is more. */
export function toPage<Row>(rows: readonly Row[], limit: number, idOf: (row: Row) => string): Page<Row> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const nextCursor = rows.length > limit && last ? encodeCursor(idOf(last)) : null;
  return { data, nextCursor };
}
