/**
 * Arrays as parameters, in PostgreSQL's binary format. As text each element would be quoted and escaped by this process
 * and parsed by the server, which was a fifth of what it takes to put SETs into their queues (docs/scaling.md).
 *
 * Each function makes an array of what `pick` finds in the items, null where that is nothing. The parameter has to be of
 * just this type in the statement, such as `$1::uuid[]`.
 */

type Pick<Item, Value> = (item: Item) => Value | null | undefined;

/** The array under construction. */
interface Target {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** How elements of a type are written, which is what the type's receive function reads. */
interface ElementType<Value> {
  /** of pg_type */
  readonly oid: number;
  /** in bytes, not less than it takes */
  size(value: Value): number;
  /** Answers how many bytes it took. */
  write(to: Target, value: Value, at: number): number;
}

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

const UUID_TEXT_LENGTH = 36;
const UUID_BYTES = 16;
const HYPHEN = '-'.charCodeAt(0);
/** By character code; -1: no digit. */
const HEX_DIGITS = new Int8Array(0x80).fill(-1);
for (let digit = 0; digit < 16; digit += 1)
  for (const text of [digit.toString(16), digit.toString(16).toUpperCase()])
    HEX_DIGITS[text.charCodeAt(0)] = digit;

/** The instant from which PostgreSQL counts, in milliseconds since the epoch. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const JSONB_VERSION = 1;

/** @throws TypeError for what is not a UUID */
export const uuidArray = arrayOf(
  fixedType<string>(2950, UUID_BYTES, ({ bytes }, value, at) => {
    if (value.length !== UUID_TEXT_LENGTH) throw new TypeError('a value of the array is not a UUID');
    let position = 0;
    let invalid = 0;
    for (let index = 0; index < UUID_BYTES; index += 1) {
      if (index === 4 || index === 6 || index === 8 || index === 10)
        invalid |= value.charCodeAt(position++) ^ HYPHEN;
      const high = HEX_DIGITS[value.charCodeAt(position++)] ?? -1;
      const low = HEX_DIGITS[value.charCodeAt(position++)] ?? -1;
      bytes[at + index] = (high << 4) | low;
      if (high < 0 || low < 0) invalid = 1;
    }
    if (invalid !== 0) throw new TypeError('a value of the array is not a UUID');
  }),
);

export const textArray = arrayOf<string>({
  oid: 25,
  size: (value) => Buffer.byteLength(value),
  write: ({ bytes }, value, at) => bytes.write(value, at),
});

/** Of JSON texts. */
export const jsonbArray = arrayOf<string>({
  oid: 3802,
  size: (value) => 1 + Buffer.byteLength(value),
  write: ({ bytes }, value, at) => {
    bytes[at] = JSONB_VERSION;
    return 1 + bytes.write(value, at + 1);
  },
});

export const byteaArray = arrayOf<Buffer>({
  oid: 17,
  size: (value) => value.length,
  write: ({ bytes }, value, at) => value.copy(bytes, at),
});

/** Integers of 64 bits, which are text where they come from the database. */
export const bigintArray = arrayOf(
  fixedType<bigint | string>(20, 8, ({ view }, value, at) => {
    const integer = BigInt(value);
    if (BigInt.asIntN(64, integer) !== integer) throw outOfRange();
    view.setBigInt64(at, integer);
  }),
);

export const integerArray = arrayOf(
  fixedType<number>(23, 4, ({ view }, value, at) => {
    // as setInt32 converts it
    if ((value | 0) !== value) throw outOfRange();
    view.setInt32(at, value);
  }),
);

export const smallintArray = arrayOf(
  fixedType<number>(21, 2, ({ view }, value, at) => {
    if ((value << 16) >> 16 !== value) throw outOfRange();
    view.setInt16(at, value);
  }),
);

export const doubleArray = arrayOf(
  fixedType<number>(701, 8, ({ view }, value, at) => view.setFloat64(at, value)),
);

/** Of type timestamptz. */
export const timestampArray = arrayOf(
  fixedType<Date>(1184, 8, ({ view }, value, at) =>
    view.setBigInt64(at, BigInt(value.getTime() - POSTGRES_EPOCH_MS) * 1_000n),
  ),
);

/** A type whose elements all take so many bytes. */
function fixedType<Value>(
  oid: number,
  byteCount: number,
  write: (to: Target, value: Value, at: number) => void,
): ElementType<Value> {
  return {
    oid,
    size: () => byteCount,
    write: (to, value, at) => {
      write(to, value, at);
      return byteCount;
    },
  };
}

function outOfRange(): RangeError {
  return new RangeError('a value of the array is not an integer of its type');
}

/** One dimension, as array_recv reads it (PostgreSQL's src/backend/utils/adt/arrayfuncs.c). */
function arrayOf<Value>(type: ElementType<Value>) {
  return <Item>(items: readonly Item[], pick: Pick<Item, Value>): Buffer => {
    const values = items.map(pick);
    let size = HEADER_BYTES;
    let hasNull = 0;
    for (const value of values) {
      size += LENGTH_BYTES;
      if (value === null || value === undefined) hasNull = 1;
      else size += type.size(value);
    }
    const bytes = Buffer.allocUnsafe(size);
    const to = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size) };
    const { view } = to;
    view.setInt32(0, 1);
    view.setInt32(4, hasNull);
    view.setInt32(8, type.oid);
    view.setInt32(12, values.length);
    // the subscript of the first
    view.setInt32(16, 1);
    let at = HEADER_BYTES;
    for (const value of values) {
      const start = at + LENGTH_BYTES;
      const length = value === null || value === undefined ? NULL_LENGTH : type.write(to, value, start);
      view.setInt32(at, length);
      at = start + Math.max(0, length);
    }
    return bytes;
  };
}
