import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bigintArray,
  byteaArray,
  doubleArray,
  integerArray,
  jsonbArray,
  smallintArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../../../src/platform/database/sql-arrays.js';
import { TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await TestDatabase.create();
  client = new pg.Client(database.connection);
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

/** What PostgreSQL has of it, element by element, as text. */
async function received(type: string, parameter: Buffer): Promise<(string | null)[]> {
  const { rows } = await client.query<{ value: string | null }>(
    `select value::text from unnest($1::${type}[]) with ordinality as x(value, position) order by position`,
    [parameter],
  );
  return rows.map(({ value }) => value);
}

type Make<Value> = (items: readonly Value[], pick: (item: Value) => Value) => Buffer;

/** One type: its elements, and their text as PostgreSQL writes it. */
function same<Value>(
  make: Make<Value | null>,
  values: fc.Arbitrary<Value>,
  textOf: (value: Value) => string,
) {
  return async (type: string): Promise<void> => {
    const array = fc.array(fc.option(values), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(array, async (items) => {
        const texts = await received(
          type,
          make(items, (item) => item),
        );
        expect(texts).toEqual(items.map((item) => (item === null ? null : textOf(item))));
      }),
      { numRuns: 50 },
    );
  };
}

const storable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
const json = fc
  .anything({
    maxDepth: 2,
    withNullPrototype: false,
    key: storable,
    values: [storable, fc.boolean(), fc.integer()],
  })
  .map((value) => JSON.stringify({ value }));

describe('an array as a parameter has for PostgreSQL what it was made of', () => {
  it.each([
    ['uuid', same(uuidArray, fc.uuid(), String)],
    ['text', same(textArray, storable, String)],
    [
      'bytea',
      same(
        byteaArray,
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        (bytes) => `\\x${bytes.toString('hex')}`,
      ),
    ],
    ['bigint', same(bigintArray, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), String)],
    ['int', same(integerArray, fc.integer(), String)],
    ['smallint', same(smallintArray, fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }), String)],
  ])('%s', (type, holds) => holds(type));

  it('jsonb', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json), async (texts) => {
        const answers = await received(
          'jsonb',
          jsonbArray(texts, (text) => text),
        );
        expect(answers.map((text) => JSON.parse(text ?? '') as unknown)).toEqual(
          texts.map((text) => JSON.parse(text) as unknown),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('double precision', async () => {
    const values = fc.array(fc.double({ noNaN: true }));
    await fc.assert(
      fc.asyncProperty(values, async (items) => {
        const answers = await received(
          'float8',
          doubleArray(items, (item) => item),
        );
        expect(answers.map((text) => Number(text?.replace('inf', 'Inf')))).toEqual(items);
      }),
      { numRuns: 50 },
    );
  });

  it('timestamps', async () => {
    const dates = fc.array(
      fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    );
    await fc.assert(
      fc.asyncProperty(dates, async (items) => {
        const { rows } = await client.query<{ value: string }>(
          'select (extract(epoch from value) * 1000)::bigint::text as value from unnest($1::timestamptz[]) value',
          [timestampArray(items, (item) => item)],
        );
        expect(rows.map(({ value }) => Number(value))).toEqual(items.map((item) => item.getTime()));
      }),
      { numRuns: 50 },
    );
  });

  it('is of its own type only', async () => {
    await expect(
      received(
        'text',
        integerArray([1], (value) => value),
      ),
    ).rejects.toThrow(/element type/);
  });
});
